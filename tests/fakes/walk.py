"""Objects that walk in straight lines, as a perfect detector would see them."""

import numpy as np

from edge.values.detections import Detections
from edge.values.moment import Moment


def at(seconds: float, start: float = 0.0) -> Moment:
    """The moment `seconds` after the start of the clip, `start` seconds after the machine was switched on."""
    ns = round((seconds + start) * 1e9)
    return Moment(ns, ns)


def people(
    *centres: tuple[float, float], height: float = 80.0, score: float = 0.8, label: int = 0
) -> Detections:
    """Upright boxes of one height around the centres, all of one class."""
    half = np.array([0.2 * height, 0.5 * height])
    places = np.array(centres, np.float64).reshape(-1, 2)
    return Detections.of(
        np.concatenate([places - half, places + half], axis=1), [score] * len(places), [label] * len(places)
    )


def together(*groups: Detections) -> Detections:
    """One answer that holds all the groups."""
    return Detections.of(
        np.concatenate([g.boxes for g in groups]),
        np.concatenate([g.scores for g in groups]),
        np.concatenate([g.classes for g in groups]),
    )
