"""Density models made on the spot: a map that anybody can work out, and a counter that says what it must."""

import hashlib
from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from edge.adapters.model_folder import LoadedModel
from edge.detect.card import Card, Family, Input, Thresholds
from edge.detect.letterbox import Fit
from edge.detect.map_reading import MapReading
from edge.values.crowd import MapSource
from edge.values.density import DensityMap
from edge.values.detections import NotAnswered
from edge.values.frame import Frame, Size

SIZE = Size(128, 96)
CELL = 8
READING = MapReading(error=0.3)
SOURCE = MapSource("tiny-crowd", "ab" * 32, 0.3)


def white_counter(person_px: float = 64.0) -> bytes:
    """An ONNX model that counts white: every `person_px` pixels of 255 are one person, each in its cell."""
    per_cell = np.float32(CELL * CELL / 255.0 / person_px)
    graph = helper.make_graph(
        [
            helper.make_node("Sub", ["picture", "street"], ["above"]),
            helper.make_node("Relu", ["above"], ["light"]),
            helper.make_node(
                "AveragePool", ["light"], ["mean"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]
            ),
            helper.make_node("Mul", ["mean", "scale"], ["density"]),
        ],
        "counter",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, "h", "w"])],
        [helper.make_tensor_value_info("density", TensorProto.FLOAT, [1, 1, "r", "c"])],
        [
            numpy_helper.from_array(np.float32(150.0), "street"),
            numpy_helper.from_array(per_cell * np.float32(255.0 / 105.0), "scale"),
        ],
    )
    return bytes(
        helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9
        ).SerializeToString()
    )


def counting_model(
    weights: bytes | None = None, reading: MapReading = READING, size: Size = SIZE
) -> LoadedModel:
    """A model that counts white, or other weights, described as a density model."""
    raw = white_counter() if weights is None else weights
    card = Card(
        name="tiny-crowd",
        family=Family.DENSITY_MAP,
        input=Input(size, colour="GREY", divisor=1, fit=Fit.LETTERBOX_TOP_LEFT, pad=0),
        labels=("person",),
        thresholds=Thresholds({}),
        sha256=hashlib.sha256(raw).hexdigest(),
        licence="Apache-2.0",
        source="made for a test",
        data="nothing",
        outputs=("density",),
        crowd=reading,
    )
    return LoadedModel(card, raw, None)


def map_of(heads: np.ndarray, columns: int = 64, rows: int = 36, source: MapSource = SOURCE) -> DensityMap:
    """One person in the cell of each head, n×2 in the unit square."""
    cells = np.zeros((rows, columns), np.float32)
    where = (np.asarray(heads).reshape(-1, 2) * [columns, rows]).astype(int)
    inside = ((where >= 0) & (where < [columns, rows])).all(axis=1)
    np.add.at(cells, (where[inside, 1], where[inside, 0]), 1.0)
    return DensityMap(cells, float(columns), float(rows), source)


class FakeCounter:
    """Gives the scripted maps one after the other, then the last of them for ever.

    Attributes:
        seen: number of every frame that was asked about.
    """

    def __init__(self, answers: Sequence[DensityMap | NotAnswered]) -> None:
        self._answers = tuple(answers)
        self.seen: list[int] = []

    def count(self, frame: Frame) -> DensityMap | NotAnswered:
        if frame.wide is None:
            raise ValueError("wanted a wide picture")
        self.seen.append(frame.seq)
        return self._answers[min(len(self.seen), len(self._answers)) - 1]
