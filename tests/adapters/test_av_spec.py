"""Sources as they are written down, and what may be said about them."""

import pytest

from edge.adapters.av_spec import SourceSpec, redacted


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("rtsp://admin:hunter2@10.0.0.9/main", "rtsp://***@10.0.0.9/main"),
        ("rtsp://admin:p@ss:w0rd@10.0.0.9:554/main", "rtsp://***@10.0.0.9:554/main"),
        ("rtsp://admin:a/b?c#d@10.0.0.9/main", "rtsp://***@10.0.0.9/main"),
        (
            "http://cam/v.mjpg?user=admin&password=hunter2&fps=5",
            "http://cam/v.mjpg?user=***&password=***&fps=5",
        ),
        ("https://cam/live?token=abc123", "https://cam/live?token=***"),
        ("rtsp://cam/user=admin&password=hunter2&c=1", "rtsp://cam/user=***&password=***&c=1"),
        ("/clips/plaza.mp4", "/clips/plaza.mp4"),
    ],
)
def test_a_name_has_no_credentials(url: str, name: str) -> None:
    assert SourceSpec(url).name == name
    assert redacted(f"cannot open {url} now") == f"cannot open {name} now"


def test_no_text_form_shows_credentials() -> None:
    spec = SourceSpec("rtsp://admin:hunter2@cam/main", username="operator", password="s3cret")
    for text in (repr(spec), str(spec), spec.name):
        assert not any(secret in text for secret in ("admin", "hunter2", "operator", "s3cret"))


def test_separate_credentials_replace_those_of_the_url_and_are_quoted() -> None:
    spec = SourceSpec("rtsp://old:older@cam:554/main?a=1", username="me@site", password="p:/ss@")
    assert spec.address() == "rtsp://me%40site:p%3A%2Fss%40@cam:554/main?a=1"
    assert SourceSpec("rtsp://old:older@cam/main").address() == "rtsp://old:older@cam/main"


def test_credentials_go_where_the_url_has_a_place_for_them() -> None:
    url = "rtsp://cam/user={username}&password={password}&c=1"
    spec = SourceSpec(url, username="me", password="{username}&?/")
    assert spec.address() == "rtsp://cam/user=me&password=%7Busername%7D%26%3F%2F&c=1"


@pytest.mark.parametrize(
    ("url", "scheme", "is_file"),
    [
        ("clip.mp4", "file", True),
        ("file:///data/clip.mp4", "file", True),
        ("RTSP://cam/x", "rtsp", False),
        ("https://cam/x", "https", False),
        ("/dev/video0", "v4l2", False),
    ],
)
def test_the_kind_of_source_is_read_off_the_url(url: str, scheme: str, is_file: bool) -> None:
    spec = SourceSpec(url)
    assert (spec.scheme, spec.is_file) == (scheme, is_file)


def test_a_file_url_becomes_a_path() -> None:
    assert SourceSpec("file:///data/clip.mp4").address() == "/data/clip.mp4"


@pytest.mark.parametrize("wrong", [{"url": ""}, {"detect_fps": 0}, {"hang_s": 0}, {"clip_start_ns": -1}])
def test_an_impossible_source_is_refused_without_its_secrets(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a source wants") as caught:
        SourceSpec(**{"url": "rtsp://admin:hunter2@cam/x", **wrong})  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)
