"""A worker's pulse: what it has done so far. Health is progress, never the presence of a process."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.values.moment import Moment

ORDERS = "orders"
"""Name of the count of orders that a worker has followed."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One sign of life of a worker process.

    Attributes:
        worker: its name, such as `publish`.
        moment: when it was taken.
        state: one word or short phrase for people: how it is doing.
        counts: totals since its start and levels now, by name; names carry units where they have one.
        words: what cannot be counted, by name, such as the state of each camera.
    """

    worker: str
    moment: Moment
    state: str
    counts: Mapping[str, int]
    words: Mapping[str, str] = field(default_factory=dict)
