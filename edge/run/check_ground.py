"""What `check` says of a camera's measured ground: how large people are where they are to be counted.

Law: a wrong unit makes a ground that is sound in itself. What shows it is the size of people, which anybody
can compare with the picture.
"""

from collections.abc import Iterator

import numpy as np

from edge.config.spec import CameraSpec
from edge.ground.area import floor_of
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.ground.stature import STATURE_M
from edge.run.finding import Finding
from edge.values.frame import Size

SMALLEST_PX = 12
"""People less high than this are found by no detector that is worth its name."""
UNCALIBRATED = (
    "uncalibrated: people are counted; persons per square metre, flow and speeds want its `ground` "
    "(docs/operator/ground.md)"
)
OTHER_SHAPE = 0.05
"""Coders round sizes to multiples of 16 pixels, which is less than this."""
VAGUE = 0.5
"""A floor that errs by more than this share of itself bears no density."""


def of_ground(camera: CameraSpec, size: Size) -> Iterator[Finding]:
    """A line for each zone of a camera whose ground is measured, in pictures of this size; else one that says
    what is not known."""
    if camera.moving is not None or not (camera.zones or camera.lines):
        return
    if camera.ground is None:
        yield Finding(f"ground {camera.id}", UNCALIBRATED, "ok")
        return
    yield from _aspect(camera.id, camera.ground.lens.aspect, size)
    for doubt in camera.ground_doubts:
        advice = f"see `safecity-edge calibrate CONFIG {camera.id} --picture ground.png`"
        yield Finding(f"ground {camera.id}", doubt, "warn", advice)
    for zone in camera.zones:
        floor = floor_of(camera.ground, zone.polygon, camera.masks)
        least, most = _statures(camera.ground, np.array(zone.polygon), size)
        found = (
            f"zone {zone.id}: {floor.m2:,.1f} ± {floor.sd_m2:,.1f} m², where people are {least:.0f} to "
            f"{most:.0f} px high"
        )
        part = f"ground {camera.id}"
        if floor.sd_m2 > VAGUE * floor.m2:
            advice = "nobody knows how large it is: draw it nearer, or measure the ground more exactly"
            yield Finding(part, found, "warn", advice)
        elif most < SMALLEST_PX:
            advice = "too small to be found: draw it nearer, or see whether the ground was measured in metres"
            yield Finding(part, found, "warn", advice)
        else:
            yield Finding(part, found, "ok")


def _aspect(camera: str, wanted: float, size: Size) -> Iterator[Finding]:
    """A line where the picture is of another shape than the one on which the ground was measured."""
    got = size.width / size.height
    if abs(got / wanted - 1.0) > OTHER_SHAPE:
        found = f"the picture is {got:.3f} times as wide as high, the ground was measured on {wanted:.3f}"
        advice = (
            f"write aspect: {got:.4g} to its ground, and see by `safecity-edge calibrate` if it fits; where "
            "the camera squeezes its picture, as some sub-streams do, have it send square pixels"
        )
        yield Finding(f"ground {camera}", found, "warn", advice)


def _statures(ground: Ground, corners: F64, size: Size) -> tuple[float, float]:
    high = STATURE_M * ground.px_per_m(corners, size.height)
    return float(np.nanmin(high)), float(np.nanmax(high))
