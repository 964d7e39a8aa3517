"""What the pulses of a box's processes say about its cameras, processes and outbox.

Law: rates are differences between two pulses of one process; where there are not two, they are unknown and
not 0. No clock of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from edge.run.assign import Group
from edge.run.histogram import quantile_ms
from edge.run.publish import CONNECTED
from edge.run.status import PUBLISH, CameraStatus, OutboxStatus, ProcessStatus, Spread
from edge.values.camera_state import CameraState, Reason
from edge.values.gap import GapCause
from edge.values.pulse import Pulse

OVER = f"{CameraState.DEAD} ({Reason.POLICY_EXPIRED})"
"""State of every camera while the policy is over."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the supervisor knows of one process: its last pulses, oldest first, and its cameras."""

    name: str
    group: Group
    lives: bool
    deaths: int
    pulses: Sequence[Pulse]

    @property
    def last(self) -> Pulse | None:
        """The newest pulse."""
        return self.pulses[-1] if self.pulses else None

    def count(self, name: str) -> int:
        """A count as it stands."""
        return 0 if self.last is None else self.last.counts.get(name, 0)

    def grown(self, *names: str) -> int:
        """By how much counts grew over the pulses; a count that begins anew has not grown."""
        if len(self.pulses) < 2:
            return 0
        first, last = self.pulses[0].counts, self.pulses[-1].counts
        return sum(max(0, last.get(name, 0) - first.get(name, 0)) for name in names)

    @property
    def span_s(self) -> float:
        """Time from the first to the last pulse, seconds."""
        return self.pulses[-1].moment.seconds_since(self.pulses[0].moment) if self.pulses else 0.0


def cameras_of(heard: Iterable[Heard]) -> Iterable[CameraStatus]:
    """One line for each camera, in the order of the workers."""
    for process in heard:
        for camera in process.group:
            yield _camera(process, camera)


def unwatched(cameras: Iterable[str]) -> Iterable[CameraStatus]:
    """One line for each camera of a box whose policy is over."""
    for camera in cameras:
        yield CameraStatus(camera, OVER, None, None, None, 0, "")


def processes_of(heard: Iterable[Heard]) -> Iterable[ProcessStatus]:
    """One line for each process."""
    for one in heard:
        silent = "running" if one.lives else "starting"  # the tail has no pulse
        state = silent if one.last is None else one.last.state
        yield ProcessStatus(one.name, state, one.lives, one.deaths)


def outbox_of(heard: Iterable[Heard]) -> OutboxStatus | None:
    """What the publisher says; None before its first word."""
    for one in heard:
        if one.name == PUBLISH and one.last is not None:
            sent = round(one.grown("sent") / one.span_s, 2) if one.span_s else None
            state, counts = one.last.state, one.last.counts
            return OutboxStatus(
                state,
                state.startswith(CONNECTED),
                counts["backlog_rows"],
                counts["oldest_s"],
                sent,
                counts["lost"],
                counts["dead_letters"],
                {cause.value: lost for cause in GapCause if (lost := counts.get(f"lost.{cause}", 0))},
            )
    return None


def _camera(process: Heard, camera: str) -> CameraStatus:
    looked = process.grown(f"{camera}.answered", f"{camera}.still")
    last = process.last
    return CameraStatus(
        camera=camera,
        state="starting" if last is None else last.words.get(camera, "starting"),
        fps=round(looked / process.span_s, 2) if process.span_s else None,
        still=round(process.grown(f"{camera}.still") / looked, 3) if looked else None,
        delay_ms=process.count(f"{camera}.delay_ms") or None,
        dropped=process.count(f"{camera}.dropped"),
        worker=process.name,
        inference=_spread(lambda bound: process.grown(f"{camera}.inference.{bound}")),
        event=_spread(lambda bound: process.count(f"{camera}.told_after.{bound}")),
        uncounted=process.count(f"{camera}.uncounted"),
    )


def _spread(count: Callable[[str], int]) -> Spread | None:
    p50, p95 = quantile_ms(count, 0.5), quantile_ms(count, 0.95)
    return None if p50 is None or p95 is None else Spread(p50, p95)
