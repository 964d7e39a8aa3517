"""The page of recipes: each rule of it tells what it should of people and cars whose every step is known."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from edge.config.load import load
from edge.rules.rules import Rules
from edge.rules.spec import DYNAMICS
from edge.run.parts import pace_of
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec
from edge.values.event import EndCause, Event, Kind, Phase
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from tests.fakes.pages import ROOT
from tests.fakes.stage import LABELS, SIZE, Actor, tracks_of

PAGE = Path(ROOT) / "docs/operator/recipes.md"
ZONE = ZoneInfo("Asia/Tashkent")
STEP_S = 0.5
Route = tuple[tuple[float, float], ...]


def config_of(tmp_path: Path, block: int) -> Path:
    """The page's configuration of that number, as a file."""
    config = tmp_path / "node.yaml"
    config.write_text(
        PAGE.read_text(encoding="utf-8").split("```yaml\n")[1 + block].split("```")[0], encoding="utf-8"
    )
    return config


def begins(day: int, clock: str) -> Moment:
    """A day of June 2026 (the 1st is a Monday) at a time of Tashkent."""
    local = datetime.fromisoformat(f"2026-06-{day:02d}T{clock}:00").replace(tzinfo=ZONE)
    return Moment(0, int(local.timestamp()) * NS_PER_S, ClockTrust.SYNCED)


def told(
    tmp_path: Path, began: Moment, seconds: float, *cast: tuple[str, Route, float], step_s: float = STEP_S
) -> list[Event]:
    """What the page's rules tell of actors: a label, where they walk, and for how many seconds they do."""
    camera = load(config_of(tmp_path, 0)).cameras[0]
    scene = Scene(SceneSpec(LABELS, camera.zones, camera.lines))
    rules, pace = Rules(camera.rules, "recipes", "street", "run"), pace_of(camera, LABELS)
    assert pace is not None
    events: list[Event] = []
    for step in range(round(seconds / step_s)):
        now = began.plus(step * step_s)
        actors = [
            Actor(i, *along(path, step * step_s / lasts), label=label, height=0.1)
            for i, (label, path, lasts) in enumerate(cast, 1)
            if step * step_s <= lasts
        ]
        tracks = tracks_of(*actors)
        events += rules.judge((*scene.observe(tracks, SIZE, now), *pace.look(tracks, SIZE, now)), now)
    return events


def along(path: Route, share: float) -> tuple[float, float]:
    """Where somebody is who has walked this share of a path."""
    if len(path) == 1:
        return path[0]
    leg = min(int(share * (len(path) - 1)), len(path) - 2)
    part = share * (len(path) - 1) - leg
    (ax, ay), (bx, by) = path[leg], path[leg + 1]
    return ax + (bx - ax) * part, ay + (by - ay) * part


def begun(events: list[Event]) -> list[str]:
    return [event.rule for event in events if event.phase is Phase.START or event.cause is EndCause.INSTANT]


OVER_THE_FENCE = ("person", ((0.15, 0.8), (0.15, 0.3)), 10.0)
BACK_OVER_IT = ("person", ((0.15, 0.3), (0.15, 0.8)), 10.0)
ON_THE_TRACKS = ("person", ((0.6, 0.36), (0.6, 0.2), (0.6, 0.36)), 12.0)
CAR_EAST = ("car", ((0.4, 0.8), (0.9, 0.8)), 6.0)
CAR_WEST = ("car", ((0.9, 0.8), (0.4, 0.8)), 6.0)
PARKED = ("car", ((0.7, 0.5),), 200.0)
THREE = tuple(("person", ((0.1 + 0.06 * i, 0.3),), 30.0) for i in range(3))


@pytest.mark.parametrize(
    ("day", "clock", "cast", "rules"),
    [
        (1, "12:00", [OVER_THE_FENCE], ["perimeter"]),
        (1, "23:30", [OVER_THE_FENCE], ["perimeter", "intrusion"]),
        (2, "05:59", [OVER_THE_FENCE], ["perimeter", "intrusion"]),
        (2, "06:00", [OVER_THE_FENCE], ["perimeter"]),
        (1, "12:00", [BACK_OVER_IT], []),
        (1, "12:00", [ON_THE_TRACKS], ["person-on-the-tracks"]),
        (1, "12:00", [CAR_WEST, CAR_WEST, CAR_WEST], ["cars-counted"] * 3),
        (1, "12:00", [CAR_EAST], ["wrong-way"]),
        (1, "12:00", [PARKED], ["illegal-parking"]),
        (1, "19:30", [PARKED], []),
        (6, "12:00", [PARKED], []),
        (1, "12:00", [("car", ((0.7, 0.5),), 100.0)], []),
        (1, "12:00", [("person", ((0.15, 0.3),), 90.0)], ["loitering"]),
        (1, "12:00", [("person", ((0.15, 0.3),), 50.0)], []),
        (5, "21:59", THREE, ["intrusion"] * 3),
        (5, "22:00", THREE, ["intrusion"] * 3 + ["gathering-after-hours"]),
        (6, "04:30", THREE, ["intrusion"] * 3 + ["gathering-after-hours"]),
        (6, "22:30", THREE, ["intrusion"] * 3),
        (1, "23:00", THREE[:2], ["intrusion"] * 2),
    ],
)
def test_a_recipe_tells_what_it_should_and_nothing_else(
    tmp_path: Path, day: int, clock: str, cast: list[tuple[str, Route, float]], rules: list[str]
) -> None:
    assert sorted(begun(told(tmp_path, begins(day, clock), 210.0, *cast))) == sorted(rules)


def test_what_lasts_ends_when_it_is_over(tmp_path: Path) -> None:
    events = told(tmp_path, begins(1, "12:00"), 230.0, PARKED)
    (end,) = [event for event in events if event.phase is Phase.END]
    assert (end.rule, end.cause) == ("illegal-parking", EndCause.CLEARED)
    assert end.moment.seconds_since(begins(1, "12:00")) == pytest.approx(205, abs=2)


@pytest.mark.parametrize(("kmh", "rules"), [(45, []), (75, ["too-fast"])])
def test_who_is_too_fast_is_told_once(tmp_path: Path, kmh: float, rules: list[str]) -> None:
    metres = 27.24  # of the picture's width, at that height of it, on the page's ground
    seconds = 0.9 * metres / (kmh / 3.6)
    car = ("car", ((0.95, 0.8), (0.05, 0.8)), seconds)
    events = told(tmp_path, begins(1, "12:00"), 10.0, car, step_s=0.2)
    assert begun(events) == ["cars-counted", *rules]
    for event in events:
        assert event.speed is None or event.speed.speed.low * 3.6 <= kmh <= event.speed.speed.high * 3.6


def test_cars_that_wait_at_a_light_are_not_parked(tmp_path: Path) -> None:
    queue = [("car", ((0.5 + 0.1 * i, 0.5),), 200.0) for i in range(4)]
    assert begun(told(tmp_path, begins(1, "12:00"), 210.0, *queue)) == []


def test_each_kind_of_rule_about_a_crowd_has_a_recipe_that_a_box_accepts(tmp_path: Path) -> None:
    kinds = {rule.kind for rule in load(config_of(tmp_path, 1)).cameras[0].rules}
    assert kinds == {Kind.OCCUPANCY, Kind.DENSITY, Kind.FLOW, *DYNAMICS}
