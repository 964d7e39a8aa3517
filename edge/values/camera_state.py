"""How a camera is doing, in the words that operators and monitoring centres read."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment


class CameraState(StrEnum):
    """State of a camera; everything but OK means that nobody watches this place well enough now."""

    OK = "ok"
    CONNECTING = "connecting"
    DEAD = "dead"
    FROZEN = "frozen"
    BLACK = "black"
    IMPAIRED = "impaired"  # pictures come, and do not show what they should
    ENDED = "ended"  # a file was played to its end


class Reason(StrEnum):
    """Why a camera is in its state: a closed list, so that no free text leaves the box."""

    NONE = "none"
    STARTING = "starting"
    UNREACHABLE = "unreachable"  # no route, refused, name not found
    UNAUTHORISED = "unauthorised"  # the camera wants other credentials
    NO_PASSWORD = "no-password"  # noqa: S105 - none: what the configuration names cannot be read on the box
    NOT_FOUND = "not-found"  # the host answers, the stream or file is not there
    NO_VIDEO = "no-video"  # it opened and holds no video stream
    HUNG = "hung"  # a read or open blocked for too long
    STREAM_ENDED = "stream-ended"  # the camera closed the stream
    CORRUPT = "corrupt"  # nothing could be decoded for too long
    SAME_PICTURE = "same-picture"  # bit-identical or nearly identical pictures for too long
    DARK_PICTURE = "dark-picture"  # no light in the picture
    BRIGHT_PICTURE = "bright-picture"  # most of the picture is white
    NO_SIGNAL_PICTURE = "no-signal-picture"  # a picture that a machine draws when no camera is there
    COVERED_PICTURE = "covered-picture"  # most of what stands there cannot be seen any more
    MOVED_PICTURE = "moved-picture"  # the same place, shifted: the camera was turned or bumped
    CHANGED_PICTURE = "changed-picture"  # not the same place, or not from the same side
    BLURRED_PICTURE = "blurred-picture"  # the fine detail is gone
    MOVING_CAMERA = "moving-camera"  # it moves, and some of its rules are for a camera that hangs still
    NO_TELEMETRY = (
        "no-telemetry"  # a moving camera that does not say where it is: no place on the map is judged
    )
    MOTION_LOST = "motion-lost"  # it cannot be told how a moving camera moved: nobody can be followed
    NO_TEMPERATURES = "no-temperatures"  # a thermal camera whose pictures are no counts: no heat is judged
    END_OF_FILE = "end-of-file"
    WORKER_STOPPED = "worker-stopped"  # who watched it was told to stop
    POLICY_EXPIRED = "policy-expired"  # the policy by which it may look is over


@dataclass(frozen=True, slots=True)
class CameraReport:
    """A camera's state since when, and why."""

    camera: str
    state: CameraState
    reason: Reason
    since: Moment
    moment: Moment
