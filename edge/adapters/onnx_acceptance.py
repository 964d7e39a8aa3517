"""The door for models: each check says what was wanted, what was got, and how to mend it.

Law: every way in which a model can be wrong ends here, before it sees a street, as a `ModelError`.
"""

import cv2
import numpy as np

from edge.adapters.tensor_session import TensorSession
from edge.detect import deim
from edge.detect.answer import output_shapes
from edge.detect.candidates import Shape, Tensor
from edge.detect.capability import check_scores
from edge.detect.card import Card, Family
from edge.detect.self_test import difference
from edge.values.detections import Detections, NotAnswered
from edge.values.errors import ModelError
from edge.values.frame import Pixels

MOST_IN_PLAIN_GREY = 10
SIZES_INPUT = "orig_target_sizes"


def accept_interface(session: TensorSession, card: Card) -> tuple[str, ...]:
    """Names of the outputs in the order of the card's family, after a look at what the graph declares.

    Raises:
        ModelError: inputs or outputs are not those of the family and the card.
    """
    accept_input(session, card)
    declared = {output.name: output for output in session.outputs}
    names = deim.OUTPUTS if card.family is Family.DEIM else tuple(declared)
    wanted = output_shapes(card)
    if len(declared) != len(wanted) or not set(names) <= set(declared):
        raise _misfit(card, f"{len(wanted)} outputs {_listed(names, wanted)}", _declared(session))
    for name, shape in zip(names, wanted, strict=True):
        if not _fits(declared[name].shape, shape):
            raise _misfit(card, f"an output {_listed((name,), (shape,))}", _declared(session))
    return names


def accept_input(session: TensorSession, card: Card) -> None:
    """Look at the inputs that the graph declares.

    Raises:
        ModelError: they are not those of the family and the card.
    """
    pictures = [i for i in session.inputs if i.name != SIZES_INPUT or card.family is not Family.DEIM]
    got = ", ".join(f"{i.name} {_shape(i.shape)} {i.dtype}" for i in session.inputs)
    expected = 2 if card.family is Family.DEIM else 1
    if len(pictures) != 1 or len(session.inputs) != expected:
        sizes = f" and {SIZES_INPUT}" if expected == 2 else ""
        raise _misfit(card, f"one picture{sizes} as input", got)
    picture = pictures[0]
    if not _fits(picture.shape, card.input.shape) or picture.dtype != card.input.dtype:
        raise _misfit(card, f"an input {_shape(card.input.shape)} {card.input.dtype}", got)


def accept_outputs(outputs: list[Tensor], names: tuple[str, ...], card: Card) -> None:
    """Look at what the model gave for a plain grey picture.

    Raises:
        ModelError: shapes or types are not those of the family, numbers are none, or scores no probabilities.
    """
    for name, output, shape in zip(names, outputs, output_shapes(card), strict=True):
        if not _fits(output.shape, shape):
            raise _misfit(card, f"an output {_listed((name,), (shape,))}", _shape(output.shape))
        kinds = ("int64", "int32") if card.family is Family.DEIM and name == "labels" else ("float32",)
        if str(output.dtype) not in kinds:
            raise _misfit(card, f"{name} of {' or '.join(kinds)}", str(output.dtype))
        if not np.isfinite(output).all():
            raise ModelError(
                f"{card.name}: the output {name} holds NaN or infinity for a plain grey picture; "
                "the weights are damaged or were converted with too little precision: export them again"
            )
    check_scores(card, outputs)


def accept_plain(answer: Detections | NotAnswered, card: Card) -> None:
    """Refuse a model that sees things in a plain grey picture.

    Raises:
        ModelError: it found more than `MOST_IN_PLAIN_GREY` objects, or gave no answer.
    """
    if isinstance(answer, NotAnswered) or len(answer) > MOST_IN_PLAIN_GREY:
        got = "no answer" if isinstance(answer, NotAnswered) else f"{len(answer)} objects"
        raise ModelError(
            f"{card.name}: wanted nothing found in a plain grey picture, got {got}; "
            "the family, scaling or thresholds of the card do not belong to these weights"
        )


def accept_self_test(answer: Detections | NotAnswered, card: Card) -> None:
    """Compare what was found in the card's picture with what it says.

    Raises:
        ModelError: something was found otherwise.
    """
    if card.self_test is None:
        return
    if isinstance(answer, NotAnswered):
        raise ModelError(f"{card.name}: the self-test picture got no answer")
    told = difference(card.self_test, answer, card.labels, card.thresholds)
    if told:
        raise ModelError(
            f"{card.name}: self-test on {card.self_test.picture}: {told}; card and weights do not belong "
            "together, or this back end computes otherwise: make the card again or choose another back end"
        )


def picture_pixels(encoded: bytes) -> Pixels:
    """A PNG or JPEG as uint8 H×W×3, RGB.

    Raises:
        ModelError: it is neither.
    """
    try:
        picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # raised for an empty file and for absurd sizes, otherwise the picture is None
        picture = None
    if picture is None:
        raise ModelError("the self-test picture cannot be decoded; wanted PNG or JPEG")
    return np.ascontiguousarray(picture[:, :, ::-1]).astype(np.uint8, copy=False)


def _fits(got: Shape, wanted: Shape) -> bool:
    """Whether a shape is the wanted one; a length that the graph leaves open fits until it is known."""
    return len(got) == len(wanted) and all(
        w is None or g is None or g == w for g, w in zip(got, wanted, strict=True)
    )


def _misfit(card: Card, wanted: str, got: str) -> ModelError:
    return ModelError(
        f"{card.name}: the family {card.family} with {len(card.labels)} labels at "
        f"{card.input.size.width}x{card.input.size.height} wants {wanted}, got {got}; "
        "correct family, labels or input in the card, or export the model again"
    )


def _declared(session: TensorSession) -> str:
    return ", ".join(f"{output.name} {_shape(output.shape)}" for output in session.outputs)


def _listed(names: tuple[str, ...], shapes: tuple[Shape, ...]) -> str:
    return ", ".join(f"{name} {_shape(shape)}" for name, shape in zip(names, shapes, strict=False))


def _shape(shape: Shape) -> str:
    return "[" + ", ".join("?" if side is None else str(side) for side in shape) + "]"
