"""Commands to a box: what may be ordered, what became of it, and why it was not done. Closed lists all."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment


class Verb(StrEnum):
    """What may be ordered."""

    HEALTH = "health"  # tell how the box is doing
    RELOAD = "reload"  # read configuration, policy and masks again
    RESTART = "restart"  # stop all of the box's processes and start them again
    PANIC = "panic"  # put footage under hold and raise the alarm


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    CHALLENGE = "challenge"  # sign it again with the challenge in it
    REFUSED = "refused"
    FAILED = "failed"  # it may be done, and the box could not


class Doubt(StrEnum):
    """Why a command was not carried out."""

    NONE = "none"
    OTHER_BOX = "other-box"
    NO_RIGHT = "no-right"  # the policy does not give the signer's role the right
    EXPIRED = "expired"
    EARLY = "early"  # it was issued later than now
    TOO_LONG = "too-long"  # it would be good for longer than commands may
    REPLAYED = "replayed"  # not above the signer's last sequence number
    CLOCK_UNSURE = "clock-unsure"  # the box cannot judge times: see the challenge
    CHALLENGE_UNKNOWN = "challenge-unknown"  # not this box's, too old, or used
    NO_CAMERA = "no-camera"
    NOT_HERE = "not-here"  # nothing on this box could do it
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera in an answer: its id and the first word of its state."""

    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Health:
    """How a box is doing, in an answer.

    Attributes:
        version: of the software.
        up_s: seconds since its start.
        free_mib: room on the disk of its data folder.
        processes, down, deaths: how many there are, how many of them do not live, how often any died.
        waiting, oldest_s, lost: messages in the outbox, age of the oldest, and losses not yet told.
        cameras: one by one.
    """

    version: str
    up_s: int
    free_mib: int
    processes: int
    down: int
    deaths: int
    waiting: int
    oldest_s: int
    lost: int
    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a box says to a command.

    Attributes:
        moment: when.
        nonce: of the command.
        signer: who ordered.
        verb: what was ordered.
        outcome: what became of it.
        doubt: why not; NONE where it was done.
        challenge: to be signed with the command, 32 hex digits; "" where there is none.
        health: asked for; None with every other command.
    """

    moment: Moment
    nonce: str
    signer: str
    verb: Verb
    outcome: Outcome
    doubt: Doubt = Doubt.NONE
    challenge: str = ""
    health: Health | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.DONE) is not (self.doubt is Doubt.NONE):
            raise ValueError(f"an answer wants a doubt unless it is done, got {self.outcome}, {self.doubt}")
        if (self.outcome is Outcome.CHALLENGE) is not bool(self.challenge):
            raise ValueError(f"an answer wants a challenge exactly where it is one, got {self.outcome}")
