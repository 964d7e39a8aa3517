"""Scenes of a fence, an entrance and a ward, with exactly what is to be told of them.

Law: as in `edge.samples.places`: when something is due is worked out from the paths of the actors and from
the places, both in metres.
"""

from edge.samples.places import CAMERA, Due, PlaceScene, walker
from edge.samples.scene import Actor, Hour
from edge.samples.streets import Area, street, within
from edge.values.event import Kind

FENCE_M = 15.0
FENCE = ((-7.0, FENCE_M), (7.0, FENCE_M))
"""From left to right, so that who comes from beyond it goes forward, and who breaks in goes backward."""
ENTRANCE, WARD = (-3.5, 11.0, 3.5, 15.5), (-4.5, 10.5, 4.5, 16.5)
LOITERS_S = 15.0
BEYOND = (-100.0, FENCE_M, 100.0, 100.0)


def breaks_in(who: Actor) -> Due:
    """That somebody comes over the fence."""
    at_s, _ = within(who, BEYOND)
    return Due(Kind.LINE_CROSSING, at_s, at_s + 1.5, (0.0, FENCE_M), "perimeter", who.label.value)


def loiters(who: Actor, area: Area = ENTRANCE) -> Due:
    """That somebody has stayed at an entrance for too long."""
    begin_s, end_s = within(who, area)
    return Due(Kind.DWELL, begin_s + LOITERS_S, end_s, (0.0, 13.0), "loitering")


def leaves(who: Actor) -> Due:
    """That somebody goes out of the ward."""
    _, end_s = within(who, WARD)
    return Due(Kind.ZONE_EXIT, end_s, end_s + 1.5, (0.0, 13.0), "ward-left", who.label.value)


def perimeter(hour: Hour) -> PlaceScene:
    """Somebody comes over a fence; others walk along it, turn round before it, and go out."""
    climber = walker((-7, 12.0), (-1, 13.0, 1.5), (0.5, 18.0, 4.0), (9, 18.5), starts_s=3)
    along = walker((9, 12.4), (-9, 12.4), starts_s=10)
    turns = walker((8, 11.5), (4.5, 13.8, 3.0), (9, 11.5), starts_s=4)
    goes = walker((-8, 18.5), (-3.0, 17.0), (-2.5, 12.0), (-9, 10.5), starts_s=16)
    return street(
        f"perimeter-{hour}", 32, climber, along, turns, goes, due=(breaks_in(climber),),
        lines={"fence": FENCE}, hour=hour, camera=CAMERA,
    )  # fmt: skip


def loitering(hour: Hour) -> PlaceScene:
    """Somebody hangs about an entrance; others wait there shortly, twice, or beside it for long."""
    stays = walker((-9, 12.0), (-1.5, 13.4, 20.0), (9, 12.5), starts_s=2)
    waits = walker((9, 14.6), (2.0, 14.2, 6.0), (9, 15.0), starts_s=4)
    returns = walker((8, 11.8), (1.0, 12.0, 5.0), (6.2, 12.2, 5.0), (1.2, 12.0, 5.0), (8, 11.6), starts_s=20)
    beside = walker((-5.2, 14.0, 60.0))
    passes = walker((-9, 12.8), (9, 13.0), starts_s=34)
    return street(
        f"loitering-{hour}", 56, stays, waits, returns, beside, passes, due=(loiters(stays),),
        areas={"entrance": ENTRANCE}, hour=hour, camera=CAMERA,
    )  # fmt: skip


def ward() -> PlaceScene:
    """Of three in a ward one walks out; one comes in, one walks by, and two walk about inside."""
    out = walker((-2.0, 13.0, 8.0), (7.5, 12.4))
    about = walker((1.5, 14.8, 6.0), (-3.0, 14.2, 5.0), (2.5, 15.2, 40.0), speed_mps=0.9)
    stays = walker((3.0, 11.6, 60.0))
    comes = walker((-9, 12.0), (-1.0, 12.4, 40.0), starts_s=12)
    passes = walker((9, 18.5), (-9, 18.5), starts_s=6)
    return street(
        "ward", 30, out, about, stays, comes, passes, due=(leaves(out),), areas={"ward": WARD}, camera=CAMERA
    )


def all_precincts() -> tuple[PlaceScene, ...]:
    """Every scene."""
    return perimeter(Hour.DAY), perimeter(Hour.NIGHT), loitering(Hour.DAY), loitering(Hour.DUSK), ward()
