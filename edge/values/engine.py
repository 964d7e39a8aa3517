"""What runs a model: the back end, the precision it computes in, and the device.

Law: an engine says everything that can change an answer or its time, and only pairs that exist are engines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Provider = Literal["cpu", "cuda", "tensorrt", "openvino"]


class Backend(StrEnum):
    """The runtime."""

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"


class Precision(StrEnum):
    """The numbers that a model computes in."""

    FP32 = "fp32"  # the file's own numbers, none of them lowered
    BF16 = "bf16"  # the same file, multiplied in bfloat16 where the CPU can
    INT8 = "int8"  # another file: the model's quantised copy


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to run a model.

    Attributes:
        backend: the runtime.
        precision: the numbers it computes in.
        provider: onnxruntime's execution provider; `cpu` with every other back end.
        threads: threads that one inference may use.
    """

    backend: Backend = Backend.ONNXRUNTIME
    precision: Precision = Precision.FP32
    provider: Provider = "cpu"
    threads: int = 1

    def __post_init__(self) -> None:
        if self.backend is Backend.ONNXRUNTIME and self.precision is Precision.BF16:
            raise ValueError("an engine wants bf16 of openvino, got onnxruntime, which has none on a CPU")
        if self.backend is not Backend.ONNXRUNTIME and self.provider != "cpu":
            raise ValueError(f"an engine wants provider {self.provider} of onnxruntime, got {self.backend}")
        if self.threads < 1:
            raise ValueError(f"an engine wants at least one thread, got {self.threads}")

    def __str__(self) -> str:
        where = "" if self.provider == "cpu" else f" on {self.provider}"
        many = "" if self.threads == 1 else f", {self.threads} threads"
        return f"{self.backend} {self.precision}{where}{many}"


BASE = Engine()
"""What every box has."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What one engine was worth on one machine.

    Attributes:
        engine: what ran.
        weights: SHA-256 of the weights that it ran: the model's, or those of its INT8 copy.
        p10_ms, median_ms: CPU time of one answer, from a picture's pixels to its boxes, milliseconds.
        recall: share of the base's boxes that it finds too; None where there were too few to tell.
        precision: share of its boxes that the base finds too; None as above.
    """

    engine: Engine
    weights: str
    p10_ms: float
    median_ms: float
    recall: float | None
    precision: float | None

    def agrees(self, least: float) -> bool:
        """Whether it finds what the base finds; untold counts as yes for the file's own numbers alone."""
        if self.recall is None or self.precision is None:
            return self.engine.precision is Precision.FP32
        return min(self.recall, self.precision) >= least


LEAST_AGREEMENT = 0.93
"""Recall and precision against the base below which an engine is never chosen by itself."""


def fastest(
    timings: Iterable[Timing], backend: Backend | None = None, precision: Precision | None = None
) -> Timing | None:
    """The fastest of those that agree with the base and are as wanted; None where there is none.

    Args:
        timings: of one model on one machine.
        backend: wanted; any unless given.
        precision: wanted; any unless given.
    """
    fit = [
        each
        for each in timings
        if backend in (None, each.engine.backend)
        and precision in (None, each.engine.precision)
        and each.agrees(LEAST_AGREEMENT)
    ]
    return min(fit, key=lambda each: each.median_ms, default=None)
