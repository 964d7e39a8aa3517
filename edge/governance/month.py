"""A calendar month, UTC: what the public is told about.

Law: months do not overlap, so that no figure of one comes out by taking another one away.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from edge.values.moment import NS_PER_S

MONTH = r"(20[0-9]{2})-(0[1-9]|1[0-2])"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month of a text such as `2026-10`.

        Raises:
            ValueError: it is none.
        """
        found = re.fullmatch(MONTH, text, re.ASCII)
        if found is None:
            raise ValueError(f"wanted a month such as 2026-10, got {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def last_whole(cls, utc_ns: int) -> "Month":
        """The last month that is over at a moment, ns since the Unix epoch."""
        now = datetime.fromtimestamp(utc_ns / NS_PER_S, UTC)
        return cls(now.year, now.month - 1) if now.month > 1 else cls(now.year - 1, 12)

    @property
    def begin_ns(self) -> int:
        """Its beginning, ns since the Unix epoch."""
        return round(datetime(self.year, self.month, 1, tzinfo=UTC).timestamp()) * NS_PER_S

    @property
    def end_ns(self) -> int:
        """Its end, which is the next one's beginning."""
        following = Month(self.year + self.month // 12, self.month % 12 + 1)
        return following.begin_ns

    def __contains__(self, utc_ns: int) -> bool:
        return self.begin_ns <= utc_ns < self.end_ns

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
