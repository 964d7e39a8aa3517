"""What the watch over things takes for left, for taken, for light, for somebody, and for nothing."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.values.fact import Things
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment
from edge.values.thing import Change, Thing
from edge.values.tracks import Tracks

SIZE = Size(208, 117)
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
STEP_S = 1.0
Box = tuple[float, float, float, float]
BAG = (100, 80, 108, 86)
"""x1 y1 x2 y2, pixels."""
OWNER: Box = (96.0, 58.0, 106.0, 88.0)
CAR = 100
"""Tracks from this number on are cars."""


@dataclass
class Street:
    """A street with a texture and a sensor's grain, before a watch; things are put on it by hand."""

    watch: ThingWatch
    light: float = 1.0
    things: dict[tuple[int, int, int, int], float] = field(default_factory=dict)
    looks: int = 0

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(3)
        tiles = self._chance.uniform(80, 140, (20, 35)).repeat(6, axis=0).repeat(6, axis=1)
        self._ground = tiles[: SIZE.height, : SIZE.width]

    def show(
        self, seconds: float, bodies: dict[int, Box] | None = None, light: float | None = None
    ) -> list[Thing]:
        """Let time pass while these bodies are followed; what is told in the end."""
        facts: tuple[Things, ...] = ()
        self.light = self.light if light is None else light
        for _ in range(round(seconds / STEP_S)):
            facts = self.watch.look(self._frame(bodies or {}), tracks(bodies or {}))
        return [thing for fact in facts for thing in fact.things]

    def _frame(self, bodies: dict[int, Box]) -> Frame:
        picture = self._ground * self.light
        for (x1, y1, x2, y2), grey in self.things.items():
            picture[y1:y2, x1:x2] = grey * self.light
        for box in bodies.values():
            x1, y1, x2, y2 = (round(side) for side in box)
            picture[y1:y2, x1:x2] = 200 * self.light
        picture = picture + self._chance.normal(0, 2, picture.shape)
        pixels = np.repeat(np.clip(picture, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
        ns = round(self.looks * STEP_S * 1e9)
        self.looks += 1
        return Frame("c", "r", self.looks, Moment(ns, ns, ClockTrust.REPLAY), pixels, SIZE)


def tracks(bodies: dict[int, Box]) -> Tracks:
    n, yes = len(bodies), np.ones(len(bodies), np.bool_)
    boxes = np.array(list(bodies.values()), np.float32).reshape(-1, 4)
    kinds = np.array([who >= CAR for who in bodies], np.int16)
    return Tracks(
        np.array(list(bodies), np.int64), boxes, np.full(n, 0.9, np.float32), kinds,
        np.full(n, 9, np.int32), yes, yes.copy(),
    )  # fmt: skip


@pytest.fixture
def street() -> Street:
    shown = Street(ThingWatch(ThingSpec(("person", "car"), (("hall", WHOLE),))))
    shown.show(20)
    return shown


def away(x: float) -> Box:
    return (x, 58.0, x + 10.0, 88.0)


def test_an_empty_street_is_known_to_have_nothing_on_it(street: Street) -> None:
    assert street.show(30) == []
    assert street.watch.look(street._frame({}), tracks({}))[0].things == ()


def test_a_picture_that_is_not_looked_at_says_nothing_and_a_slow_camera_is_looked_at_each_time() -> None:
    def told(fps: float) -> list[float]:
        shown = Street(ThingWatch(ThingSpec(("person", "car"), (("hall", WHOLE),))))
        frame, seconds = shown._frame({}), [k / fps for k in range(round(4 * fps))]
        moments = [Moment(round(s * 1e9), round(s * 1e9), ClockTrust.REPLAY) for s in seconds]
        looks = [shown.watch.look(replace(frame, moment=moment), tracks({})) for moment in moments]
        return [s for s, facts in zip(seconds, looks, strict=True) if facts]

    assert told(5.0) == [0.0, 1.0, 2.0, 3.0]
    assert told(30.0) == pytest.approx([0.0, 0.9, 1.8, 2.7, 3.6])
    assert told(1.0) == [0.0, 1.0, 2.0, 3.0]


def test_what_an_owner_leaves_is_told_with_them_and_how_far_they_are(street: Street) -> None:
    street.things[BAG] = 30
    assert street.show(4, {7: OWNER}) == [], "the owner hides it"
    (thing,) = street.show(8, {7: away(150)})
    assert (thing.change, thing.owner) == (Change.LEFT, 7)
    assert thing.apart_m == pytest.approx(1.7 * (150 - 108) / 30, abs=0.5)
    assert thing.box == pytest.approx((100 / 208, 80 / 117, 108 / 208, 86 / 117), abs=0.02)
    assert thing.terms.confidence > 0.8
    (thing,) = street.show(4, {})
    assert thing.apart_m == float("inf"), "nobody is left in the picture"


def test_somebody_who_walks_by_is_not_the_owner_and_does_not_hide_it_for_good(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    street.show(8, {7: away(150)})
    for x in range(60, 140, 20):
        street.show(STEP_S, {7: away(150), 9: away(float(x))})
    (thing,) = street.show(1, {7: away(150)})
    assert thing.owner == 7
    assert thing.stood_s > 8


def stood_s(street: Street, way: tuple[float, ...]) -> float:
    """How long a bag has stood 5 s after a shade lay beside it, when somebody came there along this way."""
    street.things = {BAG: 30}
    street.show(4, {7: OWNER})
    street.show(8, {9: away(way[0])})
    street.show(STEP_S, {9: away(way[1])})
    street.things[108, 76, 116, 90] = 60
    for x in way[2:]:
        street.show(STEP_S, {9: away(x)})
    street.things = {BAG: 30}
    (thing,) = street.show(5, {9: away(way[-1])})
    return thing.stood_s


def test_the_shadow_of_somebody_who_walks_by_is_no_life_in_a_thing(street: Street) -> None:
    assert stood_s(street, (20.0, 40.0, 60.0, 76.0)) >= 12


def test_what_stirs_beside_a_thing_is_life_in_it_where_those_who_are_near_stand_still(street: Street) -> None:
    assert stood_s(street, (76.0, 76.0, 76.0, 76.0)) <= 5


def test_what_stirs_beside_a_thing_is_life_in_it_where_somebody_walks_far_from_it(street: Street) -> None:
    assert stood_s(street, (0.0, 16.0, 32.0, 48.0)) <= 5


def before_it(x: float) -> Box:
    """Somebody who is nearer to the camera, with their head where a bag would be."""
    return (x, 79.0, x + 12.0, 116.0)


def test_who_walks_by_before_a_thing_is_not_taken_for_it(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    street.show(5)
    for x in (50.0, 74.0, 98.0, 122.0, 146.0):
        street.show(STEP_S, {9: before_it(x)})
    assert len(street.show(6)) == 1


def test_who_stays_where_something_stands_is_taken_for_it(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    street.show(5)
    for x in (50.0, 74.0, 98.0, 98.0):
        street.show(STEP_S, {9: before_it(x)})
    assert street.show(6) == []


def test_somebody_who_walks_by_and_is_not_found_makes_it_no_part_of_the_place(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    (thing,) = street.show(30)
    for x in range(88, 124, 12):
        passer = (x, 76, x + 6, 96)
        street.things[passer] = 200
        street.show(STEP_S)
        del street.things[passer]
    (again,) = street.show(6)
    assert again.id == thing.id
    del street.things[BAG]
    assert street.show(6) == [], "and what is gone is gone"


def test_who_was_followed_under_another_number_is_still_the_owner(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    street.show(2, {12: OWNER})
    (thing,) = street.show(8, {12: away(150)})
    assert thing.apart_m == pytest.approx(2.4, abs=0.5)


def test_company_that_stays_keeps_it(street: Street) -> None:
    street.things[BAG] = 30
    friend = away(118)
    street.show(4, {7: OWNER, 8: friend})
    told = street.show(10, {7: away(190), 8: friend})
    assert [thing.apart_m < 1.5 for thing in told] == [True]


def test_what_was_always_there_and_is_gone_is_taken() -> None:
    shown = Street(ThingWatch(ThingSpec(("person", "car"), (("hall", WHOLE),))))
    shown.things[BAG] = 30
    shown.show(80)
    del shown.things[BAG]
    shown.show(3, {4: OWNER})
    (thing,) = shown.show(10, {4: away(170)})
    assert (thing.change, thing.owner) == (Change.TAKEN, 4)


@pytest.mark.parametrize(
    ("who", "stayed_s", "told"),
    [(CAR, 70.0, []), (CAR, 5.0, [Change.TAKEN]), (3, 70.0, [Change.TAKEN])],
)
def test_what_goes_with_a_car_that_stood_beside_it_is_its_shadow(
    who: int, stayed_s: float, told: list[Change]
) -> None:
    """A parked car goes, its shadow goes with it, and somebody walks by: nothing was taken."""
    street = Street(ThingWatch(ThingSpec(("person", "car"), (("street", WHOLE),))))
    street.things[BAG] = 30
    street.show(75.0 - stayed_s)
    street.show(stayed_s, {who: (40.0, 62.0, 84.0, 82.0)})
    del street.things[BAG]
    street.show(2.0, {who: (150.0, 62.0, 194.0, 82.0), 2: (112.0, 70.0, 122.0, 100.0)})
    assert [thing.change for thing in street.show(12.0, {2: (160.0, 70.0, 170.0, 100.0)})] == told


def test_what_somebody_stood_before_for_long_and_took_is_told() -> None:
    street = Street(ThingWatch(ThingSpec(("person", "car"), (("hall", WHOLE),))))
    street.things[BAG] = 30
    street.show(80)
    street.show(30, {4: (95.0, 58.0, 110.0, 88.0)})
    del street.things[BAG]
    (thing,) = street.show(10, {4: away(170)})
    assert thing.change is Change.TAKEN


def test_what_is_put_back_is_over(street: Street) -> None:
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    assert street.show(8)
    del street.things[BAG]
    assert street.show(5) == []


@pytest.mark.parametrize("light", [0.5, 1.5])
def test_a_lamp_that_goes_on_or_off_is_no_thing(street: Street, light: float) -> None:
    assert street.show(30, light=light) == []
    street.things[BAG] = 30
    street.show(4, {7: OWNER})
    assert [thing.change for thing in street.show(8)] == [Change.LEFT], "and hides none"


def test_a_thing_as_large_as_a_block_of_light_is_not_taken_for_light(street: Street) -> None:
    street.things[(91, 65, 104, 78)] = 30
    street.show(4, {7: (86.0, 50.0, 106.0, 80.0)})
    assert [thing.change for thing in street.show(20)] == [Change.LEFT]


def test_a_shadow_that_stays_is_only_light(street: Street) -> None:
    street._ground[70:90, 90:130] *= 0.6
    assert street.show(40) == []


def test_somebody_who_is_found_no_more_is_not_a_thing(street: Street) -> None:
    street.show(6, {7: OWNER})
    street.things[(96, 58, 106, 88)] = 200
    assert street.show(30) == [], "it is as large as who stood there"


def test_what_stirs_is_alive(street: Street) -> None:
    for look in range(80):
        shift = look % 3 * 2
        street.things = {(100 + shift, 70, 108 + shift, 86): 30}
        assert street.show(STEP_S) == []


def test_most_of_the_picture_changed_is_another_place_and_says_nothing(street: Street) -> None:
    street._ground = np.roll(street._ground, 17, axis=1)[::-1]
    street.show(5)
    assert street.watch.look(street._frame({}), tracks({})) == (), "unknown, which is not empty"
    street.show(60)
    assert street.watch.look(street._frame({}), tracks({}))[0].things == (), "it is the place now"


def test_what_is_masked_or_outside_the_zone_is_not_told() -> None:
    masked = ThingSpec(
        ("person",), (("hall", WHOLE),), masks=(((0.4, 0.5), (0.7, 0.5), (0.7, 0.9), (0.4, 0.9)),)
    )
    outside = ThingSpec(("person",), (("west", ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))),))
    for spec in (masked, outside):
        shown = Street(ThingWatch(spec))
        shown.show(20)
        shown.things[BAG] = 30
        shown.show(4, {7: OWNER})
        assert shown.show(10) == []


def test_what_stands_for_an_hour_is_a_part_of_the_place() -> None:
    shown = Street(ThingWatch(ThingSpec(("person",), (("hall", WHOLE),), settle_s=60.0)))
    shown.show(20)
    shown.things[BAG] = 30
    shown.show(4, {7: OWNER})
    states = [thing.settled for _ in range(140) for thing in shown.show(STEP_S)]
    assert states[-1] is True
    assert states.count(True) == 1, "said once"
    del shown.things[BAG]
    assert shown.show(60) == [], "it never belonged there, so nothing is taken"
