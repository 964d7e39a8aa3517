"""How warm this machine is, as the kernel tells in /sys/class/thermal.

Law: a machine that tells nothing has no temperature; that is not 0 °C.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ZONES = Path("/sys/class/thermal")
POSSIBLE_C = (-40.0, 150.0)
"""Sensors that are not connected tell less or more than a board can have."""


def warmest_c(zones: Path = ZONES) -> float | None:
    """The warmest part of the machine, °C; None where nothing is measured."""
    return max(_told(zones), default=None)


def _told(zones: Path) -> Iterator[float]:
    for file in zones.glob("thermal_zone*/temp"):
        with suppress(OSError, ValueError):
            celsius = int(file.read_text(encoding="ascii")) / 1000.0
            if POSSIBLE_C[0] < celsius < POSSIBLE_C[1]:
                yield celsius
