"""Whether what is followed may not be what it seems, so that even a still picture is worth another answer.

Law: who is certain costs nothing while nothing moves. Not here: whether anything moved.
"""

import numpy as np

from edge.values.tracks import Tracks

WITHIN = 0.7
"""Share of a box inside another of its class beyond which the two may be one object found twice."""


def doubtful(tracks: Tracks) -> bool:
    """Whether somebody is not yet believed, was just lost from sight, or may be there twice.

    A part of a person that is found as a person of its own comes, goes and breathes from answer to answer:
    which of them is held decides whether it stands in a zone.
    """
    return not bool(np.all(tracks.confirmed & tracks.seen)) or _nested(tracks)


def _nested(tracks: Tracks) -> bool:
    """Whether a box lies within another of its class."""
    if len(tracks) < 2:
        return False
    boxes = tracks.boxes
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    common = np.maximum(np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - low, 0.0)
    inside = common[..., 0] * common[..., 1] > WITHIN * (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    inside &= tracks.classes[:, None] == tracks.classes
    return int(np.count_nonzero(inside)) > len(tracks)  # each lies within itself
