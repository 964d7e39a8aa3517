"""Rules about a crowd as the configuration writes them: compiled for its ground, or refused."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.thresholds import Rung, beyond
from edge.rules.spec import MEASURES
from edge.values.errors import ConfigError
from edge.values.event import Kind
from tests.config.test_ground import POSE
from tests.ground.street import CAMERA

POLYGON = "[[0.3, 0.9], [0.7, 0.9], [0.7, 0.5], [0.3, 0.5]]"


def written(tmp_path: Path, rule: str, ground: str = f"ground: {{pose: {POSE}}}") -> Path:
    path = tmp_path / "node.yaml"
    path.write_text(
        "node: box\nregion: north\nbroker: embedded\ncameras:\n- id: plaza\n  source: plaza.mp4\n"
        f"  zones: [{{id: hall, polygon: {POLYGON}}}]\n"
        "  lines: [{id: door, points: [[0.3, 0.9], [0.7, 0.9]]}]\n"
        f"  {ground}\nrules: [{{id: crowd, {rule}}}]\n"
    )
    return path


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("when: queue, at_least: 12", Kind.QUEUE),
        ("when: surge, at_least: 2.5, window_s: 20", Kind.SURGE),
        ("when: dispersal, at_least: 1.2", Kind.DISPERSAL),
        ("when: pressure, at_least: 0.02", Kind.PRESSURE),
        ("when: stop-and-go, at_least: 2", Kind.STOP_AND_GO),
        ("when: route, at_least: 60, approach: hall, capacity: 66, direction: forward", Kind.ROUTE),
        ("when: counter-flow, at_least: 0.2", Kind.COUNTER_FLOW),
    ],
)
def test_each_kind_can_be_written(tmp_path: Path, rule: str, kind: Kind) -> None:
    (spec,) = load(written(tmp_path, rule)).cameras[0].rules
    assert spec.kind is kind
    assert spec.places == (("door",) if kind is Kind.ROUTE else ("hall",))
    assert spec.min_people == 10, "the built-in policy shows no smaller count"


def test_a_stricter_rule_stays_stricter(tmp_path: Path) -> None:
    (spec,) = load(written(tmp_path, "when: queue, at_least: 30, min_people: 25")).cameras[0].rules
    assert spec.min_people == 25


def test_a_heading_becomes_a_way_on_the_ground(tmp_path: Path) -> None:
    rule = "when: counter-flow, at_least: 0.3, heading: [[0.4, 0.9], [0.6, 0.55]]"
    (spec,) = load(written(tmp_path, rule)).cameras[0].rules
    start, end = CAMERA.ground_at([[0.4, 0.9], [0.6, 0.55]])
    assert spec.heading == pytest.approx(tuple(end - start), rel=0.01)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("when: route, at_least: 60", "approach exactly if its kind is route"),
        ("when: route, at_least: 60, approach: hal", "no zone hal, did you mean hall"),
        ("when: counter-flow, at_least: 0.3, heading: [[0.4, 0.9], [0.4, 0.9]]", "at least 0.5 m apart"),
        ("when: queue, at_least: 2.5", "whole numbers"),
        ("when: surge, at_least: 2, table: standing", "table only if its kind is density"),
    ],
)
def test_what_means_nothing_is_refused_by_name(tmp_path: Path, rule: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load(written(tmp_path, rule))


def test_without_measured_ground_check_names_the_camera(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wants a measured ground, and camera plaza has none"):
        load(written(tmp_path, "when: queue, at_least: 12", ground=""))


@pytest.mark.parametrize(("when", "least", "most"), [(kind, *bounds) for kind, bounds in MEASURES.items()])
def test_a_threshold_is_refused_by_one_bound_alone(when: Kind, least: float, most: float) -> None:
    for fits in (least, most):
        assert not [*beyond(when, fits, fits, [Rung(at_least=fits, severity="severe")])]
    for wrong in (least * 0.9, most * 1.1):
        rungs = [Rung(at_least=wrong, severity="severe")]
        told = [*beyond(when, wrong, wrong, rungs)]
        assert [loc for loc, _ in told] == [("at_least",), ("clear_below",), ("steps", 0, "at_least")]
        assert all(f"wanted {least:g} to {most:g} " in text for _, text in told)
