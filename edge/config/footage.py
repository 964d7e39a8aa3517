"""How footage is recorded and kept, as the configuration names it."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from edge.config.fields import Id, Strict
from edge.config.spec import FootageSpec, PanicSpec
from edge.footage.cutter import MOST_SEGMENT_S
from edge.governance.policy import StatePolicy

GIB = 1 << 30


class Panic(Strict):
    """What a panic button does."""

    before_s: int | None = Field(
        None,
        description="seconds of footage before the alarm to hold; what the policy says unless given",
        ge=0,
        le=86_400,
    )
    after_s: int | None = Field(
        None,
        description="seconds of footage after it to hold; what the policy says unless given",
        ge=0,
        le=86_400,
    )
    review_days: int | None = Field(
        None,
        description="days until somebody must look at the hold again; what the policy says unless given",
        ge=1,
        le=366,
    )
    http_port: int | None = Field(
        None, description="TCP port on loopback for POST /panic; none unless given", ge=1024, le=65_535
    )
    mqtt: bool = Field(
        False, description="also listen to the topic safecity/v1/REGION/NODE/command/panic at the broker"
    )


class Footage(Strict):
    """Sealed recording; it needs a signed `policy`, and cameras with a `record` stream."""

    folder: str | None = Field(
        None, description="where sealed footage lies, relative to this file; data_dir/footage unless given"
    )
    quota_gib: float = Field(description="most that footage may take on the disk, GiB", ge=0.01, le=1_000_000)
    reserve_gib: float = Field(
        2.0, description="GiB that must stay free on the disk for everything else", ge=0.01, le=10_000
    )
    segment_s: float = Field(
        20.0,
        description="usual length of a segment, seconds; so much a power cut costs",
        ge=2,
        le=MOST_SEGMENT_S,
    )
    on_hold: list[Id] = Field(
        default_factory=list,
        description="cameras whose footage waits in memory, and is kept where a hold or an alarm asks for it",
        max_length=64,
    )
    on_hold_before_s: int = Field(
        60, description="seconds that the footage of such a camera waits in memory", ge=5, le=600
    )
    confirm_clock_s: int = Field(
        600,
        description="a step of the clock is believed once a synchronised clock showed it twice, so many "
        "seconds apart",
        ge=60,
        le=86_400,
    )
    panic: Panic = Field(default_factory=Panic)

    @model_validator(mode="after")
    def _each_stands_once(self) -> Self:
        if len(set(self.on_hold)) != len(self.on_hold):
            raise ValueError("on_hold: a camera stands there twice")
        return self

    def spec(self, data_dir: Path, base: Path, policy: StatePolicy) -> FootageSpec:
        """The section as the processes want it."""
        named = Path(self.folder).expanduser() if self.folder else data_dir / "footage"
        panic = self.panic
        return FootageSpec(
            folder=(base / named).resolve(),
            quota_bytes=round(self.quota_gib * GIB),
            reserve_bytes=round(self.reserve_gib * GIB),
            segment_s=self.segment_s,
            on_hold=frozenset(self.on_hold),
            on_hold_before_s=float(self.on_hold_before_s),
            confirm_clock_s=float(self.confirm_clock_s),
            panic=PanicSpec(
                before_s=float(_given(panic.before_s, policy.hold_before_s)),
                after_s=float(_given(panic.after_s, policy.hold_after_s)),
                review_days=_given(panic.review_days, policy.hold_review_days),
                http_port=panic.http_port,
                mqtt=panic.mqtt,
            ),
        )


def _given(written: int | None, policy: int) -> int:
    return policy if written is None else written
