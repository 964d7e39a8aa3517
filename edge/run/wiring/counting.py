"""Wiring of density models: which counts a camera's crowds, opened once for all cameras of a process."""

import logging
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from edge.adapters import model_folder
from edge.adapters.onnx_counter import OnnxCounter
from edge.config.spec import CameraSpec, NodeSpec
from edge.detect.capability import check_allowed
from edge.detect.letterbox import content_size
from edge.run.models import folder_of
from edge.run.parts import check_permitted
from edge.values.frame import Size

log = logging.getLogger("watch")

TIMED = 3


class Counters:
    """The density models of one process, by what the configuration calls them."""

    def __init__(self) -> None:
        self._open: dict[str, OnnxCounter] = {}

    def of(self, node: NodeSpec, camera: CameraSpec) -> OnnxCounter | None:
        """The counter of a camera, proven and accepted; None where its crowds are not counted.

        Raises:
            ModelError: there is no such model, it is damaged, no density model, or may not run here.
        """
        if camera.density is None:
            return None
        name = camera.density.model
        if name not in self._open:
            self._open[name] = OnnxCounter(model_folder.load(folder_of(name)))
            log.info("the density model %s counts crowds", self._open[name].card.name)
        card = self._open[name].card
        check_allowed(node.detector.door, card.name, card.sha256)
        check_permitted(node.policy, card)
        return self._open[name]


def milliseconds(counter: OnnxCounter) -> float:
    """What one count takes, milliseconds of one core: the median of some on noise."""
    wanted = counter.card.input.size
    pixels = np.random.default_rng(1).integers(0, 256, (wanted.height, wanted.width, 3), dtype=np.uint8)
    taken = []
    for _ in range(TIMED):
        began = time.process_time()
        counter.answer(pixels)
        taken.append(time.process_time() - began)
    return 1000.0 * median(taken)


def wide_of(counter: OnnxCounter | None) -> Callable[[Size], Size] | None:
    """Size of the second copy of a picture that a counter wants; None where there is no counter."""
    if counter is None:
        return None
    wanted = counter.card.input
    return lambda source: content_size(source, wanted.size, wanted.fit)
