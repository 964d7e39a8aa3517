"""The detector on any back end: a model that was accepted at the door, and an answer for every frame.

Law: a model that is wrong, corrupt, or gives answers that cannot be true is refused before it sees a street;
a failed inference is no answer, never an empty street.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from edge.adapters.input_tensor import InputTensor
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_acceptance import (
    SIZES_INPUT,
    accept_interface,
    accept_outputs,
    accept_plain,
    accept_self_test,
    picture_pixels,
)
from edge.adapters.onnx_file import check_onnx, metadata
from edge.adapters.sessions import open_session
from edge.adapters.tensor_session import Declared, InferenceError
from edge.detect.answer import Reader
from edge.detect.candidates import Tensor
from edge.detect.capability import check_names, check_scores
from edge.detect.card import Card, Thresholds
from edge.detect.letterbox import Placement
from edge.values.detections import Detections, NotAnswered, Unanswered
from edge.values.engine import BASE, Engine
from edge.values.errors import ModelError
from edge.values.frame import Frame, Pixels

log = logging.getLogger("onnx")

_FAILURES = (InferenceError, ValueError)
"""The runtime failed, or its answer cannot be read."""


class OnnxDetector:
    """A `Detector` of one model, one session and one thread at a time.

    Attributes:
        card: the model's card, with the thresholds in force.
        engine: what runs it.
        model_s: time spent inside the model so far, seconds of the detector's clock.
        failures: inferences that raised so far.
        last_failure: what the last of them said; it stays inside the box.
    """

    def __init__(
        self,
        model: LoadedModel,
        *,
        engine: Engine = BASE,
        thresholds: Thresholds | None = None,
        glimpses: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Open and accept the model.

        Args:
            model: what `model_folder.load` gave.
            engine: what runs it.
            thresholds: in place of the card's, once the model has passed its self-test with those.
            glimpses: whether to tell what is only half seen too, as far as the card says what that is.
            clock: measures `model_s`, seconds; `time.thread_time` for CPU time of one thread.

        Raises:
            ModelError: the model is not accepted.
        """
        if model.card.counts:
            raise ModelError(
                f"{model.card.name}: wanted a detector, got a density model, which finds nobody one by one; "
                "name it as density.model of a camera instead"
            )
        check_onnx(model.weights)
        self._session = open_session(model.weights, engine)
        self._clock = clock
        told = [output.name for output in self._session.outputs]
        check_names(model.card.name, told, metadata(model.weights).get("task", ""))
        self._names = accept_interface(self._session, model.card)
        self._input = InputTensor(model.card.input)
        self._feeds = feeds_of(model.card, self._session.inputs, self._input.tensor)
        self._reader = Reader.of(model.card)
        self.card = model.card
        self.engine = engine
        self.model_s = 0.0
        self.failures = 0
        self.last_failure = ""
        self._accept(model)
        if thresholds is not None:
            self.card = replace(model.card, thresholds=thresholds)
        self.glimpse(glimpses)

    def glimpse(self, asked: bool) -> None:
        """Tell from now on what is only half seen too, as far as the card says what that is, or no more."""
        self._reader = Reader.of(self.card, asked)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, by class index."""
        return self.card.labels

    def detect(self, frame: Frame) -> Detections | NotAnswered:
        """Objects in the frame, boxes in its pixels, by descending score."""
        return self.answer(frame.pixels)

    def answer(self, pixels: Pixels) -> Detections | NotAnswered:
        """Objects in a picture, uint8 H×W×3 RGB, boxes in its pixels, by descending score."""
        try:
            outputs, placement = self._run(pixels)
            return self._reader.read(outputs, placement)
        except _FAILURES as failure:
            self.failures += 1
            self.last_failure = str(failure)
            if self.failures.bit_count() == 1:  # the 1st, 2nd, 4th, 8th …: loud, and no flood
                log.warning("inference failed (%d times so far): %s", self.failures, failure)
            return NotAnswered(Unanswered.FAILED)

    def _run(self, pixels: Pixels) -> tuple[list[Tensor], Placement]:
        placement = self._input.fill(pixels)
        began = self._clock()
        try:
            return self._session.run(self._names, self._feeds), placement
        finally:
            self.model_s += self._clock() - began

    def _accept(self, model: LoadedModel) -> None:
        width, height = model.card.input.size
        grey = np.full((height, width, 3), 114, np.uint8)
        try:
            outputs, placement = self._run(grey)
            accept_outputs(outputs, self._names, model.card)
            accept_plain(self._reader.read(outputs, placement), model.card)
            if model.picture is not None:
                outputs, placement = self._run(picture_pixels(model.picture))
                check_scores(model.card, outputs)  # what is told of people, grey does not show
                accept_self_test(self._reader.read(outputs, placement), model.card)
        except _FAILURES as failure:
            raise ModelError(f"{model.card.name}: the model cannot be run: {failure}") from failure


def feeds_of(card: Card, inputs: Sequence[Declared], picture: Tensor) -> dict[str, Tensor]:
    """What a model is fed with, by name: the tensor of the picture, and its size where that is wanted."""
    size = np.array([card.input.size], np.int64)
    return {each.name: size if each.name == SIZES_INPUT else picture for each in inputs}
