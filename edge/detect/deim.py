"""DEIM, D-FINE and RT-DETR: a set of labels, boxes and scores that needs no non-maximum suppression.

Source: Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", arXiv:2304.08069; Huang et al., "DEIM",
arXiv:2412.04234; their common `tools/deployment/export_onnx.py` (Apache-2.0).
"""

from collections.abc import Sequence

from edge.detect.candidates import Candidates, Shape, Tensor, possible
from edge.values.frame import Size

OUTPUTS = ("labels", "boxes", "scores")


def shapes(_: Size, __: int) -> tuple[Shape, ...]:
    """Labels [1, n], boxes [1, n, 4] and scores [1, n], any n."""
    return ((1, None), (1, None, 4), (1, None))


def decode(outputs: Sequence[Tensor], _: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Integer labels [1, n], float32 boxes [1, n, 4] x1 y1 x2 y2 in pixels of what was given as
    `orig_target_sizes` (the input's size), float32 scores [1, n].
    """
    labels, boxes, scores = (output[0] for output in outputs)
    rows = possible(scores, floor)
    return Candidates(boxes[rows], scores[rows], labels[rows])
