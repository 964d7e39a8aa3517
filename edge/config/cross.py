"""Checks over several keys, run while the file is validated so that an error knows its line."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
from pydantic import ValidationInfo

from edge import strictyaml
from edge.config.doubted import Doubted, cameras_in
from edge.config.placed import Mistake
from edge.config.places import Camera
from edge.config.rules import Rule
from edge.config.thermal import ThermalCamera
from edge.rules.spec import GROUNDED, HEAT
from edge.strictyaml.several import SeveralError
from edge.values.event import Kind

PlaceKey = Literal["zones", "lines"]

LEAST_FPS = 4
"""Fewer pictures a second do not make the five places in 1.6 s of which a speed is made."""
LEAST_HEADING_M = 0.5
"""Two points nearer than this do not say where people should walk."""


def timezone(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        ValueError: there is none; the text suggests the nearest.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as failure:
        near = nearest(name, available_timezones())
        raise ValueError(f"wanted an IANA time zone, got {name!r}{near}") from failure


def unique(ids: Sequence[str], what: str) -> None:
    """Raise `ValueError` if an id stands twice."""
    for name in ids:
        if ids.count(name) > 1:
            raise ValueError(f"two {what} have the id {name}")


def fitting(rule: Rule, info: ValidationInfo) -> Rule:
    """The rule, if it fits the cameras validated before it, or what can be read of those that are wrong.

    Raises:
        SeveralError: it does not.
    """
    cameras = info.data["cameras"] if "cameras" in info.data else _read_on(info)
    if cameras is not None:
        SeveralError.raise_any(rule_mistakes(rule, cameras))
    return rule


def _read_on(info: ValidationInfo) -> Sequence[Camera | Doubted] | None:
    """Read once a file, whose rules are each asked about: reading cameras takes long."""
    notes = info.context
    if notes is None:
        return None
    if "cameras" not in notes:
        notes["cameras"] = cameras_in(notes[strictyaml.WHOLE])
    return cast("Sequence[Camera | Doubted] | None", notes["cameras"])


def rule_mistakes(rule: Rule, cameras: Sequence[Camera | Doubted]) -> Iterator[Mistake]:
    """All that is wrong in what a rule says of cameras and places: those that are not there, or where it
    cannot hold."""
    known = {camera.id: camera for camera in cameras}
    for index, name in enumerate(rule.cameras):
        if name not in known:
            yield ("cameras", index), f"there is no camera {name}{nearest(name, known)}"
    chosen = [known[name] for name in rule.cameras if name in known] if rule.cameras else list(cameras)
    if not chosen:
        return
    kind: PlaceKey = "lines" if Kind(rule.when).at_line else "zones"
    places = {name for camera in chosen for name in _places(camera, kind)}
    for index, name in enumerate(rule.places):
        if name not in places:
            near = nearest(name, places)
            yield ("places", index), f"no camera of this rule has {name} among its {kind}{near}"
    if not places:
        yield (), f"a rule for {rule.when} wants {kind}, and none of its cameras has any"
    sure = [camera for camera in chosen if isinstance(camera, Camera) and rule.places_on(camera)]
    for check in _CHECKS:
        try:
            check(rule, sure)
        except ValueError as wrong:
            yield (), str(wrong)


def _places(camera: Camera | Doubted, kind: PlaceKey) -> Iterator[str]:
    if isinstance(camera, Doubted):
        yield from getattr(camera, kind)
        return
    for source in (camera, camera.flight):
        yield from (place.id for place in getattr(source, kind, ()))


def _measured(rule: Rule, cameras: Iterable[Camera]) -> None:
    """Raise `ValueError` if a density is wanted where the ground is not measured."""
    if Kind(rule.when) not in GROUNDED:
        return
    for camera in cameras:
        if camera.ground is None:
            if camera.moving:
                raise ValueError(
                    f"a {rule.when} wants a measured ground, and camera {camera.id} moves: name the "
                    "`cameras` that hang still"
                )
            raise ValueError(
                f"a {rule.when} wants a measured ground, and camera {camera.id} has none: add its "
                "`ground`; `safecity-edge calibrate` helps to find it"
            )


def _fast_enough(rule: Rule, cameras: Iterable[Camera]) -> None:
    """Raise `ValueError` if a speed is wanted of a camera of which too few pictures are looked at."""
    if Kind(rule.when) is not Kind.SPEED:
        return
    for camera in cameras:
        if camera.detect_fps < LEAST_FPS:
            raise ValueError(
                f"a speed wants at least {LEAST_FPS} pictures a second, and camera {camera.id} has "
                f"detect_fps {camera.detect_fps:g}: raise it to {LEAST_FPS} or more; 5 is usual"
            )


def _thermal_fits(rule: Rule, cameras: Iterable[Camera]) -> None:
    """Raise `ValueError` if heat is wanted of a camera that shows none, or degrees of one that has none."""
    if Kind(rule.when) not in HEAT:
        return
    if rule.hot is None:
        raise ValueError(f"a {rule.when} wants the key hot, such as hot: {{above_c: 80}}")
    for camera in cameras:
        thermal = ThermalCamera.of(camera.thermal)
        if thermal is None:
            raise ValueError(
                f"a {rule.when} wants a thermal camera, and camera {camera.id} has no key thermal: add "
                "it, or name the `cameras` that have one"
            )
        if thermal.scale is None and rule.hot.contrast is None:
            raise ValueError(
                f"hot: above_c and above_k want a camera that measures temperatures, and camera {camera.id} "
                "is uncalibrated: write contrast, or give its thermal kelvin_per_count"
            )
        if thermal.scale is not None and rule.hot.contrast is not None:
            raise ValueError(
                f"hot: contrast is for a camera that is uncalibrated, and camera {camera.id} measures "
                "temperatures: write above_c or above_k"
            )


def _crowd_fits(rule: Rule, cameras: Iterable[Camera]) -> None:
    """Raise `ValueError` if a route has no zone before it, or a heading leads nowhere on the ground."""
    for camera in cameras:
        zones = [zone.id for zone in camera.zones]
        if rule.approach is not None and rule.approach not in zones:
            near = nearest(rule.approach, zones)
            raise ValueError(f"approach: camera {camera.id} has no zone {rule.approach}{near}")
        if rule.heading is not None and camera.ground is not None:
            ends = camera.ground.spec().metres(np.array(rule.heading))
            if not np.isfinite(ends).all() or np.hypot(*(ends[1] - ends[0])) < LEAST_HEADING_M:
                raise ValueError(
                    f"heading: wanted two points of the ground of camera {camera.id}, at least "
                    f"{LEAST_HEADING_M} m apart and under its horizon"
                )


_CHECKS = (_measured, _thermal_fits, _crowd_fits, _fast_enough)
"""Each raises `ValueError` if a rule cannot hold on one of the cameras that have a place of it."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The rest of an error's sentence that suggests what may have been meant; "" if nothing is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f", did you mean {found[0]}?" if found else ""
