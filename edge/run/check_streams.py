"""What `check` says of a camera's streams: pictures, temperatures, telemetry, and rules that are off."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from edge.config.moving import MovingSpec
from edge.config.spec import CameraSpec, StreamSpec
from edge.config.thermal import ThermalCamera
from edge.run.check_ground import of_ground
from edge.run.finding import Finding, guarded
from edge.run.wiring import checking
from edge.values.frame import Frame
from edge.values.hot import ZERO_C

WATCHED_FRAMES = 6
TOLD_S = 4.0
"""A stream that tells where its camera is is watched for so long: one set a second is enough."""
PLACED_SHARE = 0.9
COLDEST_C, HOTTEST_C = -60.0, 2000.0
"""No street is colder, and no camera of this sort measures more: the scale is another camera's."""
LATE_SHARE = 0.8
DARK_LUMA = 16.0


def looked_at(camera: CameraSpec) -> Iterator[Finding]:
    """What a camera's streams show, and what it tells of itself."""
    roles = [("detect", camera.detect)] + ([("record", camera.record)] if camera.record else [])
    for role, stream in roles:
        part = f"camera {camera.id}" + (f" ({role})" if len(roles) > 1 else "")
        looked = partial(_stream, camera, stream, part, role == "detect")
        yield from guarded(part, looked)
    if camera.moving is not None:
        yield from _flight(f"camera {camera.id}", camera.moving)


def _flight(part: str, moving: MovingSpec) -> Iterator[Finding]:
    """What a moving camera tells of itself, and which rules are off because it moves."""
    if moving.log is not None:
        lines, holes = len(moving.log.times_s), moving.log.holes_s
        found = f"telemetry of {moving.log.times_s[-1] - moving.log.times_s[0]:.0f} s in {lines} lines"
        if holes:
            missing = f"{found}, {sum(holes):.0f} s of it missing"
            yield Finding(part, missing, "warn", "its places on the map are not judged in that time")
        else:
            yield Finding(part, found, "ok")
    if moving.fixed_only:
        off = f"it moves, so these rules are off: {', '.join(moving.fixed_only)}"
        wanted = (
            "give it telemetry and places on the map, or leave it out of them"
            if moving.places is None
            else "they are for a camera that hangs still: leave it out of them, or use places of its map"
        )
        yield Finding(part, off, "warn", wanted)


def _stream(camera: CameraSpec, stream: StreamSpec, part: str, analysed: bool) -> Iterator[Finding]:
    tells = analysed and camera.moving is not None and camera.moving.from_stream
    frames = max(WATCHED_FRAMES, round(TOLD_S * camera.detect_fps)) if tells else WATCHED_FRAMES
    seen = checking.look_at(camera, stream, frames)
    found = f"{seen.size.width}x{seen.size.height}, {seen.decoder}"
    if seen.luma < DARK_LUMA:
        yield Finding(part, found, "warn", f"the picture is nearly black (mean luma {seen.luma:.0f} of 255)")
    elif seen.fps < LATE_SHARE * camera.detect_fps:
        advice = f"wanted {camera.detect_fps:g} pictures a second, got {seen.fps:.1f}; lower detect_fps"
        yield Finding(part, found, "warn", advice)
    else:
        yield Finding(part, f"{found}, first picture after {seen.opened_s:.1f} s", "ok")
    if analysed:
        yield from of_ground(camera, seen.size)
    if analysed and camera.thermal is not None:
        yield _heat(part, camera.thermal, seen.last)
    if tells:
        yield _told(part, seen)


def _heat(part: str, thermal: ThermalCamera, shown: Frame) -> Finding:
    """Whether a thermal camera's pictures are counts, and what these mean."""
    if thermal.scale is None:
        return Finding(part, "thermal, uncalibrated: a grey picture, and no degrees", "ok")
    if shown.counts is None:
        advice = "have it send 16-bit counts (Y16, FFV1, TIFF), or write `thermal: uncalibrated`"
        return Finding(part, "thermal, and its pictures are no 16-bit counts: no degrees", "warn", advice)
    scale, counts = thermal.scale, np.percentile(shown.counts, [0.1, 99.9])
    cold, hot = counts * scale.kelvin_per_count + scale.kelvin_at_zero - ZERO_C
    found = f"thermal, 16-bit counts: {cold:.0f} to {hot:.0f} °C in this picture"
    if cold < COLDEST_C or hot > HOTTEST_C:
        advice = "kelvin_per_count and kelvin_at_zero are not this camera's: look them up in its manual"
        return Finding(part, found, "warn", advice)
    return Finding(part, found, "ok")


def _told(part: str, seen: checking.Sample) -> Finding:
    """Whether a moving camera's stream says where it is."""
    if not seen.placed:
        advice = (
            "see that a data stream with MISB ST 0601 is in it, tags 2, 5 to 7, 13 to 16, 18, 19 and 25; "
            "until then places on the map are not judged"
        )
        return Finding(part, "no telemetry in its stream", "warn", advice)
    found = f"telemetry in its stream, for {seen.placed:.0%} of the pictures"
    fix = seen.last.fix
    if fix is not None:
        found += f"; now {fix.lat_deg:.5f}, {fix.lon_deg:.5f}, {fix.height_m:.0f} m above the ground"
    if seen.placed < PLACED_SHARE:
        return Finding(
            part, found, "warn", "sets more than two seconds apart leave holes: have it send more often"
        )
    return Finding(part, found, "ok")
