"""Entries of the audit log: who did what to what, written down before it is done."""

import re
from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment

SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_WORDS = 400


class Action(StrEnum):
    """What was done or refused: a closed list."""

    LOG_BEGUN = "log-begun"
    LOG_REPAIRED = "log-repaired"  # a last line that a power cut tore was cut off
    LOG_DAMAGED = "log-damaged"  # the log does not fit the head that this box signed
    STARTED = "started"
    STOPPED = "stopped"
    CONFIG_ACCEPTED = "config-accepted"
    CONFIG_REFUSED = "config-refused"
    POLICY_ACCEPTED = "policy-accepted"
    POLICY_REFUSED = "policy-refused"
    POLICY_EXPIRED = "policy-expired"  # the one that held is over: nothing is looked at or recorded
    MODEL_ACCEPTED = "model-accepted"
    MODEL_REFUSED = "model-refused"
    CLOCK_CHANGED = "clock-changed"
    DENIED = "denied"
    EXPORT_REQUESTED = "export-requested"
    EXPORT_APPROVED = "export-approved"
    EXPORTED = "exported"
    HOLD_PLACED = "hold-placed"
    HOLD_RELEASED = "hold-released"
    PANIC = "panic"
    FOOTAGE_DELETED = "footage-deleted"
    KEY_RELEASED = "key-released"
    CLOCK_CONFIRMED = "clock-confirmed"
    READ = "read"  # somebody looked at what the box keeps or sees
    COMMAND_ACCEPTED = "command-accepted"
    COMMAND_REFUSED = "command-refused"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log.

    Attributes:
        moment: when.
        actor: who: a person's id, or the box's own process, such as `keep`.
        action: what.
        subject: to what: a slot, a segment, a hold.
        case: number of the case it was done for; "" where there is none.
        words: in words, without secrets and without personal data.
    """

    moment: Moment
    actor: str
    action: Action
    subject: str
    case: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        for said in (self.actor, self.subject, self.case, self.words):
            if len(said) > MOST_WORDS or not said.isprintable():
                raise ValueError(
                    f"an audit entry wants printable text of at most {MOST_WORDS} characters, got {len(said)}"
                )
        if not self.actor or not self.subject or len(self.words) > MOST_WORDS:
            raise ValueError(
                f"an audit entry wants an actor, a subject and at most {MOST_WORDS} characters of words, got "
                f"{self.actor!r}, {self.subject!r} and {len(self.words)}"
            )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry is on the disk: its number, and the head of the chain that it made."""

    index: int
    sha256: str

    def __post_init__(self) -> None:
        if self.index < 0 or SHA256.fullmatch(self.sha256) is None:
            raise ValueError(
                f"a receipt wants an index >= 0 and a SHA-256, got {self.index}, {self.sha256!r}"
            )
