"""From the tensor of a density model to people by place: scaled, and cut to the picture.

Law: the sum of a map is a number of people. Numbers that are none are no answer; a little below zero is
rounding and counts as nobody.
"""

import numpy as np

from edge.detect.candidates import Shape, Tensor
from edge.detect.letterbox import Placement
from edge.detect.map_reading import MapReading
from edge.values.crowd import MapSource
from edge.values.density import DensityMap
from edge.values.detections import NotAnswered, Unanswered
from edge.values.frame import Size

COARSEST = 32
"""Most pixels of a cell's side: beyond it a map says little of where people stand."""


def is_map(shape: Shape, size: Size) -> bool:
    """Whether an output of this shape is a map of one value for each place of an input of that size."""
    match shape:
        case (1, 1, int(high), int(wide)) if high > 0 and wide > 0:
            across, down = size.width / wide, size.height / high
            return 1 <= down <= COARSEST and abs(across - down) <= 0.1 * down
        case _:
            return False


def people_by_place(
    output: Tensor, size: Size, placement: Placement, reading: MapReading, source: MapSource
) -> DensityMap | NotAnswered:
    """The map of a picture.

    Args:
        output: float32 1×1×h×w, as `is_map` wants it.
        size: of the model's input, pixels.
        placement: where the picture lies in it; at the top left.
        reading: how the numbers are read.
        source: for the map.
    """
    if not np.isfinite(output).all():
        return NotAnswered(Unanswered.NOT_FINITE)
    _, _, high, wide = output.shape
    columns, rows = placement.content.width * wide / size.width, placement.content.height * high / size.height
    cells = output[0, 0, : int(np.ceil(rows)), : int(np.ceil(columns))] * np.float32(reading.scale)
    return DensityMap(np.maximum(cells, np.float32(0.0)), columns, rows, source)
