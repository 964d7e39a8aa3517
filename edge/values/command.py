"""Commands to a box: what may be ordered, what became of it, and why it was not done. Closed lists all."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment
from edge.values.refusal import Refusal


class Verb(StrEnum):
    """What may be ordered."""

    HEALTH = "health"  # tell how the box is doing
    RELOAD = "reload"  # read configuration, policy and masks again
    RESTART = "restart"  # stop all of the box's processes and start them again
    PANIC = "panic"  # put footage under hold and raise the alarm
    HOLD = "hold"  # put footage under a hold of an authority
    RELEASE = "release"  # end a hold
    POLICY = "policy"  # put a changed policy of the state in force
    MASK = "mask"  # the same, where all that changes are the masks of one camera
    RETENTION = "retention"  # the same, where all that changes is how long one class of footage is kept
    MODEL = "model"  # look with another of the models that the policy names
    UPDATE = "update"  # take a release on trial that lies on the box already
    AUDIT = "audit"  # leave a copy of the audit log, sealed to who orders it
    EXPORT = "export"  # give out the box's half of footage keys, as two people agreed


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    BEGUN = "begun"  # it goes on for minutes; another answer says how it ended
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
    OTHER_POLICY = "other-policy"  # the change is not one of the policy that holds on this box
    QUORUM = "quorum"  # it loosens a rule, and too few of the roots signed it
    POLICY = "policy"  # the policy that it makes is none, or may not hold here
    CONFIGURATION = "configuration"  # the box's own configuration goes beyond the policy that it makes
    REVIEW = "review"  # the day of review lies outside what the policy says
    NO_HOLD = "no-hold"  # there is none of that name, or it was released already
    NO_MODEL = "no-model"  # the box has no detector of that name and hash
    MODEL = "model"  # a list of models that may look here does not name it
    UNFIT = "unfit"  # it was tried, did not work, and the one before works again
    EXPORT = "export"  # nothing may leave: see the refusal
    NO_SEAL = "no-seal"  # the policy names no recipient to which a copy for this person could be sealed
    NO_RELEASE = "no-release"  # no bundle on the box says this version, number and hash
    RELEASE = "release"  # it may not be taken here, or is damaged; the log of the update says why
    TURN = "turn"  # it is for a share of the boxes, and not for this one yet


NOT_ALLOWED = frozenset(
    {
        Doubt.OTHER_POLICY,
        Doubt.QUORUM,
        Doubt.POLICY,
        Doubt.CONFIGURATION,
        Doubt.REVIEW,
        Doubt.MODEL,
        Doubt.EXPORT,
        Doubt.RELEASE,
    }
)
"""Doubts that are found only while a command is carried out, and say that it must not be."""


class Loosened(StrEnum):
    """What a change of the policy would loosen: every field of a policy that has an order."""

    COUNTRY = "country"
    EXPIRES = "expires"
    CONTROLLER = "controller"
    CONTACT = "contact"
    PARTIES = "parties"
    PURPOSES = "purposes"
    CAPABILITIES = "capabilities"
    FORBIDDEN = "forbidden"
    MODELS = "models"
    MASKS = "masks"
    MAX_PX_PER_M = "max_px_per_m"
    MAX_ROTATION_S = "max_rotation_s"
    PUBLISH_BOXES = "publish_boxes"
    PUBLISH_LABELS = "publish_labels"
    PUBLIC_MIN_COUNT = "public_min_count"
    RETENTION = "retention"
    HOLD_REVIEW_DAYS = "hold_review_days"
    HOLD_BEFORE_S = "hold_before_s"
    HOLD_AFTER_S = "hold_after_s"
    ACCESS = "access"
    EGRESS = "egress"
    CAMERAS = "cameras"
    PUBLISH_PLACES_M = "publish_places_m"


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
class Package:
    """What was left on the box to be fetched: name of a file in `exports`, and the SHA-256 of its bytes."""

    name: str
    sha256: str


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
        rule: field of the policy that a command would loosen, with the doubt QUORUM; else None.
        hold: that was placed or released, 12 hex digits; "" with every other command.
        refusal: why nothing may leave, with the doubt EXPORT; else None.
        package: what an export, or a copy of the audit log, left on the box; None with every other command.
    """

    moment: Moment
    nonce: str
    signer: str
    verb: Verb
    outcome: Outcome
    doubt: Doubt = Doubt.NONE
    challenge: str = ""
    health: Health | None = None
    rule: Loosened | None = None
    hold: str = ""
    refusal: Refusal | None = None
    package: Package | None = None

    def __post_init__(self) -> None:
        if (self.outcome in {Outcome.DONE, Outcome.BEGUN}) is not (self.doubt is Doubt.NONE):
            raise ValueError(
                f"an answer wants a doubt unless it is done or begun, got {self.outcome}, {self.doubt}"
            )
        if (self.outcome is Outcome.CHALLENGE) is not bool(self.challenge):
            raise ValueError(f"an answer wants a challenge exactly where it is one, got {self.outcome}")
        if (self.doubt is Doubt.QUORUM) is (self.rule is None):
            raise ValueError(f"an answer wants a rule exactly where a quorum is missing, got {self.doubt}")
        if (self.doubt is Doubt.EXPORT) is (self.refusal is None):
            raise ValueError(f"an answer wants a refusal exactly where nothing may leave, got {self.doubt}")


@dataclass(frozen=True, slots=True)
class End:
    """How a command ended that another process of the box carried out.

    Attributes:
        nonce: of the command.
        signer: who ordered.
        verb: what was ordered.
        doubt: why it was not done; NONE where it was.
    """

    nonce: str
    signer: str
    verb: Verb
    doubt: Doubt
