"""What stands, and since when: through jitter, passers-by and lost tracks; and what does not stand."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from edge.ground.lens import F64
from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.values.fact import Stander, Standing
from edge.values.tracks import Tracks
from tests.fakes.drive import CAR, LABELS, SIZE, WALKER, WHOLE, followed, ground_of_camera, moment

HEADING = np.pi / 2
LARGER = np.array([-60, -60, 60, 0])
"""A bus, where a car is."""
Cast = Iterable[tuple[int, F64, str]]


def car(x: float, y: float = 16.0) -> F64:
    return CAR.box(x, y, HEADING)


def stands(
    shown: Callable[[float], Cast | None], seconds: float, surveyed: bool = True, fps: float = 5.0
) -> list[tuple[float, tuple[Stander, ...]]]:
    """What is told to stand after each look, with its time; None for a picture without an answer."""
    ground = ground_of_camera() if surveyed else None
    watch, looks = PaceWatch(PaceSpec(LABELS, watched=(("bay", WHOLE),), ground=ground)), []
    for k in range(round(seconds * fps)):
        cast = shown(k / fps)
        tracks = None if cast is None else followed(*cast)
        for fact in () if tracks is None else watch.look(tracks, SIZE, moment(k / fps)):
            assert isinstance(fact, Standing)
            looks.append((k / fps, fact.standers))
    return looks


def arrives(t: float, at_s: float = 4.0) -> float:
    """A car that brakes at 1 m/s² and stands from `at_s` on."""
    return -0.5 * max(0.0, at_s - t) ** 2


@pytest.mark.parametrize("surveyed", [True, False])
@pytest.mark.parametrize("jitter", [0.0, 0.03])
def test_a_car_that_comes_to_rest_has_stood_since_then(surveyed: bool, jitter: float) -> None:
    chance = np.random.default_rng(3)

    def shown(t: float) -> Cast:
        box = car(arrives(t))
        return [(1, box + chance.normal(0, jitter, 4) * (box[3] - box[1]), "car")]

    looks = stands(shown, 30.0, surveyed)
    early, (_, (last,)) = [who for t, who in looks if t < 4.0], looks[-1]
    assert not any(early)
    assert last.halt.since.seconds_since(moment(4.0)) == pytest.approx(0.0, abs=1.5)
    assert last.halt.stood_s == pytest.approx(25.5, abs=1.7)
    assert last.halt.surveyed is surveyed
    assert len({who.id for _, there in looks for who in there}) == 1


def test_passers_by_and_a_bus_that_hides_it_do_not_make_it_leave() -> None:
    def shown(t: float) -> Cast:
        for k in range(3):
            yield 10 + k, WALKER.box(-4 + 1.3 * (t - 8 - k), 13.0, HEADING), "person"
        yield 20, CAR.box(-12 + 3 * (t - 20), 11.0, HEADING) + LARGER, "car"
        if not 22.0 <= t <= 27.0:
            yield (1 if t < 22 else 2), car(0.0), "car"

    looks = stands(shown, 45.0)
    ids = {
        who.id for t, there in looks for who in there if t > 3.0 and abs(who.who.box[0] * 640 - car(0)[0]) < 3
    }
    assert len(ids) == 1
    hidden = [who.halt.hidden for t, there in looks if 23 < t < 26.5 for who in there if who.id in ids]
    assert hidden
    assert all(hidden)
    (last,) = [who for who in looks[-1][1] if who.id in ids]
    assert last.who.track == 2
    assert last.halt.stood_s == pytest.approx(45, abs=1.5)


def test_it_has_left_when_it_is_seen_elsewhere_or_is_not_there_any_more() -> None:
    def drives_off(t: float) -> Cast:
        return [(1, car(0.75 * max(0.0, t - 10.0) ** 2), "car")]

    gone = [t for t, there in stands(drives_off, 15.0) if not there and t > 5.0]
    assert 10.5 <= gone[0] <= 13.5

    def vanishes(t: float) -> Cast:
        return [(1, car(0.0), "car")] if t < 10.0 else []

    gone = [t for t, there in stands(vanishes, 20.0) if not there and t > 5.0]
    assert 13.5 <= gone[0] <= 15.5


def test_what_was_found_for_a_moment_and_then_never_again_has_not_stood() -> None:
    def shown(t: float) -> Cast:
        if t < 1.0:
            yield 1, car(0.0), "car"
        yield 2, CAR.box(-3 + 0.4 * t, 13.0, HEADING) + LARGER, "car"  # crawls by before it

    assert not [who for _, there in stands(shown, 25.0) for who in there if who.who.track == 1]


def test_what_is_not_looked_at_does_not_leave() -> None:
    def shown(t: float) -> Cast | None:
        return None if 10.0 <= t < 25.0 else [(1, car(0.0), "car")]

    looks = stands(shown, 30.0)
    assert not [t for t, _ in looks if 10.0 <= t < 25.0]
    assert looks[-1][1][0].halt.stood_s == pytest.approx(29.5, abs=0.6)


@pytest.mark.parametrize("surveyed", [True, False])
def test_a_jam_that_crawls_does_not_stand_for_long(surveyed: bool) -> None:
    longest = max(
        who.halt.stood_s
        for _, there in stands(lambda t: [(1, car(-6 + 0.25 * t), "car")], 45.0, surveyed)
        for who in there
    )
    assert longest < 12.0


def test_far_away_a_box_that_jitters_stands_too() -> None:
    chance = np.random.default_rng(5)

    def shown(t: float) -> Cast:
        box = CAR.box(0.0, 45.0, HEADING)
        return [(1, box + chance.normal(0, 0.05, 4) * (box[3] - box[1]), "car")]

    (last,) = stands(shown, 30.0)[-1][1]
    assert last.halt.stood_s > 25.0


def test_other_classes_and_masked_places_are_not_told() -> None:
    left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    spec = PaceSpec(LABELS, watched=(("bay", WHOLE),), classes=frozenset({"car"}), masks=(left,))
    watch, cast = (
        PaceWatch(spec),
        [(1, car(-4.0), "car"), (2, car(4.0), "car"), (3, WALKER.box(5, 18, 0), "person")],
    )
    told: list[Standing] = []
    for k in range(30):
        tracks: Tracks = followed(*cast)
        told += [fact for fact in watch.look(tracks, SIZE, moment(k / 5)) if isinstance(fact, Standing)]
    assert [who.who.track for who in told[-1].standers] == [2]
