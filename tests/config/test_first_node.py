"""Each answer of a first hour is judged, and what they make is a good configuration without a secret."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from edge.config import first_node
from edge.config.first_node import Answers, Door, camera, parted
from edge.config.load import load
from edge.values.errors import ConfigError

HERE = Path()
ANSWERS = Answers("box-17", "north", None, Door("rtsp://10.20.0.11/sub"))
LOGINS = st.text(st.characters(codec="ascii", exclude_characters="/?#@", min_codepoint=33), max_size=12)
HOSTS = st.sampled_from(["10.20.0.11", "cam.example:554", "[fd00::1]:8554", "[::1]"])


def loaded(answers: Answers, folder: Path) -> dict[str, object]:
    text = first_node.text_of(answers, "node.yaml", "node.schema.json")
    first_node.check(text, "node.yaml", folder)
    (folder / "node.yaml").write_text(text, encoding="utf-8")
    load(folder / "node.yaml")
    return yaml.safe_load(text)


@pytest.mark.parametrize(
    ("url", "door"),
    [
        ("rtsp://10.0.0.1/sub", Door("rtsp://10.0.0.1/sub")),
        ("rtsp://viewer:sesame@10.0.0.1:554/sub?c=1", Door("rtsp://10.0.0.1:554/sub?c=1", "viewer", True)),
        ("RTSP://viewer:p%40ss@cam/sub", Door("rtsp://cam/sub", "viewer", True)),
        ("rtsp://a%20b:p@ss@cam/sub", Door("rtsp://cam/sub", "a b", True)),
        ("rtsp://viewer@cam/sub", Door("rtsp://cam/sub", "viewer")),
        ("rtsp://viewer:@cam/sub", Door("rtsp://cam/sub", "viewer")),
        ("rtsp://:sesame@cam/sub", Door("rtsp://cam/sub", "", True)),
        ("https://u:p@[fd00::1]:8443", Door("https://[fd00::1]:8443", "u", True)),
        ("rtsp://cam/stream@1", Door("rtsp://cam/stream@1")),
        ("http://cam/v?user=a&pwd=sesame&c=1", Door("http://cam/v?user=a&pwd={password}&c=1", None, True)),
        ("rtsp://cam/user=a&password=sesame", Door("rtsp://cam/user=a&password={password}", None, True)),
        ("http://cam/v?pwd={password}", Door("http://cam/v?pwd={password}", None, True)),
    ],
)
def test_credentials_are_taken_out_of_a_url(url: str, door: Door) -> None:
    assert camera(url, HERE) == door


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://admin:sesame/street@cam/sub",
        "rtsp://admin:sesame?street@cam/sub",
        "rtsp://admin:sesame#street@cam/sub",
        "rtsp://admin:open@sesame/street@cam/sub",
        "rtsp://admin:sesame",
        "rtsp://admin:ses ame@/sub",
        "rtsp://admin:ses\name@/sub",
        "admin:sesame@cam/sub",
        "ftp://admin:sesame@cam/sub",
        "rtsp://admin:sesame@/sub",
        "rtsp://admin:sesame@cam/sub stream",
    ],
)
def test_a_camera_that_cannot_be_is_refused_and_its_password_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"wanted|%2F") as refused:
        camera(url, HERE)
    assert "sesame" not in str(refused.value)
    with pytest.raises(ValueError, match=r"wanted|%2F|password") as refused:
        first_node.broker(url)
    assert "sesame" not in str(refused.value)


@given(user=LOGINS, password=LOGINS, host=HOSTS)
def test_no_part_of_a_login_stays_in_the_url(user: str, password: str, host: str) -> None:
    user = user.replace(":", "")
    door = parted(f"rtsp://{user}:{password}@{host}/sub")
    assert door.url == f"rtsp://{host}/sub"
    assert door.password is bool(password)


@pytest.mark.parametrize("text", ["", "Box 17", "box_17", "-box", "x" * 41, "коробка"])
def test_a_name_that_cannot_be_a_level_of_a_topic_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 40 lower-case letters, digits and hyphens, got"):
        first_node.identifier(text)


@pytest.mark.parametrize(
    "text", ["", "localhost", "http://broker", "mqtt://", "mqtts://broker:port", "mqtt://broker"]
)
def test_a_broker_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="wanted mqtt"):
        first_node.broker(text)


@pytest.mark.parametrize(
    "name", ["box-17", "1", "007", "on", "no", "null", "1e3", "0x1f", "2026-01-01", "true"]
)
def test_a_name_is_read_back_as_the_same_text(name: str, tmp_path: Path) -> None:
    assert loaded(replace(ANSWERS, node=name, region=name), tmp_path)["node"] == name


@pytest.mark.parametrize(
    "user", ["viewer", "", "yes", "a: b", "# no", "ключ", 'say "it"', "{env: HOME}", "12"]
)
def test_whatever_a_user_is_called_the_file_loads(user: str, tmp_path: Path) -> None:
    answers = replace(ANSWERS, camera=Door("rtsp://cam/sub?a=1&b=#2", user, password=True))
    (told,) = loaded(answers, tmp_path)["cameras"]  # type: ignore[misc]
    assert told["source"] == "rtsp://cam/sub?a=1&b=#2"
    assert told["username"] == user
    assert told["password"] == {"env": "CAMERA_1_PASSWORD"}


def test_a_broker_with_a_login_and_a_video_file_load_too(tmp_path: Path) -> None:
    (tmp_path / "clip of mine.mp4").touch()
    broker = first_node.broker("mqtts://box:sesame@[fd00::1]:8883")
    film = camera(str(tmp_path / "clip of mine.mp4"), tmp_path)
    told = loaded(replace(ANSWERS, broker=broker, camera=film), tmp_path)
    assert told["broker"] == {
        "urls": ["mqtts://[fd00::1]:8883"],
        "username": "box",
        "password": {"env": "BROKER_PASSWORD"},
    }
    assert (told["cameras"][0]["source"], told["cameras"][0]["loop"]) == ("clip of mine.mp4", True)  # type: ignore[index]
    assert camera(str(tmp_path / "clip of mine.mp4"), tmp_path / "etc").url == str(
        tmp_path / "clip of mine.mp4"
    )


def test_a_text_that_does_not_fit_is_told_with_its_key() -> None:
    answers = replace(ANSWERS, camera=Door("rtsp://cam", "u" * 129))
    with pytest.raises(ConfigError, match=r"node.yaml:\d+: cameras.0.username"):
        first_node.check(first_node.text_of(answers, "node.yaml", ""), "node.yaml", HERE)
