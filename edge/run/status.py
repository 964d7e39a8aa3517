"""How a running box is doing, worked out from the pulses of its processes.

Law: rates are differences between two pulses of one process; where there are not two, they are unknown and
not 0. Nothing here was seen by a camera: names, states, counts and times.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from edge.run.assign import Group
from edge.run.histogram import quantile_ms
from edge.run.publish import CONNECTED
from edge.values.camera_state import CameraState, Reason
from edge.values.gap import GapCause
from edge.values.pulse import Pulse

PUBLISH = "publish"
OVER = f"{CameraState.DEAD} ({Reason.POLICY_EXPIRED})"
"""State of every camera while the policy is over."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something takes: half of the times less than `p50_ms`, 95 % less than `p95_ms`."""

    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera.

    Attributes:
        camera: its id.
        state: its state and the reason for it, or `starting` before its worker said anything.
        fps: frames looked at or found still, per second; None before it is known.
        still: share of them that the motion gate spared, 0..1.
        delay_ms: from picture to commit, mean over the last seconds.
        dropped: frames that a newer one replaced before they were looked at.
        worker: process that watches it.
        inference: time of one answer of the detector, over the last seconds; None where there was none.
        event: from a picture to the commit of what it led to, since the worker started; None likewise.
        uncounted: places with a crowd too dense to count: its event says at least so many.
    """

    camera: str
    state: str
    fps: float | None
    still: float | None
    delay_ms: int | None
    dropped: int
    worker: str
    inference: Spread | None = None
    event: Spread | None = None
    uncounted: int = 0

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "CameraStatus":
        """What `asdict` made."""
        spreads = {name: said[name] and Spread(**said[name]) for name in ("inference", "event")}
        return cls(**_known(cls, {**said, **spreads}))


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process: its name, how it says it is doing, whether it came alive, how often it died."""

    name: str
    state: str
    lives: bool
    deaths: int


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """The durable queue as the publisher sees it.

    Attributes:
        broker: what the publisher says of its broker.
        connected: whether a broker takes messages now.
        waiting: messages that wait.
        oldest_s: age of the oldest of them, seconds.
        sent_per_s: messages acknowledged per second; None before it is known.
        lost: lost messages that are not yet reported.
        dead: dead letters kept for inspection.
        lost_by: the lost ones by cause, causes without one left out.
    """

    broker: str
    connected: bool
    waiting: int
    oldest_s: int
    sent_per_s: float | None
    lost: int
    dead: int
    lost_by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the machine tells: the data folder's disk in MiB, its warmest part in °C, its clock's trust."""

    free_mib: int
    size_mib: int
    temperature_c: float | None
    clock: str


@dataclass(frozen=True, slots=True)
class PolicyStatus:
    """The policy of the state that holds here: its version, its first day without force, days until then.

    `over` tells that it holds no more: nothing is looked at or recorded.
    """

    version: int
    expires: str
    days_left: int
    over: bool


@dataclass(frozen=True, slots=True)
class BoxStatus:
    """The whole box.

    Attributes:
        node, region, version, boot: which box, software and run.
        up_s: seconds since its start.
        free_mib, size_mib: room on the disk of its data folder, and that disk.
        temperature_c: the warmest part of the machine, °C; None where nothing is measured.
        clock: how far its time can be trusted: `synced` or `unsynced`.
        metrics: URL for Prometheus, "" where there is none.
        cameras, processes: one line each.
        outbox: None before the publisher said anything.
        policy: None for a box that has none of the state.
    """

    node: str
    region: str
    version: str
    boot: str
    up_s: int
    free_mib: int
    size_mib: int
    temperature_c: float | None
    clock: str
    metrics: str
    cameras: tuple[CameraStatus, ...]
    processes: tuple[ProcessStatus, ...]
    outbox: OutboxStatus | None
    policy: PolicyStatus | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it as a JSON object; null for what is not known."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "BoxStatus":
        """What `to_json` made."""
        return cls(
            **{
                **_known(cls, said),
                "cameras": tuple(CameraStatus.from_json(row) for row in said["cameras"]),
                "processes": tuple(ProcessStatus(**_known(ProcessStatus, row)) for row in said["processes"]),
                "outbox": None
                if said["outbox"] is None
                else OutboxStatus(**_known(OutboxStatus, said["outbox"])),
                "policy": None
                if said.get("policy") is None
                else PolicyStatus(**_known(PolicyStatus, said["policy"])),
            }
        )


def _known(kind: type, said: Mapping[str, Any]) -> dict[str, Any]:
    """What this program knows of what a box says; a newer one, which it may have on trial, says more."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in said.items() if name in names}


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
