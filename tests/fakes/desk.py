"""A box that obeys, as its desk sees it: its clock, its audit log and its disk, and orders for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.adapters.command_ledger import CommandLedger
from edge.adapters.end_box import EndBox
from edge.messages.answer import AnswerData, AnswerMessage
from edge.messages.command import CommandMessage, command_bytes, order_of
from edge.messages.parse import parse
from edge.privacy.spec import Origin
from edge.run.commands import Desk, Effect
from edge.values.audit import AuditEntry, Receipt
from edge.values.command import Doubt, Health, Loosened, Outcome, Verb
from edge.values.errors import StorageError
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from tests.fakes.orders import details
from tests.fakes.outbox import BOOT
from tests.fakes.policies import FakeKeys, a_policy

ORIGIN = Origin("r", "n")


NOW_NS = 1_790_000_000_123_456_789


HEALTH = Health("1.0", 5, 6, 7, 0, 0, 0, 0, 0, ())


class Clock:
    def __init__(self, utc_ns: int = NOW_NS, trust: ClockTrust = ClockTrust.SYNCED) -> None:
        self.moment = Moment(10**9, utc_ns, trust)

    def now(self) -> Moment:
        return self.moment

    def goes(self, seconds: float) -> None:
        self.moment = self.moment.plus(seconds)

    def is_set(self, seconds: float) -> None:
        """UTC steps; monotonic time does not."""
        self.moment = replace(self.moment, utc_ns=self.moment.utc_ns + round(seconds * 1e9))


class Audit:
    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.full = False
        self.tried = 0

    def append(self, entry: AuditEntry) -> Receipt:
        self.tried += 1
        if self.full:
            raise StorageError("full")
        self.entries.append(entry)
        return Receipt(0, "0" * 64)


class Box:
    """One box with its disk; `boot` is another process on the same disk."""

    def __init__(self, folder: Path, origin: Origin = ORIGIN) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.origin = folder, origin
        self.clock, self.audit = Clock(), Audit()
        self.sent: list[RedactedMessage] = []
        self.obeyed: list[str] = []
        self.after: list[str] = []
        self.fails: dict[Verb, Doubt] = {}
        self.broken = self.passes_on = self.begins = False
        self.boot()

    def boot(self) -> None:
        number = iter(range(1, 1000))
        self.desk = Desk(
            self.origin,
            a_policy(),
            dict.fromkeys(Verb, self.carry),
            CommandLedger(self.folder / "commands.db"),
            self.audit,
            self,
            self.clock,
            FakeKeys(),
            lambda: f"{next(number):032x}",
            EndBox(self.folder / "ends"),
        )

    def put(self, messages: Any) -> None:
        if self.broken:
            raise StorageError("full")
        self.sent += messages

    def carry(self, message: CommandMessage) -> Effect:
        self.obeyed.append(message.data.nonce)
        health = HEALTH if message.data.verb is Verb.HEALTH else None
        doubt = self.fails.get(message.data.verb, Doubt.NONE)
        return Effect(
            doubt,
            Loosened.RETENTION if doubt is Doubt.QUORUM else None,
            health,
            lambda: self.after.append(message.data.nonce),
            self.passes_on,
            self.begins,
        )

    @property
    def answers(self) -> list[AnswerData]:
        found = [parse(each.topic, each.stamped(BOOT, n)) for n, each in enumerate(self.sent)]
        return [each.data for each in found if isinstance(each, AnswerMessage)]

    @property
    def last(self) -> tuple[Outcome, Doubt]:
        return self.answers[-1].outcome, self.answers[-1].reason


def command(
    verb: Verb = Verb.RESTART,
    signer: str = "night-shift",
    at_ns: int = NOW_NS,
    to: Origin = ORIGIN,
    key: str = "",
    **more: Any,
) -> bytes:
    nonce = f"{at_ns & (1 << 64) - 1:032x}"
    data = order_of(to, verb, signer, nonce, at_ns, 60) | details(verb) | more
    return command_bytes(data, FakeKeys(key or signer))
