"""What runs a model: the back end, the precision it computes in, and the device.

Law: an engine says everything that can change an answer or its time, and only pairs that exist are engines.
"""

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
