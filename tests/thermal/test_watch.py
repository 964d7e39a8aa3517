"""The watch over heat: what is found in counts, what is not, and what cannot be known."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.samples.embers import Ember, growing, held
from edge.thermal.spec import ThermalSpec
from edge.thermal.watch import ThermalWatch
from edge.values.fact import HotSpots
from edge.values.frame import Frame, Size
from edge.values.hot import ZERO_C, Counts, Growing, Level, Scale, Spot
from edge.values.tracks import Tracks
from tests.fakes.happenings import at

WIDE, HIGH, FPS = 96, 64, 5.0
SCALE = Scale(0.04)
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
HOT, WARM = Level(above_c=80.0), Level(above_k=15.0)
GROWS = Level(above_k=15.0, growing=Growing())
Picture = Callable[[float, np.random.Generator], np.ndarray]
PIXELS = np.zeros((32, 48, 3), np.uint8)


def place(celsius: float = 15.0) -> np.ndarray:
    return celsius + np.linspace(-2, 2, HIGH)[:, None] + np.linspace(-1, 1, WIDE)[None, :]


def patch(celsius: float, from_s: float, size: int = 3, x: int = 30) -> Picture:
    def drawn(t: float, _: np.random.Generator) -> np.ndarray:
        scene = place()
        if t >= from_s:
            scene[20 : 20 + size, x : x + size] = celsius
        return scene

    return drawn


def counted(scene: np.ndarray, chance: np.random.Generator) -> Counts:
    noisy = scene + chance.normal(0, 0.08, scene.shape)
    return np.round((noisy + ZERO_C) / SCALE.kelvin_per_count).astype(np.uint16)


def facts(
    picture: Picture, seconds: float, *levels: Level, zones: tuple[str, ...] = ("all",), **keys: object
) -> Iterator[tuple[float, tuple[HotSpots, ...]]]:
    chance = np.random.default_rng(7)
    drawn = {"all": WHOLE, "left": LEFT}
    spec = ThermalSpec(tuple((name, drawn[name]) for name in zones), levels, SCALE, **keys)  # type: ignore[arg-type]
    watch = ThermalWatch(spec)
    for index in range(round(seconds * FPS)):
        t = index / FPS
        yield t, watch.look(frame(counted(picture(t, chance), chance), t), Tracks.none())


def frame(counts: Counts | None, t: float) -> Frame:
    return Frame("cam", "run", round(t * FPS), at(t), PIXELS, Size(WIDE, HIGH), counts=counts)


def spots(picture: Picture, seconds: float, level: Level) -> list[tuple[float, Spot]]:
    return [(t, spot) for t, seen in facts(picture, seconds, level) for fact in seen for spot in fact.spots]


@pytest.mark.parametrize("level", [HOT, WARM])
def test_what_is_hot_is_told_with_its_temperature_size_and_place(level: Level) -> None:
    found = spots(patch(120.0, 2.0), 6.0, level)
    assert found[0][0] == pytest.approx(2.0)
    spot = found[-1][1]
    assert len({each.id for _, each in found}) == 1
    assert spot.pixels == 9
    assert spot.share == pytest.approx(9 / (WIDE * HIGH))
    assert spot.hottest_c == pytest.approx(120.0, abs=0.5)
    assert spot.excess == pytest.approx(105.0, abs=2.5)
    assert spot.box == pytest.approx((30 / WIDE, 20 / HIGH, 33 / WIDE, 23 / HIGH))
    assert spot.stood_s == pytest.approx(3.8)


def test_fewer_pixels_than_asked_for_begin_nothing() -> None:
    assert spots(patch(120.0, 2.0, size=1), 6.0, HOT) == []
    assert spots(patch(120.0, 2.0, size=1), 6.0, Level(above_c=80.0, min_px=1))


def test_a_spot_that_wavers_about_its_level_stays_the_same_one() -> None:
    def wavers(t: float, _: np.random.Generator) -> np.ndarray:
        return patch(81.0 if round(t * FPS) % 2 else 78.0, 1.0)(t, _)

    assert len({spot.id for _, spot in spots(wavers, 10.0, HOT)}) == 1


def test_what_was_hot_when_the_box_began_is_usual_but_still_hot() -> None:
    assert spots(patch(120.0, 0.0), 4.0, WARM) == []
    assert spots(patch(120.0, 0.0), 4.0, HOT)


def test_a_correction_of_the_camera_is_no_heat() -> None:
    def corrected(t: float, _: np.random.Generator) -> np.ndarray:
        return place() + (25.0 if t >= 3.0 else 0.0)

    assert spots(corrected, 8.0, WARM) == []


def test_what_is_usual_goes_along_with_a_correction() -> None:
    def corrected(t: float, _: np.random.Generator) -> np.ndarray:
        scene = place() + (10.0 if t >= 3.0 else 0.0)
        scene[20:23, 30:33] = 120.0
        return scene if t >= 1.0 else place()

    found = dict(spots(corrected, 5.0, WARM))
    assert found[2.0].excess == pytest.approx(105.0, abs=2.5)
    assert found[4.0].excess == pytest.approx(95.0, abs=2.5)


def test_a_frozen_picture_changes_nothing() -> None:
    watch = ThermalWatch(ThermalSpec((("all", WHOLE),), (HOT,), SCALE))
    counts = counted(patch(120.0, 0.0)(1.0, np.random.default_rng(0)), np.random.default_rng(0))
    first = watch.look(frame(counts, 0.0), Tracks.none())
    assert [fact.spots for fact in watch.look(frame(counts, 1.0), Tracks.none())] == [first[0].spots]


def test_each_zone_is_told_of_what_lies_in_it_also_when_that_is_nothing() -> None:
    *_, (_, seen) = facts(patch(120.0, 1.0, x=70), 3.0, HOT, zones=("all", "left"))
    assert [(fact.zone, len(fact.spots)) for fact in seen] == [("all", 1), ("left", 0)]


def test_nothing_is_looked_at_behind_a_mask() -> None:
    *_, (_, seen) = facts(patch(120.0, 1.0), 3.0, HOT, masks=(LEFT,))
    assert [fact.spots for fact in seen] == [()]


def test_of_another_place_only_temperatures_are_told() -> None:
    def turned(t: float, _: np.random.Generator) -> np.ndarray:
        scene = patch(120.0, 4.0)(t, _)
        if t >= 4.0:
            scene[:, 40:] += 30.0
        return scene

    last = {t: {fact.level for fact in seen} for t, seen in facts(turned, 6.0, HOT, WARM)}
    assert last[3.8] == {HOT, WARM}
    assert last[5.0] == {HOT}


def test_what_stays_for_an_hour_is_usual_and_is_said_to_be() -> None:
    found = [
        spot
        for _, seen in facts(patch(60.0, 2.0), 70.0, WARM, settle_s=60.0)
        for fact in seen
        for spot in fact.spots
    ]
    assert [spot.settled for spot in found].count(True) == 1
    assert found[-1].settled


def test_pictures_that_are_no_counts_are_unknown_and_that_is_told() -> None:
    watch = ThermalWatch(ThermalSpec((("all", WHOLE),), (HOT,), SCALE))
    assert not any(watch.look(frame(None, second), Tracks.none()) for second in range(4))
    assert watch.uncounted
    watch.look(frame(counted(place(), np.random.default_rng(0)), 5.0), Tracks.none())
    assert not watch.uncounted


def fire(per_s: float, flicker: float) -> Picture:
    radius = growing(25.0, per_s, least=1.0)
    ember = Ember("fire", held(48), held(32), radius, radius, held(400.0), flicker)

    def drawn(t: float, chance: np.random.Generator) -> np.ndarray:
        scene = place()
        ember.draw(scene, t, chance)
        return scene

    return drawn


def told_as_fire(picture: Picture) -> list[float]:
    return [t for t, s in spots(picture, 60.0, GROWS) if s.growth is not None and s.growth.fire_like]


def test_flames_that_grow_are_like_a_fire_soon() -> None:
    assert 30.0 < told_as_fire(fire(0.1, 0.3))[0] < 40.0


def test_what_is_hot_and_flickers_but_does_not_grow_is_none() -> None:
    assert told_as_fire(fire(0.0, 0.3)) == []


def test_flames_that_wander_off_as_they_grow_are_none() -> None:
    radius = growing(25.0, 0.15, least=2.0)
    torch = Ember("torch", lambda t: 15 + 1.8 * (t - 25), held(32), radius, radius, held(400.0), 0.3)

    def drawn(t: float, chance: np.random.Generator) -> np.ndarray:
        scene = place()
        torch.draw(scene, t, chance)
        return scene

    assert told_as_fire(drawn) == []


def test_what_comes_all_at_once_is_none() -> None:
    assert told_as_fire(patch(400.0, 25.0, size=10)) == []


@settings(max_examples=25, deadline=None)
@given(
    offset=st.floats(-30, 60), noise=st.floats(0.02, 0.3), seed=st.integers(0, 2**16), step=st.floats(-4, 4)
)
def test_an_empty_place_tells_nothing_whatever_its_temperature(
    offset: float, noise: float, seed: int, step: float
) -> None:
    chance = np.random.default_rng(seed)
    watch = ThermalWatch(ThermalSpec((("all", WHOLE),), (WARM, GROWS), SCALE))
    for index in range(60):
        scene = place(offset) + (step if index >= 30 else 0.0) + chance.normal(0, noise, (HIGH, WIDE))
        counts = np.round((scene + ZERO_C) / SCALE.kelvin_per_count).astype(np.uint16)
        for fact in watch.look(frame(counts, index / FPS), Tracks.none()):
            assert fact.spots == ()


@settings(max_examples=30, deadline=None)
@given(
    celsius=st.floats(85, 500), x=st.integers(0, WIDE - 4), y=st.integers(0, HIGH - 4), size=st.integers(2, 4)
)
def test_whatever_is_hot_enough_is_found_where_it_is(celsius: float, x: int, y: int, size: int) -> None:
    watch, chance = ThermalWatch(ThermalSpec((("all", WHOLE),), (HOT,), SCALE)), np.random.default_rng(1)
    scene = place()
    watch.look(frame(counted(scene, chance), 0.0), Tracks.none())
    scene[y : y + size, x : x + size] = celsius
    ((spot,),) = (fact.spots for fact in watch.look(frame(counted(scene, chance), 1.0), Tracks.none()))
    assert spot.pixels == size * size
    assert spot.box == pytest.approx((x / WIDE, y / HIGH, (x + size) / WIDE, (y + size) / HIGH))
    assert spot.hottest_c == pytest.approx(celsius, abs=0.6)
