"""A broker in memory that answers as it is told, and loses connections on demand."""

from collections.abc import Callable, Sequence
from types import TracebackType

from edge.values.delivery import Judgement, Pending, Reply, Verdict
from edge.values.errors import BrokerError
from edge.values.receipt import Receipt


def say_sent(_: Pending) -> Judgement:
    return Judgement.SENT


class FakeBroker:
    """One connection; `judge` gives the verdict on each message, None for no answer."""

    def __init__(self, judge: Callable[[Pending], Judgement | None] = say_sent) -> None:
        self.judge = judge
        self.received: list[Pending] = []
        self.is_lost = False
        self.quiet_s = 0.0
        self.receipts: list[Receipt] = []
        self._verdicts: list[Verdict] = []

    def __enter__(self) -> "FakeBroker":
        if self.is_lost:
            raise BrokerError("fake: not there")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_lost = True

    def send(self, messages: Sequence[Pending]) -> None:
        if self.is_lost:
            raise BrokerError("fake: connection lost")
        for message in messages:
            self.received.append(message)
            judgement = self.judge(message)
            if judgement is not None:
                self._verdicts.append(Verdict(message.key, judgement))

    def replies(self, wait_s: float) -> Reply:
        if self.is_lost and not self._verdicts:
            raise BrokerError("fake: connection lost")
        verdicts, self._verdicts = tuple(self._verdicts), []
        receipts, self.receipts = tuple(self.receipts), []
        return Reply(verdicts, self.quiet_s, receipts)
