"""A look at an ONNX file that nobody has described yet: its inputs and outputs, found by running it once.

Law: a stranger's file is run only after its structure was checked, and only on grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.adapters.onnx_file import check_onnx, metadata
from edge.adapters.sessions import open_session
from edge.adapters.tensor_session import InferenceError, TensorSession
from edge.detect.candidates import Tensor
from edge.detect.capability import check_names
from edge.detect.card import Family
from edge.detect.recognise import SIZES_INPUT, Picture, Port, Recognised, picture_of, recognise
from edge.values.engine import BASE
from edge.values.errors import ModelError
from edge.values.frame import Size

GREY = 114
_LARGEST_LOG_SIZE = 20.0
"""eʷ cells of a box are more than any picture from here on: such numbers are pixels already."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a file showed.

    Attributes:
        picture: the input that takes the picture.
        size: at which it was run.
        recognised: its family and what its exporter wrote.
    """

    picture: Picture
    size: Size
    recognised: Recognised


def look_at(name: str, weights: bytes, size: Size | None = None) -> Looked:
    """Find out what a file holds.

    Args:
        name: of the file, for errors.
        weights: its bytes.
        size: of the input, where the graph leaves it open.

    Raises:
        ModelError: it is no whole ONNX file, cannot be run, tells what it may not, is of no known family, or
            takes any size and none is given.
    """
    try:
        return _looked_at(weights, size)
    except ModelError as failure:
        raise ModelError(f"{name}: {failure}") from failure


def _looked_at(weights: bytes, size: Size | None) -> Looked:
    check_onnx(weights)
    told = metadata(weights)
    session = open_session(weights, BASE)
    check_names("this model", [output.name for output in session.outputs], told.get("task", ""))
    inputs = [Port(each.name, each.shape, each.dtype) for each in session.inputs]
    picture = picture_of(inputs, told)
    wanted = picture.size or size
    if wanted is None:
        raise ModelError("the graph takes pictures of any size; say which one: --size 640x640")
    if size is not None and size != wanted:
        raise ModelError(f"--size says {size.width}x{size.height}, the graph has a size; leave it out")
    outputs = _run(session, picture, wanted)
    shapes = [Port(d.name, o.shape, str(o.dtype)) for d, o in zip(session.outputs, outputs, strict=True)]
    recognised = recognise(inputs, shapes, wanted, told)
    _check_decoding(recognised.family, outputs)
    return Looked(picture, wanted, recognised)


def _run(session: TensorSession, picture: Picture, size: Size) -> list[Tensor]:
    """All outputs for a plain grey picture."""
    deep = picture.channels
    planes = (deep, size.height, size.width) if picture.layout == "NCHW" else (size.height, size.width, deep)
    grey: Tensor = np.full((1, *planes), GREY, picture.dtype)
    feeds = {
        each.name: np.array([size], np.int64) if each.name == SIZES_INPUT else grey for each in session.inputs
    }
    try:
        return session.run([output.name for output in session.outputs], feeds)
    except InferenceError as failure:
        raise ModelError(f"the model cannot be run at {size.width}x{size.height}: {failure}") from failure


def _check_decoding(family: Family, outputs: Sequence[Tensor]) -> None:
    if family is Family.YOLOX and float(np.nanmax(outputs[0][..., 2:4], initial=0.0)) > _LARGEST_LOG_SIZE:
        raise ModelError(
            "this YOLOX decodes its boxes by itself; export it without: "
            "tools/export_onnx.py without --decode_in_inference"
        )
