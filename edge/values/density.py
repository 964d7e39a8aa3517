"""A density map: how many people stand where in a picture, as a number for each cell of a grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.crowd import MapSource

Cells = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class DensityMap:
    """People by place; the sum over the picture is their number.

    Attributes:
        cells: float32 h×w, people in each cell, 0 or more, rows from the top; told where heads are.
        columns: how many cells the picture is wide; the last column may lie half outside it.
        rows: how many cells the picture is high.
        source: what told it.
    """

    cells: Cells
    columns: float
    rows: float
    source: MapSource

    def __post_init__(self) -> None:
        if self.cells.ndim != 2 or self.cells.dtype != np.float32 or not self.cells.size:
            raise ValueError(f"a density map wants float32 h×w, got {self.cells.dtype} {self.cells.shape}")
        high, wide = self.cells.shape
        if not (wide - 1 < self.columns <= wide and high - 1 < self.rows <= high):
            raise ValueError(
                f"a density map of {wide}x{high} cells wants to cover the picture, got {self.columns:g} "
                f"columns and {self.rows:g} rows"
            )
        if not (np.isfinite(self.cells).all() and float(self.cells.min()) >= 0.0):
            raise ValueError("a density map wants numbers of people of 0 or more in its cells")
        self.cells.setflags(write=False)

    @property
    def people(self) -> float:
        """How many there are in the whole picture."""
        return float(self.cells.sum(dtype=np.float64))
