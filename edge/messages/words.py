"""Plain words for what messages say in codes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo

from edge.values.camera_state import Reason
from edge.values.event import EndCause
from edge.values.gap import GapCause

_PLURALS = {
    "person": "people",
    "bus": "buses",
    "bench": "benches",
    "sheep": "sheep",
    "mouse": "mice",
    "knife": "knives",
}

REASONS = {
    Reason.NONE: "all is well",
    Reason.STARTING: "starting",
    Reason.UNREACHABLE: "cannot be reached",
    Reason.UNAUTHORISED: "wants another user name or password",
    Reason.NO_PASSWORD: "the box has no password for it; its log says how to mend that",
    Reason.NOT_FOUND: "no such stream or file",
    Reason.NO_VIDEO: "no video in the stream",
    Reason.HUNG: "no picture comes, the connection hangs",
    Reason.STREAM_ENDED: "the camera closed the stream",
    Reason.CORRUPT: "nothing can be decoded",
    Reason.SAME_PICTURE: "the same picture again and again",
    Reason.DARK_PICTURE: "no light in the picture",
    Reason.BRIGHT_PICTURE: "most of the picture is white",
    Reason.NO_SIGNAL_PICTURE: "a picture drawn by a machine, no camera behind it",
    Reason.COVERED_PICTURE: "the camera is covered",
    Reason.MOVED_PICTURE: "the camera was moved",
    Reason.CHANGED_PICTURE: "not the place that it was",
    Reason.BLURRED_PICTURE: "out of focus",
    Reason.MOVING_CAMERA: "it moves, and some of its rules are for a camera that hangs still",
    Reason.NO_TELEMETRY: "it moves and does not say where it is",
    Reason.MOTION_LOST: "nobody can say how it moves",
    Reason.NO_TEMPERATURES: "its pictures are no 16-bit counts, so there are no temperatures",
    Reason.END_OF_FILE: "played to the end",
    Reason.WORKER_STOPPED: "no longer watched, as asked: the run ended, or goes on without it",
    Reason.POLICY_EXPIRED: "not looked at, the policy of the state is over",
}

ENDS = {
    EndCause.CLEARED: "",
    EndCause.INSTANT: "",
    EndCause.UNSEEN: "lost from view",
    EndCause.INTERRUPTED: "watching was interrupted",
    EndCause.RETIRED: "the rule was changed",
    EndCause.SETTLED: "it is taken for a part of the place",
}

LOSSES = {
    GapCause.SHED: "shed from a full outbox",
    GapCause.SUPERSEDED: "replaced by newer states",
    GapCause.OVERSIZE: "too large to send",
    GapCause.REFUSED: "refused by the broker",
    GapCause.DAMAGED: "damaged on the disk",
}


SMALL = 10.0


def counted(count: int, labels: Sequence[str]) -> str:
    """The number and what it counts: `3 people`, or `3 objects (2 people, 1 car)`.

    `labels` are those of the objects that were named, perhaps not all, perhaps none.
    """
    named = Counter(labels)
    if len(named) == 1:
        return f"{count} {plural(labels[0], count)}"
    whole = f"{count} {plural('object', count)}"
    parts = ", ".join(f"{n} {plural(label, n)}" for label, n in named.most_common())
    return f"{whole} ({parts})" if parts else whole


def plural(label: str, count: int) -> str:
    """The label in the number that the count wants."""
    return label if count == 1 else _PLURALS.get(label, label + "s")


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in a zone; as it is at the ends of the calendar, which zones cannot pass."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def when(utc: str, zone: tzinfo) -> str:
    """A moment in a zone, such as `2026-06-01 22:00:05.0 +0500`."""
    then = local(datetime.fromisoformat(utc), zone)
    return f"{then:%Y-%m-%d %H:%M:%S}.{then.microsecond // 100_000} {then:%z}"


def figures(*values: float) -> tuple[str, ...]:
    """Numbers that belong together, with a decimal where one is so small that rounding would hide how far it
    is from a limit."""
    digits = 1 if min(values) < SMALL else 0
    return tuple(f"{value:.{digits}f}" for value in values)


def give_or_take(value: float, error: float) -> str:
    """A number and its error, such as `4.7 ± 0.1`, with so many decimals that the error is not zero."""
    for digits in (1, 2):
        if round(error, digits) > 0:
            return f"{value:,.{digits}f} ± {error:,.{digits}f}"
    return f"{value:,.2f} ± < 0.01"


def lasting(seconds: float) -> str:
    """A duration in at most two units: `8 s`, `2 min 5 s`, `3 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
