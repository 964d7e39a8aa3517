"""Checks over several keys, run while the file is validated so that an error knows its line."""

import difflib
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from edge.config.places import Camera
from edge.config.rules import Rule
from edge.rules.spec import MEASURES
from edge.values.event import Kind


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


def rule_fits(rule: Rule, cameras: Sequence[Camera]) -> None:
    """Raise `ValueError` if a rule names a camera or place that is not there, or holds nowhere."""
    known = {camera.id: camera for camera in cameras}
    for name in rule.cameras:
        if name not in known:
            raise ValueError(f"cameras: there is no camera {name}{nearest(name, known)}")
    chosen = [known[name] for name in rule.cameras] or list(cameras)
    kind = "lines" if Kind(rule.when).at_line else "zones"
    places = {place.id for camera in chosen for place in getattr(camera, kind)}
    for name in rule.places:
        if name not in places:
            near = nearest(name, places)
            raise ValueError(f"places: no camera of this rule has {name} among its {kind}{near}")
    if Kind(rule.when) in MEASURES:
        _measured(rule, chosen)
    if not places:
        raise ValueError(f"a rule for {rule.when} wants {kind}, and none of its cameras has any")


def _measured(rule: Rule, cameras: Iterable[Camera]) -> None:
    """Raise `ValueError` if a density is wanted where the ground is not measured."""
    for camera in cameras:
        if camera.ground is None and rule.places_on(camera):
            raise ValueError(
                f"a {rule.when} wants a measured ground, and camera {camera.id} has none: add its "
                "`ground`; `safecity-edge calibrate` helps to find it"
            )


def footage_fits(on_hold: Sequence[str], cameras: Sequence[Camera], governed: bool) -> None:
    """Raise `ValueError` if footage is wanted without a policy, or of cameras that send no stream for it."""
    if not governed:
        raise ValueError("footage: recording wants the key policy, a signed policy of the state")
    recorded = {
        camera.id for camera in cameras if not isinstance(camera.source, str) and camera.source.record
    }
    if not recorded:
        raise ValueError(
            "footage: no camera has a stream to record: write source: {detect: URL, record: URL}"
        )
    for name in on_hold:
        if name not in recorded:
            raise ValueError(
                f"footage.on_hold: no camera {name} has a stream to record{nearest(name, recorded)}"
            )


def nearest(name: str, known: Iterable[str]) -> str:
    """The rest of an error's sentence that suggests what may have been meant; "" if nothing is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f", did you mean {found[0]}?" if found else ""
