"""Wiring of a real detector that looks at drawn scenes."""

from edge.adapters.onnx_detector import OnnxDetector
from edge.evaluate.sight import Real
from edge.run.bare import bare_node
from edge.run.parts import thresholds_of, tracker_spec
from edge.run.wiring import watching


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
