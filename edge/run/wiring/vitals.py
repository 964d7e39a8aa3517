"""Wiring of what the machine itself tells: its disk, its temperature, its clock."""

import shutil
from collections.abc import Callable
from pathlib import Path

from edge.adapters.clock import SystemClock
from edge.adapters.thermometer import warmest_c
from edge.run.status import Vitals


def vitals_of(folder: Path) -> Callable[[], Vitals]:
    """Looks at the machine, and at the disk of this folder, whenever it is called."""
    clock = SystemClock()

    def look() -> Vitals:
        disk = shutil.disk_usage(folder)
        return Vitals(disk.free >> 20, disk.total >> 20, warmest_c(), clock.now().trust.value)

    return look
