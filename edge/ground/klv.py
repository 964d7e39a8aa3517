"""Telemetry as aircraft write it into their video: MISB ST 0601 local sets in KLV, read to a flight log.

Law: a set whose checksum is wrong is left out, and so are tags that nobody needs here; a tag that a set lacks
is as it was told last. Angles of aircraft and sensor are put together exactly. Heights are above the ground
at the middle of the picture, for which its elevation (tag 25) must be told.

Source: MISB ST 0601 (tags 1, 2, 5 to 7, 13 to 16, 18 to 20 and 25, checksum), SMPTE 336M (keys, lengths).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from edge.ground.flight_log import FlightLog
from edge.ground.lens import F64
from edge.values.fix import Fix

KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
TIME, CHECKSUM, SENSOR_ROLL = 2, 1, 20


@dataclass(frozen=True, slots=True)
class Scale:
    """How a tag's whole number of so many bytes is a value: evenly from `low` to `high`."""

    name: str
    size: int
    low: float
    high: float

    @property
    def signed(self) -> bool:
        """Whether it is written in two's complement, about 0; those of other ranges count up from `low`."""
        return self.low == -self.high

    def value(self, raw: bytes) -> float | None:
        """The value; None where it is said to be out of range.

        Raises:
            ValueError: it has another length.
        """
        if len(raw) != self.size:
            raise ValueError(f"wanted {self.size} bytes for the {self.name}, got {len(raw)}")
        if not self.signed:
            steps = (1 << 8 * self.size) - 1
            return self.low + int.from_bytes(raw) * (self.high - self.low) / steps
        whole, most = int.from_bytes(raw, signed=True), (1 << 8 * self.size - 1) - 1
        return None if whole < -most else whole * self.high / most


SCALES: Mapping[int, Scale] = {
    5: Scale("platform heading", 2, 0.0, 360.0),
    6: Scale("platform pitch", 2, -20.0, 20.0),
    7: Scale("platform roll", 2, -50.0, 50.0),
    13: Scale("sensor latitude", 4, -90.0, 90.0),
    14: Scale("sensor longitude", 4, -180.0, 180.0),
    15: Scale("altitude", 2, -900.0, 19_000.0),
    16: Scale("horizontal field of view", 2, 0.0, 180.0),
    18: Scale("sensor azimuth", 4, 0.0, 360.0),
    19: Scale("sensor elevation", 4, -180.0, 180.0),
    20: Scale("sensor roll", 4, 0.0, 360.0),
    25: Scale("frame centre elevation", 2, -900.0, 19_000.0),
}


@dataclass(slots=True)
class Sets:
    """Reads sets one after another; what one of them lacks is as it was told last.

    Attributes:
        number: sets read so far.
    """

    number: int = 0
    _known: dict[int, float] = field(default_factory=lambda: {SENSOR_ROLL: 0.0})

    def read(self, data: bytes) -> Iterator[tuple[int, Fix | None]]:
        """The time of each set in `data`, microseconds, and where the camera was; None while a tag lacks.

        Raises:
            ValueError: a set has no time, or a value that cannot be.
        """
        for tags in _sets(data):
            self.number += 1
            if TIME not in tags:
                raise ValueError(f"set {self.number}: wanted a precision time stamp (tag {TIME})")
            _learn(self._known, tags, self.number)
            fix = _fix(self._known, self.number) if len(self._known) == len(SCALES) else None
            yield int.from_bytes(tags[TIME]), fix

    @property
    def lacks(self) -> str:
        """The tags of which nothing was told, in words."""
        return ", ".join(
            f"{scale.name} (tag {tag})" for tag, scale in SCALES.items() if tag not in self._known
        )


