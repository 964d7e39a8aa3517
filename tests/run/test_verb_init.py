"""`init` by options, by questions, and on a real terminal; nothing is written before all is good."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml

from edge.config.load import load
from edge.run.verb_init import Request, begin
from edge.values.errors import ConfigError, StorageError
from tests.fakes.policies import Office

COMMAND = [sys.executable, "-P", "-m", "edge.cli", "init"]
OPTIONS = ["--node", "box-17", "--region", "north", "--broker", "embedded", "--camera", "rtsp://cam/sub"]


def given(folder: Path, **changes: object) -> Request:
    request = Request(folder / "node.yaml", "box-17", "north", "embedded", "rtsp://viewer:sesame@cam/sub")
    return replace(request, **changes)  # type: ignore[arg-type]


class Person:
    """Answers in turn, and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None


def nobody(question: str) -> str:
    raise AssertionError(f"asked {question!r}")


def test_options_alone_make_a_configuration_that_editors_can_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(given(tmp_path), nobody)
    node = load(tmp_path / "node.yaml")
    assert (node.node, node.region, node.broker, node.cameras[0].id) == ("box-17", "north", None, "camera-1")
    assert node.cameras[0].rules, "a first camera tells something"
    text = (tmp_path / "node.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=node.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), json.loads((tmp_path / "node.schema.json").read_text()))
    told = capsys.readouterr()
    assert "export CAMERA_1_PASSWORD=" in told.out
    assert f"safecity-edge check {tmp_path}/node.yaml" in told.out
    for said in (text, told.out, told.err):
        assert "sesame" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["node.schema.json", "node.yaml"]


def test_a_person_is_asked_five_questions_and_again_after_a_bad_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path / "office")
    file = office.write(tmp_path / "policy.yaml")
    allowed = "mqtts://broker-a.city.example:8883"
    person = Person(
        *(
            "Box 17",
            "box-17",
            "",
            "north",
            "http://broker",
            allowed,
            "cam",
            "/dev/video0",
            "no.yaml",
            str(file),
        )
    )
    begin(Request(tmp_path / "node.yaml"), person)
    node = load(tmp_path / "node.yaml")
    assert len(person.asked) == 10
    assert len(set(person.asked)) == 5
    assert node.broker is not None
    assert (node.node, node.region, node.broker.urls) == ("box-17", "north", (allowed,))
    assert node.cameras[0].detect.url == "/dev/video0"
    assert node.policy_ref is not None
    assert "file: policy.yaml\n" in (tmp_path / "node.yaml").read_text()
    told = capsys.readouterr()
    assert node.policy_ref.roots in told.out
    for reason in (
        "'Box 17'",
        "got ''",
        "'http://broker'",
        "got 'cam'",
        "no.yaml: the policy cannot be read",
    ):
        assert reason in told.err


def test_enter_takes_what_is_usual_and_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    person = Person("", "")
    begin(given(tmp_path, broker=None), person)
    assert load(tmp_path / "node.yaml").broker is None
    assert [question.split()[0] for question in person.asked] == ["Broker,", "Policy"]


def test_a_policy_that_does_not_allow_the_broker_is_told_before_anything_is_written(tmp_path: Path) -> None:
    file = Office(tmp_path / "office").write(tmp_path / "policy.yaml")
    with pytest.raises(ConfigError, match=r"--policy: broker.urls.0: wanted one of mqtts://broker-a.city"):
        begin(given(tmp_path, broker="mqtts://elsewhere", policy=str(file)), None)
    assert not (tmp_path / "node.yaml").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"node": "Box"}, "--node: wanted 1 to 40"),
        ({"region": ""}, "--region: wanted 1 to 40"),
        ({"broker": "amqp://x"}, "--broker: wanted mqtt"),
        ({"camera": "cam"}, "--camera: wanted rtsp"),
        ({"policy": "nowhere.yaml"}, "--policy: nowhere.yaml: the policy cannot be read"),
        ({"node": None, "camera": None}, "wanted --node, --camera: there is no terminal"),
    ],
)
def test_a_bad_or_missing_option_is_refused_by_its_name(
    tmp_path: Path, changes: dict[str, str | None], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        begin(given(tmp_path, **changes), None)
    assert list(tmp_path.iterdir()) == []


def test_a_person_who_leaves_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--region: the input ended; nothing was written"):
        begin(Request(tmp_path / "node.yaml"), Person("box-17"))
    assert list(tmp_path.iterdir()) == []


def _make_node(folder: Path) -> None:
    (folder / "node.yaml").write_text("mine")


def _make_schema(folder: Path) -> None:
    (folder / "node.schema.json").write_text('{"title": "of something else"}')


@pytest.mark.parametrize("make", [_make_node, _make_schema])
def test_nothing_is_overwritten_without_force(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path)
    before = {path: path.read_text() for path in tmp_path.iterdir()}
    with pytest.raises(ConfigError, match=r"is there already.*--force overwrites it"):
        begin(given(tmp_path), nobody)
    assert {path: path.read_text() for path in tmp_path.iterdir()} == before
    begin(given(tmp_path, force=True), nobody)
    begin(given(tmp_path, file=tmp_path / "second.yaml"), nobody)
    (tmp_path / "node.yaml").unlink()
    begin(given(tmp_path), nobody)  # a schema of its own is renewed
    assert load(tmp_path / "node.yaml").cameras


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere/node.schema.json cannot be written: No such file"):
        begin(given(tmp_path / "nowhere"), nobody)


def test_without_a_terminal_the_command_asks_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, *OPTIONS[2:]],
        cwd=tmp_path,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "wanted --node" in done.stderr
    done = subprocess.run(
        [*COMMAND, *OPTIONS],
        cwd=tmp_path,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert load(tmp_path / "node.yaml").node == "box-17"


def test_on_a_terminal_the_command_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "box.yaml"], cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.write(ours, b"BOX\nbox-17\nnorth\n\nrtsp://viewer:sesame@cam/sub\n\n")
        told, complaints = process.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == 0
    assert b"Region of the city: " in told
    assert b"wanted 1 to 40" in complaints
    node = load(tmp_path / "box.yaml")
    assert (node.region, node.broker, node.cameras[0].detect.username) == ("north", None, "viewer")
