"""What is told of something hot that is hardly hot enough: sizes and confidences that mean something."""

import json

import pytest

from edge.evaluate import thermal_run
from edge.rules.spec import RuleSpec
from edge.samples.heats import fire, person
from edge.samples.thermal import ThermalScene
from edge.values.event import Kind
from edge.values.hot import Growing, Level


@pytest.mark.parametrize("ambient_c", [15.0, 17.0, 18.0, 19.0])
@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("for_s", [0.0, 2.0])
def test_a_walker_about_the_level_has_a_size_and_is_not_doubted_wholly(
    monkeypatch: pytest.MonkeyPatch, ambient_c: float, grey: bool, for_s: float
) -> None:
    level = Level(contrast=0.4) if grey else Level(above_k=15.0)
    rule = RuleSpec("hot", Kind.HOT_SPOT, ("yard",), for_s=for_s, update_s=1.0, hot=level)
    monkeypatch.setattr(thermal_run, "rules_of", lambda _: (rule,))
    walker = ThermalScene("walker", 40, (person(-10, 150, 9.0),), ambient_c=ambient_c, grey=grey)
    told = [json.loads(message.body)["data"] for message in thermal_run.run(walker, 1).messages]
    spots = [data["spot"] for data in told if "spot" in data]
    assert min((spot["pixels"] for spot in spots), default=1) > 0
    assert min((data["confidence"] for data in told), default=1.0) >= 0.1
    for data in told:
        if "spot" in data:
            terms = data["spot"]["terms"].values()
            mean = (terms := list(terms))[0] * terms[1] * terms[2]
            assert data["confidence"] == pytest.approx(mean ** (1 / 3), abs=0.01), "as `explain` says"


def test_a_fire_starts_with_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    level = Level(contrast=0.5, growing=Growing())
    rule = RuleSpec("fire", Kind.FIRE_LIKE, ("yard",), update_s=1.0, hot=level)
    monkeypatch.setattr(thermal_run, "rules_of", lambda _: (rule,))
    burning = ThermalScene("burning", 70, (fire(160, 150, 25, 0.05, 200.0),), grey=True)
    told = [json.loads(message.body)["data"] for message in thermal_run.run(burning, 1).messages]
    assert told
    assert min(data["spot"]["pixels"] for data in told if "spot" in data) > 0