def flight_of(data: bytes) -> FlightLog:
    """The flight that the sets in `data` tell of; its time begins with the first of them.

    Raises:
        ValueError: there is no whole set, a tag is missing in all of them, or time runs backwards.
    """
    sets = Sets()
    times: list[float] = []
    fixes: list[Fix] = []
    began_us = None
    for now_us, fix in sets.read(data):
        began_us = now_us if began_us is None else began_us
        if fix is None:
            continue
        time_s = (now_us - began_us) / 1e6
        if times and time_s <= times[-1]:
            raise ValueError(f"set {sets.number}: wanted a time after {times[-1]:g} s, got {time_s:g} s")
        times.append(time_s)
        fixes.append(fix)
    if not times:
        lacks = sets.lacks
        raise ValueError(
            "wanted MISB ST 0601 sets with checksums that fit, and in them " + (lacks or "a time")
        )
    return FlightLog(tuple(times), tuple(fixes))


def checksum(covered: bytes) -> int:
    """The running 16-bit sum of a set up to and with the checksum's own tag and length."""
    return sum(byte << (8 * (1 - i % 2)) for i, byte in enumerate(covered)) & 0xFFFF


def _learn(known: dict[int, float], tags: Mapping[int, bytes], number: int) -> None:
    for tag, scale in SCALES.items():
        if tag not in tags:
            continue
        try:
            value = scale.value(tags[tag])
        except ValueError as wrong:
            raise ValueError(f"set {number}: {wrong}") from wrong
        if value is None:
            known.pop(tag, None)
        else:
            known[tag] = value


def _sets(data: bytes) -> Iterator[dict[int, bytes]]:
    """The whole sets, by tag; what lies between them is passed over."""
    at = data.find(KEY)
    while at >= 0:
        try:
            length, begin = _length(data, at + len(KEY))
            end = begin + length
            tags = dict(_items(data, begin, end))
        except IndexError:
            at = data.find(KEY, at + 1)
            continue
        if tags.get(CHECKSUM) == checksum(data[at : end - 2]).to_bytes(2):
            yield tags
            at = end - 1
        at = data.find(KEY, at + 1)


def _items(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    if end > len(data):
        raise IndexError
    while at < end:
        tag = 0
        while data[at] & 0x80:
            tag, at = (tag | data[at] & 0x7F) << 7, at + 1
        tag, at = tag | data[at], at + 1
        length, at = _length(data, at)
        yield tag, data[at : at + length]
        at += length
    if at != end:
        raise IndexError


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A BER length, short or long form, and where what it is of begins."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    if not 1 <= size <= 4 or at + 1 + size > len(data):
        raise IndexError
    return int.from_bytes(data[at + 1 : at + 1 + size]), at + 1 + size


def _fix(known: Mapping[int, float], number: int) -> Fix:
    aircraft = _turn(known[5], known[6], known[7])
    axes = aircraft @ _turn(
        known[18], known[19], known[20]
    )  # ahead, right, down in columns; north, east, down in rows
    ahead = axes[:, 0]
    yaw, pitch = np.arctan2(ahead[1], ahead[0]), np.arcsin(np.clip(-ahead[2], -1.0, 1.0))
    level = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    roll = np.arctan2(axes[:, 1] @ np.cross(ahead, level), axes[:, 1] @ level)
    try:
        return Fix(
            known[13],
            known[14],
            known[15] - known[25],
            float(np.degrees(yaw) % 360.0),
            float(np.degrees(pitch)),
            float(np.degrees(roll)),
            known[16],
        )
    except ValueError as wrong:
        raise ValueError(f"set {number}: {wrong}") from wrong


def _turn(heading_deg: float, pitch_deg: float, roll_deg: float) -> F64:
    """Axes ahead, right and down of what is turned by heading, then pitch, then roll; columns, 3×3."""
    (sy, sp, sr), (cy, cp, cr) = (f(np.radians([heading_deg, pitch_deg, roll_deg])) for f in (np.sin, np.cos))
    yaw = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    pitch = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    roll = np.array([[1.0, 0.0, 0.0], [0.0, cr, -sr], [0.0, sr, cr]])
    return np.asarray(yaw @ pitch @ roll)
