"""A redacted message: the only value that may leave the box."""

from dataclasses import dataclass
from enum import IntEnum


class Urgency(IntEnum):
    """Order of shedding when the outbox is full, lowest first; alarms go last."""

    STATE = 0
    NOTICE = 1
    ALARM = 2
    GAP = 3  # a report of shed messages; never shed


@dataclass(frozen=True, slots=True)
class RedactedMessage:
    """Bytes that passed the allow-list, with where and how they are to be sent.

    Attributes:
        topic: full MQTT topic, no wildcards.
        body: canonical JSON object (sorted keys, no spaces, UTF-8) without boot id and sequence number;
            the outbox stamps these when it commits the message (`stamped`).
        urgency: shedding class.
        event_id: id of the event, or "" for a message that is no event.
        revision: revision of the event.
        closes: True when this is the event's last message.
        retain: ask the broker to keep it as the topic's last value.
        expiry_s: MQTT 5 message expiry, seconds; None for no expiry.
    """

    topic: str
    body: bytes
    urgency: Urgency
    event_id: str = ""
    revision: int = 0
    closes: bool = True
    retain: bool = False
    expiry_s: int | None = None

    def __post_init__(self) -> None:
        if not self.topic or "+" in self.topic or "#" in self.topic or "\0" in self.topic:
            raise ValueError(f"a message wants a topic without wildcards, got {self.topic!r}")
        if not (self.body.startswith(b"{") and self.body.endswith(b"}")):
            raise ValueError("a message wants a JSON object as its body")

    def stamped(self, boot: str, sequence: int) -> bytes:
        """The bytes to send: the body with CloudEvents extension attributes `boot` and `sequence` appended.

        `sequence` is an 20-digit zero-padded string, as the CloudEvents sequence extension wants it to
        sort lexicographically.
        """
        head = self.body[:-1]
        comma = b"," if len(head) > 1 else b""
        return head + comma + f'"boot":"{boot}","sequence":"{sequence:020d}"}}'.encode()
