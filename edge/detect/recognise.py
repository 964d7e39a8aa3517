"""Which family a model is of, from the shapes of its inputs and outputs and from what its exporter wrote.

Law: what can be read is read, what is usual of a family is proposed, and what can be neither is asked for. A
model of no known family is refused with what it looks like.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from edge.detect.candidates import Shape
from edge.detect.card import Family, Input, Thresholds
from edge.detect.density_map import is_map
from edge.detect.fit import Fit
from edge.values.errors import ModelError
from edge.values.frame import Size

STRIDES = (8, 16, 32)
SIZES_INPUT = "orig_target_sizes"


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a graph; lengths that it leaves open are None."""

    name: str
    shape: Shape
    dtype: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The input that takes the picture, as far as the graph says.

    Attributes:
        size: None where the graph leaves it open.
        layout: order of the axes.
        dtype: type of the values.
        channels: 3, or 1 for grey.
    """

    size: Size | None
    layout: Literal["NCHW", "NHWC"]
    dtype: Literal["float32", "uint8"]
    channels: int = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is known of a model once it was looked at.

    Attributes:
        family: layout of its answers.
        classes: number of its classes; None where the outputs do not show it.
        labels: their names, where the exporter wrote them.
        licence: SPDX identifier, where the exporter wrote one.
        data: what it was trained on, where the exporter wrote it.
    """

    family: Family
    classes: int | None
    labels: tuple[str, ...] | None = None
    licence: str | None = None
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """How models of a family usually want their picture, and which of their answers are believed."""

    colour: Literal["RGB", "BGR"]
    divisor: float
    fit: Fit
    mean: tuple[float, float, float] = (0, 0, 0)
    std: tuple[float, float, float] = (1, 1, 1)
    pad: int = 114
    thresholds: Thresholds = field(default_factory=lambda: Thresholds({}))

    def input(self, size: Size, picture: Picture) -> Input:
        """The input of a card; bytes are taken as they are, because such a model scales by itself."""
        colour = "GREY" if picture.channels == 1 else self.colour
        if picture.dtype == "uint8":
            return Input(size, picture.layout, "uint8", colour, 1, fit=self.fit, pad=self.pad)
        scaling = (self.divisor, self.mean, self.std)
        return Input(size, picture.layout, "float32", colour, *scaling, self.fit, self.pad)


_NANODET = ((103.53, 116.28, 123.675), (57.375, 57.12, 58.395))

USUAL: Mapping[Family, Usual] = {
    Family.YOLOX: Usual("BGR", 1, Fit.LETTERBOX_TOP_LEFT),
    Family.ULTRALYTICS: Usual("RGB", 255, Fit.LETTERBOX_CENTRE),
    Family.ULTRALYTICS_END2END: Usual("RGB", 255, Fit.LETTERBOX_CENTRE),
    Family.DEIM: Usual("RGB", 255, Fit.STRETCH, thresholds=Thresholds({}, nms_iou=0.8)),
    Family.NANODET: Usual("BGR", 1, Fit.LETTERBOX_CENTRE, *_NANODET, pad=0),
    Family.FASTESTDET: Usual("BGR", 255, Fit.STRETCH, thresholds=Thresholds({}, default=0.6, nms_iou=0.45)),
    Family.DENSITY_MAP: Usual("RGB", 1, Fit.LETTERBOX_TOP_LEFT, pad=0),
}
"""As their projects' own export and sample code feed them; see the sources named in the decoders."""


def picture_of(inputs: Sequence[Port], metadata: Mapping[str, str]) -> Picture:
    """The input that takes the picture.

    Raises:
        ModelError: there is none that a frame of a camera fits into.
    """
    pictures = [port for port in inputs if port.name != SIZES_INPUT]
    told = ", ".join(f"{port.name} {_shape(port.shape)} {port.dtype}" for port in inputs)
    if len(pictures) != 1 or len(pictures[0].shape) != 4:
        raise ModelError(
            f"wanted one picture as input, of four axes, got {told}; export a detector of pictures"
        )
    shape, dtype = pictures[0].shape, pictures[0].dtype
    if dtype not in ("float32", "uint8"):
        raise ModelError(f"wanted an input of float32 or uint8, got {told}; export it without half precision")
    deep = next((channels for channels in (3, 1) if channels in (shape[1], shape[3])), None)
    if deep is None:
        raise ModelError(f"wanted an input of three colours, or of grey, got {told}")
    layout: Literal["NCHW", "NHWC"] = "NCHW" if shape[1] == deep else "NHWC"
    height, width = (shape[2], shape[3]) if layout == "NCHW" else (shape[1], shape[2])
    size = Size(width, height) if width and height else _size_of(metadata)
    return Picture(size, layout, "uint8" if dtype == "uint8" else "float32", deep)


