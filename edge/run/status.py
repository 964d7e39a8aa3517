"""How a running box is doing, as it tells whoever asks.

Law: nothing here was seen by a camera: names, states, counts and times. What a newer box says more is left
out; what is not known is None and not 0.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

PUBLISH = "publish"


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
