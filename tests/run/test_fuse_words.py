"""What an operator of a fusion sees, at a terminal and elsewhere."""

import logging
import sys
from pathlib import Path

import pytest

from edge.config.fusion import FusionNode, load
from edge.messages import examples_of_fusion as examples
from edge.run.fuse_words import FusionWords
from edge.values.moment import ClockTrust, Moment
from edge.values.pulse import Pulse

CONFIG = Path(__file__).parents[2] / "configs" / "fusion.example.yaml"


@pytest.fixture
def node() -> FusionNode:
    return load(CONFIG)


def everything(words: FusionWords) -> None:
    for state in ("connecting to b", "connected to b", "connected to b"):
        words.pulse(Pulse("publish", Moment(0, 0, ClockTrust.SYNCED), state, {}))
    words.line("silent", "nothing is known any more of sensor/door-1")
    words.line("heard", "sensor/door-1 again")
    words.event(examples.together().stamped("b1", 1))
    words.close()


def test_at_a_terminal_each_thing_is_a_line_in_order(
    node: FusionNode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    everything(FusionWords(node))
    lines = capsys.readouterr().out.splitlines()
    words = ["BROKER", "SILENT", "HEARD", "START"]
    assert [word for line in lines for word in words if f" {word} " in line] == words
    assert len(lines) == len(words)


def test_elsewhere_the_log_has_what_is_wrong_and_the_rest_only_if_asked(
    node: FusionNode, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.WARNING, "fuse"):
        everything(FusionWords(node))
    assert [each.getMessage() for each in caplog.records] == [
        "silent: nothing is known any more of sensor/door-1"
    ]
    caplog.clear()
    with caplog.at_level(logging.INFO, "fuse"):
        everything(FusionWords(node))
    assert len(caplog.records) == 4
    assert capsys.readouterr().out == ""
