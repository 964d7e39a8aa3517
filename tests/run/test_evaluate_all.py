"""The verb `evaluate` without clips: one table of every kind of rule, or JSON."""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from edge.cli.app import app
from edge.evaluate.flights import FlightCard
from edge.evaluate.health_run import Mishap, Quiet
from edge.evaluate.place_rules import every_place
from edge.evaluate.whole import Besides
from edge.run import (
    verb_evaluate_all,
    verb_evaluate_crowds,
    verb_evaluate_places,
    verb_evaluate_thermal,
)
from edge.samples.gatherings import panic
from edge.samples.square import Square
from edge.values.camera_state import Reason
from edge.values.event import Kind

pytestmark = pytest.mark.xdist_group("evaluate-all")  # all is watched once

Request = verb_evaluate_all.Request
HEALTH = (
    Mishap("a cloth", "gate", Reason.COVERED_PICTURE, 9.0, ()),
    Mishap("a cloth", "yard", Reason.COVERED_PICTURE, None, ()),
    Quiet("night noise", "gate", 3600.0, ()),
)


@pytest.fixture(scope="module")
def watched() -> Iterator[verb_evaluate_all._Whole]:
    """Little of everything, watched once."""
    (ward,) = [place for place in every_place() if place.scene.name == "ward"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb_evaluate_crowds, "GATHERINGS", (panic,))
        patch.setattr(verb_evaluate_places, "every_place", lambda: (ward,))
        patch.setattr(verb_evaluate_thermal, "all_heats", tuple)
        patch.setattr(verb_evaluate_all, "fly", lambda *_: FlightCard(visits=4, told=4, matched=3))
        patch.setattr(verb_evaluate_all, "Square", lambda seed: Square(seed, rounds=1))
        patch.setattr(verb_evaluate_all, "everything", lambda _: iter(HEALTH))
        yield verb_evaluate_all._watched(Request(0.0, 0.0, (1,), as_json=False, hours=0.1))


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch, watched: verb_evaluate_all._Whole) -> None:
    monkeypatch.setattr(verb_evaluate_all, "_watched", lambda _: watched)


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    verb_evaluate_all.evaluate(Request(0.0, 0.0, (1,), as_json=False))
    return capsys.readouterr().out.splitlines()


def test_figures_stand_beside_what_is_wanted_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys)
    assert max(map(len, lines)) <= 80
    (left,) = [line.split() for line in lines if line.strip().startswith("ward-left")]
    assert left[1:5] == ["1", "1", "1.00", "1.00"] and left[-1] == "✓"
    (density,) = [line for line in lines if "up to 2 per m²" in line]
    assert "≤10" in density and "≥90" in density and density.endswith("✓")
    (air,) = [line for line in lines if "from the air" in line]
    assert "0.75" in air and air.endswith("✗")
    assert all(any(line.startswith(kind.value) for line in lines) for kind in Kind)
    assert "persons/m²" not in "\n".join(lines)


def test_what_was_watched_for_false_alarms_says_for_how_long_and_is_as_wanted_without_any(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = printed(capsys)
    day = [line.split() for line in lines if line.strip().startswith("in 0.1 h")]
    assert [(line[3:5], line[-1]) for line in day] == [(["0", "0"], "✓")] * 2
    (noise,) = [line for line in lines if line.strip().startswith("night noise")]
    assert noise.endswith("✓")
    (covered,) = [line for line in lines if line.strip().startswith("covered")]
    assert "9.0 ≤10" in covered and covered.endswith("✗")
    assert "camera at yard: missed, a cloth, to be told as covered-picture" in lines


def test_rules_over_several_sources_have_lines_too(capsys: pytest.CaptureFixture[str]) -> None:
    (rule,) = [line for line in printed(capsys) if line.strip().startswith("two-of-three")]
    assert rule.split()[1:5] == ["2", "2", "1.00", "1.00"] and rule.endswith("✓")


def test_a_wide_table_says_errors_in_their_units_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb_evaluate_all, "WIDTH", 120)
    lines = printed(capsys)
    assert max(map(len, lines)) <= 120
    (density,) = [line for line in lines if "up to 2 per m²" in line]
    assert "persons/m²" in density


def test_json_says_the_same_line_by_line() -> None:
    ran = CliRunner().invoke(app, ["evaluate", "--json"])
    assert ran.exit_code == 0
    card = json.loads(ran.stdout)
    assert {line["kind"] for line in card["lines"]} == {*Kind, *Besides}
    (dispersal,) = [line for line in card["lines"] if line["kind"] == "dispersal"]
    assert (dispersal["due"], dispersal["told"]) == (1, 1)
    assert dispersal["wanted"]["recall"] == {"at_least": 1.0, "reached": True}
    assert dispersal["reached"] is all(figure["reached"] for figure in dispersal["wanted"].values())


def test_a_model_looks_only_where_it_is_said_at_what() -> None:
    ran = CliRunner().invoke(app, ["evaluate", "--seen-by", "street-nano"])
    assert ran.exit_code == 2
    assert "--places or --crowds" in ran.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["sample_videos", "--places"], "leave out sample_videos"),
        (["--crowds", "--thermal"], "one at a time"),
    ],
)
def test_clips_beside_drawn_scenes_are_refused_and_not_passed_over(words: list[str], why: str) -> None:
    ran = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["evaluate", *words])
    assert ran.exit_code == 2
    assert why in ran.output
