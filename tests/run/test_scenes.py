"""Scenes that `evaluate` draws can be asked for by name, and a terminal shows at which it is."""

import io
import sys

import pytest
from typer.testing import CliRunner

from edge.cli.app import app
from edge.run import verb_evaluate_crowds
from edge.run.scenes import chosen, shown
from edge.samples.gatherings import blocked, panic
from edge.values.errors import ConfigError

NAMES = ("panic", "blocked route", "ward")


def test_scenes_are_chosen_by_name_in_their_own_order() -> None:
    assert chosen((), NAMES, str) == NAMES
    assert chosen(("ward", "blocked-route"), NAMES, str) == ("blocked route", "ward")
    with pytest.raises(ConfigError, match=r"no scene pannic, did you mean panic\? There are panic, "):
        chosen(("pannic",), NAMES, str)
    with pytest.raises(ConfigError, match="no scene zoo: there are panic"):
        chosen(("zoo",), NAMES, str)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("screen", "told"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_terminal_shows_at_which_scene_it_is(
    screen: io.StringIO, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "120")
    assert tuple(shown(NAMES, "places")) == NAMES
    assert ("places: ward" in screen.getvalue() and "2/3" in screen.getvalue()) is told


def test_one_gathering_is_watched_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verb_evaluate_crowds, "GATHERINGS", (panic, blocked))
    ran = CliRunner().invoke(app, ["evaluate", "--crowds", "--scene", "blocked-route"])
    assert ran.exit_code == 0, ran.output
    (route,) = [line.split() for line in ran.stdout.splitlines() if line.startswith("route")]
    assert route[1:3] == ["1", "1"]
    assert "1 simulated gathering, people" in ran.stdout
    assert "dispersal               –" in ran.stdout, "panic was not watched"


@pytest.mark.parametrize("words", [["--scene", "ward"], ["--flights", "--scene", "ward"]])
def test_a_scene_is_asked_for_where_there_are_several(words: list[str]) -> None:
    ran = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["evaluate", *words])
    assert ran.exit_code == 2
    assert "wanted --places, --crowds or --thermal" in ran.output
