"""How patiently the publisher sends, and what became of what it sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, and how patiently, to send.

    Attributes:
        window: messages in flight at once, 1..20.
        grace_s: how long a broker must live after its verdict for the row to go.
        unheard_s: how long after connecting a message that nobody listens to waits for a subscriber, which
            may be on its way back after the broker's restart. Retained messages do not wait.
        retry_s: first pause after a message that nobody listened to, was refused, or met a busy broker.
        answer_s: silence after which a connection with unanswered messages counts as dead.
        settle_s: delivered rows are gathered for this long, then go in one transaction.
        tries: how often a message may be refused, or alone break a connection, before it is given up.
        suspect_bytes: a smaller message that breaks connections without a word is not given up; its topic
            rests, because brokers also hang up on what they forbid.
    """

    window: int = 20
    grace_s: float = 5.0
    unheard_s: float = 10.0
    retry_s: float = 0.25
    answer_s: float = 20.0
    settle_s: float = 1.0
    tries: int = 5
    suspect_bytes: int = 16 << 10

    def __post_init__(self) -> None:
        if not 1 <= self.window <= 20:
            raise ValueError(f"a pace wants a window of 1..20, got {self.window}")


@dataclass(slots=True)
class Tally:
    """What became of messages since the start.

    Attributes:
        sent: acknowledged by a broker.
        resent: handed to a broker more than once.
        unheard: sent, and the broker said that nobody listens.
        denied: not allowed on their topic.
        busy: refused for now.
        given_up: dead letters.
        received: receipted by the monitoring centre.
        unbelieved: receipts that are none, or not the centre's.
    """

    sent: int = 0
    resent: int = 0
    unheard: int = 0
    denied: int = 0
    busy: int = 0
    given_up: int = 0
    received: int = 0
    unbelieved: int = 0

    @property
    def done(self) -> int:
        """Settled messages: a number that grows says that delivery gets on."""
        return self.sent + self.denied + self.given_up + self.received
