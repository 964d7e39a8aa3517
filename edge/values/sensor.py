"""City sensors: which sorts there are, and what each can say.

Law: a sensor says a number within its physical range, or one word of a closed list. Nothing else of a
sensor is known here, and nothing about a person.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal


class SensorKind(StrEnum):
    """What sort of sensor it is."""

    GATE = "gate"  # counts who passes, in two directions
    SMOKE = "smoke"  # obscuration of the air
    NOISE = "noise"  # sound level
    PANIC = "panic"  # a button
    DOOR = "door"  # a contact


RANGES: Mapping[SensorKind, Mapping[str, tuple[float, float]]] = {
    SensorKind.GATE: {"entered_per_min": (0.0, 600.0), "left_per_min": (0.0, 600.0)},
    SensorKind.SMOKE: {"percent_per_m": (0.0, 100.0)},
    SensorKind.NOISE: {"db": (10.0, 150.0)},
    SensorKind.PANIC: {},
    SensorKind.DOOR: {},
}
"""What each sort measures, and between which bounds a measurement can be true. A gate tells totals; its
rates are their differences."""

SensorWord = Literal["released", "pressed", "closed", "open", "forced"]
"""Any of the words. Written once: Python takes `X | None` of the same words in another order for the same, so
two orders would make the schemas depend on which was imported first."""

WORDS: Mapping[SensorKind, tuple[SensorWord, ...]] = {
    SensorKind.PANIC: ("released", "pressed"),
    SensorKind.DOOR: ("closed", "open", "forced"),
}
"""The words of those that measure nothing."""
