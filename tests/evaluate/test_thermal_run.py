"""The thermal scorecard: a fire is told soon and a hot pipe is none; made worse on purpose, it says so."""

from dataclasses import replace

import pytest

from edge.evaluate import thermal_run
from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.thermal_run import run
from edge.samples.heats import all_heats
from edge.samples.thermal import ThermalScene

SCENES = {scene.name: scene for scene in all_heats()}


def short(name: str, seconds: float) -> ThermalScene:
    return replace(SCENES[name], seconds=seconds)


def test_a_fire_is_told_by_both_rules_soon() -> None:
    told = run(short("fire", 50), 4)
    assert sorted(rule for rule, *_ in told.right) == ["fire", "hot"]
    assert (told.missed, told.false) == ((), ())
    assert all(delay_s < 15 for *_, delay_s in told.right)
    assert told.messages


@pytest.mark.parametrize("name", ["pipe-gets-hot", "people", "steam"])
def test_what_is_no_fire_is_not_told_as_one(name: str) -> None:
    assert run(short(name, 60), 4).false == ()


def test_what_is_missed_and_what_is_false_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = replace(thermal_run.KELVIN[0], schedule=None, cooldown_s=0.0, for_s=200.0)
    monkeypatch.setattr(thermal_run, "KELVIN", (blind, thermal_run.KELVIN[1]))
    told = run(short("pipe-gets-hot", 60), 4)
    assert [rule for rule, _ in told.missed] == ["hot"]
    score = ThermalCard.of([told]).rules["hot"]
    assert (score.due, score.told, score.recall, score.precision) == (1, 0, 0.0, None)
