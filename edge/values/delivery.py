"""Delivery: what goes to a broker, what the broker said of it, and what that means for the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from edge.values.receipt import Receipt, together


@dataclass(frozen=True, slots=True)
class Pending:
    """A committed message on its way out.

    Attributes:
        key: the outbox's own name for it; ascending in the order of commits.
        topic: full MQTT topic.
        payload: the stamped bytes.
        retain: the broker is to keep it as the topic's last value.
        expiry_s: MQTT 5 message expiry counted from the commit, seconds; None for no expiry.
        committed_utc_ns: when it was committed.
        boot, sequence: what its receipt will call it; "" where nobody sends receipts.
    """

    key: int
    topic: str
    payload: bytes
    retain: bool
    expiry_s: int | None
    committed_utc_ns: int
    boot: str = ""
    sequence: int = 0

    def __repr__(self) -> str:
        return f"Pending({self.key}, {self.topic!r}, {len(self.payload)} bytes)"


@dataclass(frozen=True, slots=True)
class Word:
    """Something that came on a topic that the box listens to; `retained` where the broker had kept it."""

    topic: str
    payload: bytes
    retained: bool

    def __repr__(self) -> str:
        return f"Word({self.topic!r}, {len(self.payload)} bytes)"


class Judgement(StrEnum):
    """What a broker made of a message."""

    SENT = "sent"  # taken, and somebody listens or nobody can say
    UNHEARD = "unheard"  # taken, and the broker says that nobody listens
    DENIED = "denied"  # this client may not publish to this topic
    REFUSED = "refused"  # not taken for a reason of its own; trying again may help
    BUSY = "busy"  # the broker is out of quota or busy; nothing is wrong with the message
    POISON = "poison"  # can never be taken


@dataclass(frozen=True, slots=True)
class Verdict:
    """One message judged."""

    key: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from the broker.

    Attributes:
        verdicts: messages judged since the last reply, in the order of their judgement.
        quiet_s: seconds since the broker was last heard of, by any packet.
        receipts: what the monitoring centre said since the last reply.
        words: what came on the other topics that are listened to.
        unbelieved: how many receipts came since the last reply that are none, or not the centre's.
    """

    verdicts: tuple[Verdict, ...]
    quiet_s: float
    receipts: tuple[Receipt, ...] = ()
    words: tuple[Word, ...] = ()
    unbelieved: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of messages that were taken from the outbox.

    Attributes:
        sent: delivered; their rows go.
        refused: the broker will never take them; they become dead letters, and gaps.
        denied: not allowed on their topic; the topic rests for a while, the others go on.
        back: not delivered; they will be taken again, in their old place.
        receipts: what the monitoring centre has; the rows of it go, taken or not.
    """

    sent: frozenset[int] = field(default=frozenset())
    refused: frozenset[int] = field(default=frozenset())
    denied: frozenset[int] = field(default=frozenset())
    back: frozenset[int] = field(default=frozenset())
    receipts: tuple[Receipt, ...] = ()

    def __or__(self, other: "Settlement") -> "Settlement":
        """Both settlements as one."""
        return Settlement(
            self.sent | other.sent,
            self.refused | other.refused,
            self.denied | other.denied,
            self.back | other.back,
            together((*self.receipts, *other.receipts)),
        )

    @property
    def keys(self) -> frozenset[int]:
        """All messages that this settles by key."""
        return self.sent | self.refused | self.denied | self.back

    def __bool__(self) -> bool:
        return bool(self.keys) or bool(self.receipts)


@dataclass(frozen=True, slots=True)
class Stock:
    """What an outbox holds now.

    Attributes:
        rows: messages that wait to be handed out.
        size_bytes: what all undelivered messages weigh against the limit.
        dead: dead letters kept for inspection.
        oldest_s: age of the oldest message that waits, seconds; None when none does.
        lost: messages that were lost and are not yet reported, by cause.
        owed: settled messages whose rows stay until the disk, now full or broken, takes changes again.
    """

    rows: int
    size_bytes: int
    dead: int
    oldest_s: float | None
    lost: Mapping[str, int]
    owed: int = 0
