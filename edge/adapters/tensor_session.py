"""The seam between a detector and a runtime: a model that is open, and what it says of itself.

Law: a runtime is known to its own adapter alone. What it raises while it runs a model is an `InferenceError`
here, and its own names of types are numpy's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from edge.detect.candidates import Tensor


class InferenceError(Exception):
    """A runtime could not run a model; its own error is the cause."""


@dataclass(frozen=True, slots=True)
class Declared:
    """An input or output as the graph declares it.

    Attributes:
        name: as in the file.
        shape: lengths of the axes; None where the graph leaves one open.
        dtype: numpy's name of the type, such as float32.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str


class TensorSession(Protocol):
    """An open model, used by one thread at a time.

    Attributes:
        inputs: what the graph wants, in its order.
        outputs: what the graph gives, in its order.
    """

    inputs: tuple[Declared, ...]
    outputs: tuple[Declared, ...]

    def run(self, names: Sequence[str], feeds: Mapping[str, Tensor]) -> list[Tensor]:
        """The outputs of these names; they stay what they are when the session runs again.

        Raises:
            InferenceError: the model cannot be run on these feeds.
        """
