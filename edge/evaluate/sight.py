"""Who looks at a drawn scene: a detector that is drawn as well, as good as is said, or a real one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from edge.ports import Detector
from edge.track.spec import TrackerSpec
from edge.values.acuity import Acuity
from edge.values.detections import Detections, NotAnswered
from edge.values.frame import Frame, Size
from edge.values.truth import TrueFrame

LABELS = ("person", "bicycle", "car", "bus", "truck", "motorcycle", "person-in-vest")
SHOWN = 0.3
"""Share of a body that must be visible for a drawn detector to find it."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """How well a drawn detector sees.

    Attributes:
        jitter: standard deviation of a box's sides, share of its height.
        missed: share of the bodies that one picture does not show.
    """

    jitter: float = 0.0
    missed: float = 0.0


class Sight(Protocol):
    """Looks at frames of a scene."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, by class index."""

    def look(self, frame: Frame, truth: TrueFrame, /) -> Detections | NotAnswered:
        """What is found; a real detector does not look at the truth."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A detector that is drawn from the truth."""

    eyes: Eyes
    chance: np.random.Generator
    labels: tuple[str, ...] = LABELS

    def look(self, frame: Frame, truth: TrueFrame, /) -> Detections:
        """What it finds of the bodies that can be seen."""
        shown = [o for o in truth.objects if o.visible is not None and o.visibility >= SHOWN]
        shown = [o for o in shown if self.chance.random() >= self.eyes.missed]
        boxes = np.array([o.visible for o in shown]).reshape(-1, 4) * [*frame.size, *frame.size]
        if self.eyes.jitter and len(boxes):
            off = self.chance.normal(0, self.eyes.jitter, boxes.shape)
            boxes = boxes + off * (boxes[:, 3:] - boxes[:, 1:2])
        low, high = np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])
        corners = np.concatenate([low, high], axis=1)
        return Detections.of(corners, np.full(len(shown), 0.9), [self.labels.index(o.label) for o in shown])


@dataclass(frozen=True, slots=True)
class Real:
    """A real detector, and the settings of the tracker behind it.

    Attributes:
        detector: looks.
        tracker: follows what it finds.
        acuity: how well it tells people apart; None where nobody measured it.
        fit: size at which it looks at a picture of a given size.
    """

    detector: Detector
    tracker: TrackerSpec = field(default_factory=TrackerSpec)
    acuity: Acuity | None = None
    fit: Callable[[Size], Size] = lambda size: size

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, by class index."""
        return self.detector.labels

    def look(self, frame: Frame, _: TrueFrame, /) -> Detections | NotAnswered:
        """What it finds."""
        return self.detector.detect(frame)
