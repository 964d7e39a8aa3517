"""One step of one camera: a frame and the detector's answer become facts, events and messages. Pure.

Law: what has no answer is never an empty street. A still scene holds what was known; a frame without an
answer makes the tracks guess and the rules wait.
"""

from dataclasses import dataclass

import numpy as np

from edge.detect.motion import MotionGate
from edge.privacy.redactor import Redactor
from edge.rules.rules import Rules
from edge.scene.scene import Scene
from edge.track.tracker import Tracker
from edge.values.detections import Answer, Detections, Still
from edge.values.event import EndCause, Event
from edge.values.fact import Fact
from edge.values.frame import Frame, Size
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.tracks import Tracks


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame led to."""

    tracks: Tracks
    facts: tuple[Fact, ...]
    events: tuple[Event, ...]
    messages: tuple[RedactedMessage, ...]


@dataclass(slots=True)
class Pipeline:
    """The analysis of one camera; every camera has its own, so state never mixes.

    Attributes:
        gate: decides which frames the detector is asked about.
        tracker, scene, rules, redactor: the four hops after the detector.
    """

    gate: MotionGate
    tracker: Tracker
    scene: Scene
    rules: Rules
    redactor: Redactor
    _restless: bool = False

    def wants(self, frame: Frame) -> bool:
        """Whether the detector is to be asked about this frame; every sampled frame is shown here once."""
        return self.gate.wants(frame, tracks_need=self._restless)

    def step(self, frame: Frame, answer: Answer) -> Step:
        """Take one frame through all hops.

        Raises:
            RedactionError: an event holds something that may not leave; nothing of this step may be sent.
        """
        tracks, facts = self._seen(frame, answer)
        events = self.rules.judge(facts, frame.moment)
        return Step(tracks, facts, events, self._redacted(events, frame.source))

    def close(self, moment: Moment, size: Size, cause: EndCause) -> tuple[RedactedMessage, ...]:
        """The last messages of all events that are open now."""
        return self._redacted(self.rules.close(moment, cause), size)

    def _seen(self, frame: Frame, answer: Answer) -> tuple[Tracks, tuple[Fact, ...]]:
        if isinstance(answer, Detections):
            tracks = self.tracker.update(answer, frame.moment)
            # Somebody not yet believed, or just lost from sight, may stand still: ask again at once.
            self._restless = not bool(np.all(tracks.confirmed & tracks.seen))
            return tracks, self.scene.observe(tracks, frame.size, frame.moment)
        if isinstance(answer, Still):
            return self.tracker.hold(frame.moment), self.scene.hold(frame.moment)
        return self.tracker.miss(frame.moment), self.scene.unseen(frame.moment)

    def _redacted(self, events: tuple[Event, ...], size: Size) -> tuple[RedactedMessage, ...]:
        return tuple(self.redactor.event(event, size) for event in events)
