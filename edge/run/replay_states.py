"""How the camera that a clip stands for is doing, told as `watch` tells it, on the clip's own time.

Law: the same judges as in a live worker, asked about the same pictures; told when something changes and at
the end of the clip, never by the clock of this machine, so the same clip gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from edge.privacy.reports import Counts, camera_state
from edge.privacy.spec import Origin
from edge.run.look import Look
from edge.values.camera_state import CameraReport, Reason
from edge.values.detections import Detections, NotAnswered, Still
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.view.health import CameraHealth


@dataclass(slots=True)
class States:
    """Follows the camera of one clip; shown every look, in order."""

    camera: str
    origin: Origin
    counts: Counts = field(default_factory=Counts, init=False)
    _health: CameraHealth | None = field(default=None, init=False)
    _last: Moment | None = field(default=None, init=False)
    _rules_off: Sequence[str] = field(default=(), init=False)

    def told(self, seen: Look, view: Reason, rules_off: Sequence[str] = ()) -> tuple[RedactedMessage, ...]:
        """What this look changes; `view` is what the pictures are found to show after it.

        `rules_off` are the rules that cannot be judged then because the camera moves.
        """
        self._rules_off = rules_off
        self._last = now = seen.frame.moment
        self._count(seen)
        health = self._health = self._health or CameraHealth(self.camera, now)
        return self._said((health.saw(now), health.viewed(view, now)))

    def farewell(self) -> tuple[RedactedMessage, ...]:
        """The clip has ended."""
        if self._health is None or self._last is None:
            return ()
        return self._said((self._health.ended(self._last),))

    def _said(self, changes: Iterable[CameraReport | None]) -> tuple[RedactedMessage, ...]:
        return tuple(
            camera_state(self.origin, told, self.counts, rules_off=self._rules_off)
            for told in changes
            if told is not None
        )

    def _count(self, seen: Look) -> None:
        so_far = self.counts
        self.counts = replace(
            so_far,
            sampled=so_far.sampled + 1,
            answered=so_far.answered + isinstance(seen.answer, Detections),
            still=so_far.still + isinstance(seen.answer, Still),
            unanswered=so_far.unanswered + isinstance(seen.answer, NotAnswered),
            refused=so_far.refused + len(seen.step.refused),
        )
