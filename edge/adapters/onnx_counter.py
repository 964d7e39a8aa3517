"""The counter of crowds: a density model that was accepted at the door, and a map for every picture.

Law: as of the detector: what is wrong is refused before it sees a street, and a failed inference is no
answer, never an empty square.
"""

import logging

import numpy as np

from edge.adapters.input_tensor import InputTensor
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_acceptance import accept_input, picture_pixels
from edge.adapters.onnx_file import check_onnx, metadata
from edge.adapters.sessions import open_session
from edge.adapters.tensor_session import InferenceError
from edge.detect.candidates import Tensor
from edge.detect.capability import check_map, check_names
from edge.detect.card import Card
from edge.detect.density_map import is_map, people_by_place
from edge.detect.letterbox import Placement
from edge.values.crowd import MapSource
from edge.values.density import DensityMap
from edge.values.detections import NotAnswered, Unanswered
from edge.values.engine import BASE, Engine
from edge.values.errors import ModelError
from edge.values.frame import Frame, Pixels

log = logging.getLogger("onnx")

MOST_IN_PLAIN_GREY = 10.0
DRIFT = 0.1
"""Share by which back ends may count differently in the self-test picture."""
_FAILURES = (InferenceError, ValueError)


class OnnxCounter:
    """A `CrowdCounter` of one model, one session and one thread at a time.

    Attributes:
        card: the model's card.
        failures: inferences that raised so far.
    """

    def __init__(self, model: LoadedModel, *, engine: Engine = BASE) -> None:
        """Open and accept the model.

        Raises:
            ModelError: it is no density model, or is not accepted.
        """
        card = self.card = model.card
        if card.crowd is None:
            raise ModelError(
                f"{card.name}: wanted a model of the family density-map, got a detector of the family "
                f"{card.family}; name it as detector.model instead"
            )
        self._reading, self._source = card.crowd, MapSource(card.name, card.sha256, card.crowd.error)
        check_onnx(model.weights)
        self._session = open_session(model.weights, engine)
        self._names = [output.name for output in self._session.outputs]
        check_names(card.name, self._names, metadata(model.weights).get("task", ""))
        accept_input(self._session, card)
        self._input = InputTensor(card.input)
        self.failures = 0
        self._accept(model)

    def count(self, frame: Frame) -> DensityMap | NotAnswered:
        """How many people stand where in the frame's wide picture.

        Raises:
            ValueError: the frame has no wide picture.
        """
        if frame.wide is None:
            raise ValueError(f"camera {frame.camera}: a density model wants a wide picture, got none")
        return self.answer(frame.wide)

    def answer(self, pixels: Pixels) -> DensityMap | NotAnswered:
        """How many people stand where in a picture, uint8 H×W×3 RGB."""
        try:
            return self._told(*self._run(pixels))
        except _FAILURES as failure:
            self.failures += 1
            if self.failures.bit_count() == 1:  # the 1st, 2nd, 4th, 8th …: loud, and no flood
                log.warning("counting failed (%d times so far): %s", self.failures, failure)
            return NotAnswered(Unanswered.FAILED)

    def _run(self, pixels: Pixels) -> tuple[Tensor, Placement]:
        placement = self._input.fill(pixels)
        outputs = self._session.run(self._names, {self._session.inputs[0].name: self._input.tensor})
        return outputs[0], placement

    def _told(self, output: Tensor, placement: Placement) -> DensityMap | NotAnswered:
        return people_by_place(output, self.card.input.size, placement, self._reading, self._source)

    def _accept(self, model: LoadedModel) -> None:
        try:
            self._accept_plain()
            if model.picture is not None:
                output, placement = self._run(picture_pixels(model.picture))
                check_map(self.card, output)
                _accept_people(self._told(output, placement), self.card)
        except _FAILURES as failure:
            raise ModelError(f"{self.card.name}: the model cannot be run: {failure}") from failure

    def _accept_plain(self) -> None:
        """Look at what it makes of plain grey: one map of finite numbers, and hardly any people."""
        card = self.card
        width, height = card.input.size
        output, placement = self._run(np.full((height, width, 3), 114, np.uint8))
        if len(self._names) != 1 or not is_map(output.shape, card.input.size) or output.dtype != np.float32:
            raise ModelError(
                f"{card.name}: wanted one output float32 [1, 1, h, w], a number for each place, "
                f"got {len(self._names)}, the first {output.dtype} {list(output.shape)}; export it again, or "
                "correct the family in the card"
            )
        told = self._told(output, placement)
        if isinstance(told, NotAnswered):
            raise ModelError(
                f"{card.name}: the map holds NaN or infinity for a plain grey picture; the weights are "
                "damaged or were converted with too little precision: export them again"
            )
        check_map(card, output)
        if told.people > MOST_IN_PLAIN_GREY:
            raise ModelError(
                f"{card.name}: wanted nobody in a plain grey picture, got {told.people:.0f} people; the "
                "scaling of the card (divisor, mean, std, crowd.scale) does not belong to these weights"
            )


def _accept_people(told: DensityMap | NotAnswered, card: Card) -> None:
    """Compare the number in the self-test picture with that of the card."""
    assert card.crowd is not None and card.crowd.people is not None
    wanted = card.crowd.people
    got = None if isinstance(told, NotAnswered) else told.people
    if got is None or abs(got - wanted) > DRIFT * wanted + 0.5:
        raise ModelError(
            f"{card.name}: self-test on {card.crowd.picture}: wanted {wanted:.1f} people, got "
            f"{'no answer' if got is None else f'{got:.1f}'}; card and weights do not belong together: make "
            "the card again"
        )
