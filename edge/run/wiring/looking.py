"""Wiring of a real detector that looks at drawn scenes."""

from dataclasses import replace
from pathlib import Path

from edge.adapters import model_folder
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.letterbox import content_size
from edge.evaluate.drawn_count import Counting
from edge.evaluate.sight import Real
from edge.run.bare import bare_node
from edge.run.models import folder_of
from edge.run.parts import thresholds_of, tracker_spec
from edge.run.wiring import watching
from edge.values.acuity import Acuity


def real(model: str) -> Real:
    """The detector of a model, by name or folder, and the tracker as it stands behind it on a box.

    Raises:
        ModelError: it is not there, is damaged, or is not accepted.
    """
    node = bare_node(model)
    choice = watching.model_of(node, measured=False)
    card, thresholds = choice.model.card, thresholds_of(node, choice.model.card)
    detector = OnnxDetector(choice.model, engine=choice.engine, thresholds=thresholds, glimpses=True)
    return Real(detector, tracker_spec(node, card), card.acuity, watching.fit_of(choice.model))


def counting(model: str) -> Counting:
    """The density model of a name or folder.

    Raises:
        ModelError: it is not there, is damaged, is no density model, or is not accepted.
    """
    counter = OnnxCounter(model_folder.load(folder_of(model)))
    wanted = counter.card.input
    return Counting(counter, lambda size: content_size(size, wanted.size, wanted.fit))


def half_seeing(folder: Path, acuity: Acuity) -> Real:
    """The detector of a model folder, as if its card had that acuity.

    Raises:
        ModelError: it is not there, is damaged, or is not accepted.
    """
    model = model_folder.load(folder)
    model = replace(model, card=replace(model.card, acuity=acuity))
    return Real(OnnxDetector(model, glimpses=True), acuity=acuity, fit=watching.fit_of(model))
