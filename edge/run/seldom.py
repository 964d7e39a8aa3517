"""Says the same thing seldom: once in a while, with how often it was so meanwhile.

Law: what comes a thousand times a second fills no log; what is swallowed is counted in the next line.
"""

EVERY_S = 60.0
MOST_KEYS = 1_000
"""More things than this are one."""


class Seldom:
    """Whether to say a thing now."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}

    def words(self, key: str, words: str, now_s: float) -> str | None:
        """The words with how often they were swallowed since the last time; None to swallow these."""
        name = key if key in self._said or len(self._said) < MOST_KEYS else ""
        since_s, swallowed = self._said.get(name, (-EVERY_S, 0))
        if now_s - since_s < EVERY_S:
            self._said[name] = since_s, swallowed + 1
            return None
        self._said[name] = now_s, 0
        return f"{words} (and {swallowed:,} like it since)" if swallowed else words
