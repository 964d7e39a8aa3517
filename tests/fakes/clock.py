"""A clock that stands still until it is told to move."""

from edge.values.moment import ClockTrust, Moment


class FakeClock:
    def __init__(self, at: Moment | None = None) -> None:
        self.at = at or Moment(1_000_000_000, 1_700_000_000_000_000_000, ClockTrust.SYNCED)

    def now(self) -> Moment:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at = self.at.plus(seconds)
