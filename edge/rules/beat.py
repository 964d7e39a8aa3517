"""A grid in time on which crowds are judged: not with each of many pictures a second.

Law: a beat is told by the times of the pictures and by what was looked for in them, so that a replay has the
same ones. A picture in which things were looked for is dear enough: a beat waits for the next one, where
pictures follow each other so fast that it is not late; not while people may run. Of pictures that are further
apart, each has one.
"""

from edge.values.moment import NS_PER_S, Moment

CROWD_S = 0.38
"""Crowds are judged so often: with every second of five pictures a second."""
WAITS_S = 0.45
"""A beat so long after the last waits for nothing."""


class Beat:
    """Says when it is time again."""

    def __init__(self, every_s: float) -> None:
        self._every_ns, self._waits_ns = round(every_s * NS_PER_S), round(WAITS_S * NS_PER_S)
        self._last_ns: int | None = None

    def is_due(self, moment: Moment, busy: bool) -> bool:
        """Whether enough time has passed since the last beat, more in a picture `busy` with things, or the
        clock went back."""
        pause_ns = self._waits_ns if busy else self._every_ns
        return self._last_ns is None or not 0 <= moment.mono_ns - self._last_ns < pause_ns

    def falls(self, moment: Moment) -> None:
        """The beat is now."""
        self._last_ns = moment.mono_ns
