"""A moving camera through its whole pipeline: who is followed, which rules hold, and what is told."""

from dataclasses import replace

import numpy as np
import pytest

from edge.evaluate.flights import Asked, Told, fly, judged
from edge.flight import TOLD_AFTER_S, Flight
from edge.ground.chart import Chart
from edge.ground.flight import FixDoubt
from edge.pipeline import Pipeline
from edge.privacy.reports import Counts, camera_state
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.samples.overflight import Overflight, Visit
from edge.scene.aloft import Aloft, MapSpec
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.detections import Detections
from edge.values.event import EndCause, Kind, Phase
from edge.values.fact import Occupancy, Unseen, ZoneEntered
from edge.values.fix import Fix
from edge.values.frame import Frame
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from tests.fakes import lanes
from tests.fakes.privacy import ORIGIN, SPEC

CHART = Chart.around([(41.3110, 69.2790), (41.3112, 69.2793)])
ZONE = ZoneSpec(
    "square",
    tuple((float(x), float(y)) for x, y in CHART.unit(np.array([[-8, -8], [8, -8], [8, 8], [-8, 8.0]]))),
)
OVER = Fix(CHART.lat_deg, CHART.lon_deg, 40.0, 0.0, -90.0, 0.0, 60.0)
CAME = RuleSpec("came", Kind.OCCUPANCY, ("square",), at_least=1, blind_s=2.0)
SOMEBODY = Detections.of([[30, 16, 34, 20]], [0.9], [0])


def moving(fixed_only: tuple[str, ...] = ()) -> Pipeline:
    pipeline = lanes.pipeline("drone", CAME)
    pipeline.scene = Scene(SceneSpec(lanes.LABELS))
    pipeline.rules = Rules((CAME,), SPEC.origin.node, "drone", "run")
    aloft = Aloft(MapSpec(CHART, (ZONE,), (), FixDoubt()), lanes.LABELS)
    pipeline.flight = Flight(aloft, fixed_only, ("came",))
    return pipeline