def recognise(
    inputs: Sequence[Port], outputs: Sequence[Port], size: Size, metadata: Mapping[str, str]
) -> Recognised:
    """Family, classes and what the exporter wrote.

    Args:
        inputs: of the graph.
        outputs: of a run on a picture of `size`, so that every length is known.
        size: of the input.
        metadata: what the exporter wrote, by key.

    Raises:
        ModelError: it is of no known family, or made for another task.
    """
    family, classes = _family(inputs, outputs, size)
    labels = _labels(metadata.get("names", ""))
    if labels is not None and classes is not None and len(labels) != classes:
        raise ModelError(
            f"the graph names {len(labels)} classes, its output has {classes}; it was put together wrongly, "
            "or tells more than classes: export it again for the task detect"
        )
    if family is Family.DENSITY_MAP:
        labels = ("person",)
    elif any(port.shape[1:2] == (1,) or port.shape[3:] == (1,) for port in inputs if len(port.shape) == 4):
        raise ModelError("a detector wants an input of three colours, got one of grey; export it in colour")
    return Recognised(family, classes, labels, _licence(metadata), _data(metadata))


def _family(inputs: Sequence[Port], outputs: Sequence[Port], size: Size) -> tuple[Family, int | None]:
    names = {output.name for output in outputs}
    if any(port.name == SIZES_INPUT for port in inputs) and names == {"labels", "boxes", "scores"}:
        return Family.DEIM, None
    shapes = [output.shape for output in outputs]
    if len(shapes) == 1 and is_map(shapes[0], size):
        return Family.DENSITY_MAP, 1
    cells = [(size.width // s) * (size.height // s) for s in STRIDES]
    if len(shapes) == 6 and [shape[1] for shape in shapes if len(shape) == 3] == cells * 2:
        return Family.NANODET, shapes[0][2]
    if len(shapes) == 1 and (found := _single(shapes[0], size, sum(cells))) is not None:
        return found
    told = ", ".join(f"{output.name} {_shape(output.shape)}" for output in outputs)
    raise ModelError(
        f"outputs {told} at {size.width}x{size.height} are of no known family{_likely(shapes, sum(cells))}; "
        f"known are {', '.join(Family)} (docs/reference/model-card.md)"
    )


def _single(shape: Shape, size: Size, cells: int) -> tuple[Family, int | None] | None:
    """Family and classes of a model with one output of this shape."""
    grid = (size.height // 16, size.width // 16)
    match shape:
        case (1, int(deep), *rest) if tuple(rest) == grid and deep > 5:
            return Family.FASTESTDET, deep - 5
        case (1, int(deep), n) if n == cells and deep > 4:
            return Family.ULTRALYTICS, deep - 4
        case (1, n, int(deep)) if n == cells and deep > 5:
            return Family.YOLOX, deep - 5
        case (1, _, 6):
            return Family.ULTRALYTICS_END2END, None
        case _:
            return None


def _likely(shapes: Sequence[Shape], cells: int) -> str:
    """What a model that is of no known family looks like, in words."""
    match shapes:
        case [(1, n, _)] if n == 3 * cells:
            return ": three anchors for each cell are those of YOLOv5 to v7, take YOLOv8 or later"
        case [(1, 1, _, _)]:
            return ": a map of one value for each place wants cells as wide as high, of at most 32 pixels"
        case [(1, _)]:
            return ": one row of numbers is a classifier's or an embedding's, which may not run here"
        case [_, _, *_]:
            return ": it tells more than one thing, or was exported without its last layers"
        case _:
            return ""


def _labels(names: str) -> tuple[str, ...] | None:
    """Names of the classes as Ultralytics writes them: {0: 'person', 1: …}; None where there are none."""
    try:
        found = ast.literal_eval(names)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(found, dict) or sorted(found, key=str) != sorted(range(len(found)), key=str):
        return None
    return spelled([str(found[index]) for index in range(len(found))])


def spelled(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels as a card spells them: lower-case, without signs; what stays the same twice gets a number."""
    plain = [re.sub(r"[^a-z0-9_-]+", " ", label.lower()).strip(" _-")[:40] or "class" for label in labels]
    return tuple(
        label if plain.index(label) == index else f"{label[:36]} {index}" for index, label in enumerate(plain)
    )


def _size_of(metadata: Mapping[str, str]) -> Size | None:
    """Width and height from Ultralytics' `imgsz`, which is [height, width]."""
    found = re.fullmatch(r"\[(\d{2,4}), (\d{2,4})\]", metadata.get("imgsz", ""))
    return Size(int(found[2]), int(found[1])) if found else None


def _licence(metadata: Mapping[str, str]) -> str | None:
    told = metadata.get("license", "")
    return "AGPL-3.0-only" if told.startswith("AGPL-3.0") else (told[:100] or None)


def _data(metadata: Mapping[str, str]) -> str | None:
    """What an Ultralytics description says after `trained on`."""
    _, found, data = metadata.get("description", "").partition(" trained on ")
    return re.split(r"[/\\]", data)[-1][:200] if found and data else None


def _shape(shape: Shape) -> str:
    return "[" + ", ".join("?" if side is None else str(side) for side in shape) + "]"
