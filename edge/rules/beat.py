"""A grid in time on which crowds are judged: not with each of many pictures a second.

Law: a beat is told by the times of the pictures alone, so that a replay has the same ones. Of pictures that
are further apart, each has one.
"""

from edge.values.moment import NS_PER_S, Moment

CROWD_S = 0.38
"""Crowds are judged so often: with every second of five pictures a second."""


class Beat:
    """Says when it is time again."""

    def __init__(self, every_s: float) -> None:
        self._every_ns = round(every_s * NS_PER_S)
        self._last_ns: int | None = None

    def is_due(self, moment: Moment) -> bool:
        """Whether enough time has passed since the last beat, or the clock went back."""
        return self._last_ns is None or not 0 <= moment.mono_ns - self._last_ns < self._every_ns

    def falls(self, moment: Moment) -> None:
        """The beat is now."""
        self._last_ns = moment.mono_ns