def frame(seconds: float, fix: Fix | None = OVER, flat: bool = False) -> Frame:
    moment = Moment(round(seconds * NS_PER_S), 1_800_000_000 * NS_PER_S, ClockTrust.SYNCED)
    rng = np.random.default_rng(1)
    pixels = np.repeat(np.repeat(rng.integers(0, 255, (18, 32, 3), dtype=np.uint8), 2, axis=0), 2, axis=1)
    return Frame(
        "drone", "run", 0, moment, np.clip(pixels // 40 + 90, 0, 255) if flat else pixels, lanes.SIZE, fix=fix
    )


def on_map(step: object) -> list[str]:
    return [type(f).__name__ for f in step.facts if getattr(f, "zone", "") == "square"]  # type: ignore[attr-defined]


def test_who_stands_in_the_zone_on_the_map_is_found_there() -> None:
    pipeline = moving()
    step = pipeline.step(frame(0.0), SOMEBODY)
    entered = [f for f in step.facts if isinstance(f, ZoneEntered) and f.zone == "square"]
    assert len(entered) == 1
    assert entered[0].who.box == pytest.approx((30 / 64, 16 / 36, 34 / 64, 20 / 36)), (
        "the box is the picture's"
    )
    assert [e.phase for e in step.events] == [Phase.START]


def test_a_zone_that_is_out_of_the_picture_is_not_empty() -> None:
    pipeline = moving()
    away = replace(OVER, lat_deg=OVER.lat_deg + 0.0004)
    step = pipeline.step(frame(0.0, away), lanes.NOBODY)
    assert not [f for f in step.facts if isinstance(f, Occupancy) and f.zone == "square"]
    back = pipeline.step(frame(0.2), lanes.NOBODY)
    assert [f.who for f in back.facts if isinstance(f, Occupancy) and f.zone == "square"] == [()]


def test_a_zone_at_the_horizon_is_too_doubtful_to_be_judged() -> None:
    low = replace(OVER, lat_deg=OVER.lat_deg - 0.004, height_m=5.0, pitch_deg=-5.0)
    step = moving().step(frame(0.0, low), lanes.NOBODY)
    assert not [f for f in step.facts if isinstance(f, Occupancy) and f.zone == "square"]


def test_without_telemetry_the_rules_on_the_map_go_off_and_it_is_told_why() -> None:
    pipeline = moving(fixed_only=("passed",))
    pipeline.step(frame(0.0), SOMEBODY)
    assert (pipeline.reason, pipeline.rules_off) == (Reason.MOVING_CAMERA, ("passed",))
    ends = []
    for tick in range(1, 25):
        step = pipeline.step(frame(0.2 * tick, None), SOMEBODY)
        assert any(isinstance(f, Unseen) for f in step.facts)
        ends += [e.cause for e in step.events if e.phase is Phase.END]
    assert ends == [EndCause.UNSEEN]
    assert (pipeline.reason, pipeline.rules_off) == (Reason.NO_TELEMETRY, ("passed", "came"))
    for tick in range(25, 45):
        pipeline.step(frame(0.2 * tick), SOMEBODY)
    assert (pipeline.reason, pipeline.rules_off) == (Reason.MOVING_CAMERA, ("passed",))


def test_a_gap_shorter_than_three_seconds_is_not_told() -> None:
    pipeline = moving()
    pipeline.step(frame(0.0), SOMEBODY)
    for tick in range(1, round(TOLD_AFTER_S / 0.2) - 1):
        pipeline.step(frame(0.2 * tick, None), SOMEBODY)
    pipeline.step(frame(TOLD_AFTER_S), SOMEBODY)
    assert pipeline.reason is Reason.NONE


def test_where_neither_pictures_nor_telemetry_tell_the_motion_nobody_is_followed() -> None:
    pipeline = moving()
    pipeline.flight = Flight()
    ids = [pipeline.step(frame(0.2 * t, None, flat=True), SOMEBODY).tracks.ids.tolist() for t in range(20)]
    assert ids == [[t + 1] for t in range(20)]
    assert pipeline.reason is Reason.MOTION_LOST


def test_over_flat_pictures_telemetry_carries_the_tracks() -> None:
    pipeline = moving()
    ids = [pipeline.step(frame(0.2 * t, flat=True), SOMEBODY).tracks.ids.tolist() for t in range(5)]
    assert ids == [[1]] * 5


def test_a_turn_of_the_camera_changes_nobodys_place_on_the_map() -> None:
    pipeline = moving()
    pipeline.step(frame(0.0), SOMEBODY)
    turned = Detections.of([[64 - 34, 36 - 20, 64 - 30, 36 - 16]], [0.9], [0])
    step = pipeline.step(frame(0.2, replace(OVER, yaw_deg=180.0), flat=True), turned)
    assert step.tracks.ids.tolist() == [1], "carried along by telemetry"
    assert on_map(step) == ["Occupancy"]


def test_the_rules_that_are_off_leave_the_box_with_the_camera_state() -> None:
    moment = frame(0.0).moment
    report = CameraReport("drone", CameraState.IMPAIRED, Reason.NO_TELEMETRY, moment, moment)
    told = camera_state(ORIGIN, report, Counts(), None, ("came", "passed"))
    assert b'"reason":"no-telemetry"' in told.body
    assert b'"rules_off":["came","passed"]' in told.body
    assert b"rules_off" not in camera_state(ORIGIN, report, Counts()).body


@pytest.mark.soak
def test_a_whole_flight_is_understood_because_tracks_are_carried_along() -> None:
    carried, left = fly(Overflight(2), Asked()), fly(Overflight(2), Asked(carried=False))
    assert carried.matched / carried.visits >= 0.8
    assert carried.matched / carried.told >= 0.8
    assert carried.switches * 10 < left.switches
    assert np.mean(carried.off_m) < 2.0


def test_a_short_flight_is_followed_and_places_are_right_to_two_metres() -> None:
    carried = fly(Overflight(2, seconds=4.0), Asked(doubt=FixDoubt(1.0, 0.7, 0.3, 0.0)))
    left = fly(Overflight(2, seconds=4.0), Asked(carried=False))
    assert carried.lost == 0
    assert np.mean(carried.off_m) < 2.0
    assert np.mean(carried.drift_px) < 2.0
    assert carried.switches * 5 < left.switches


def test_exact_telemetry_puts_everybody_within_half_a_metre() -> None:
    exact = fly(Overflight(4, seconds=2.0), Asked(doubt=FixDoubt(0.0, 0.0, 0.0, 0.0), jitter=0.0, missed=0.0))
    assert np.quantile(exact.off_m, 0.95) < 0.5


@pytest.mark.parametrize(
    ("told", "right", "false"),
    [
        ([], 0, 0),
        ([Told(1, 10.5)], 1, 0),
        ([Told(1, 20.0)], 0, 1),
        ([Told(1, 10.5), Told(1, 11.0)], 1, 1),
        ([Told(2, 10.0), Told(2, 19.0), Told(3, 1.0)], 0, 0),
        ([Told(2, 30.0), Told(3, 8.0)], 0, 2),
        ([Told(4, 10.0)], 0, 1),
    ],
)
def test_a_told_visit_is_right_false_or_of_somebody_of_whom_nobody_can_tell(
    told: list[Told], right: int, false: int
) -> None:
    """1 walks into the square, 2 along its border, 3 stood in it from the beginning, 4 comes nowhere near."""
    inner = {1: Visit(1, 12.0, 18.0), 3: Visit(3, None, 9.0)}
    outer = {1: Visit(1, 10.0, 20.0), 2: Visit(2, 10.0, 20.0), 3: Visit(3, None, 11.0)}
    due, found, wrong = judged(told, inner, outer)
    assert (due, len(found), len(wrong)) == (1, right, false)
