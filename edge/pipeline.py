"""One step of one camera: a frame and the detector's answer become facts, events and messages. Pure.

Law: what has no answer is never an empty street. A still scene holds what was known; a frame without an
answer makes the tracks guess and the rules wait. So does one without anybody from a camera that is covered or
dark, and every one from a camera that is frozen, whatever is found in it: it shows what was.
A density map is made on a schedule of its own, by the time of the pictures alone, so that a replay makes the
same ones.
"""

from dataclasses import dataclass, field

from edge.detect.motion import MotionGate
from edge.flight import Flight
from edge.pace.watch import PaceWatch
from edge.privacy.redactor import Redactor
from edge.rules.rules import Rules
from edge.scene.heat import Heat
from edge.scene.scene import Scene
from edge.scene.support import Witness
from edge.thermal.watch import ThermalWatch
from edge.things.watch import ThingWatch
from edge.track.doubt import doubtful
from edge.track.tracker import Tracker
from edge.values.camera_state import Reason
from edge.values.density import DensityMap
from edge.values.detections import Answer, Detections, NotAnswered, Still
from edge.values.errors import RedactionError
from edge.values.event import EndCause, Event
from edge.values.fact import Fact
from edge.values.frame import Frame, Size
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.tracks import Tracks
from edge.view.health import told_of
from edge.view.picture import PictureWatch
from edge.view.watch import ViewWatch


@dataclass(slots=True)
class MapTimes:
    """When one camera's people are counted by a density map.

    Attributes:
        every_ns: time from one map to the next, ns.
        offset_ns: keeps the cameras of one worker from all being counted at once, ns.
    """

    every_ns: int
    offset_ns: int = 0
    _turn: int | None = None

    def due(self, now: Moment) -> bool:
        """Whether it is time for a map: with the first picture, and from then on once in every period."""
        turn = (now.mono_ns + self.offset_ns) // self.every_ns
        before, self._turn = self._turn, turn
        return turn != before


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame led to.

    Attributes:
        tracks: who is followed.
        facts: what the scene shows.
        events: what the rules make of it.
        messages: the events that may leave, in the same order, and then heat maps.
        refused: why the others may not.
    """

    tracks: Tracks
    facts: tuple[Fact, ...]
    events: tuple[Event, ...]
    messages: tuple[RedactedMessage, ...]
    refused: tuple[RedactionError, ...]


@dataclass(slots=True)
class Pipeline:
    """The analysis of one camera; every camera has its own, so state never mixes.

    Attributes:
        gate: decides which frames the detector is asked about.
        tracker, scene, rules, redactor: the four hops after the detector.
        heats: count how many were where.
        picture: judges whether it shows anything, and what happens now.
        view: judges whether the camera still shows its place.
        things: finds what is left and what is taken; None where no rule asks for it.
        pace: measures speeds and notices stops; None where no rule asks for it.
        thermal: finds what is hot; None where no rule asks for it.
        maps: when people are counted by a density map; None where there is no model for it.
        witness: knows what else bears a density map out.
        flight: how a moving camera moves and where it is; None for one that hangs still.
    """

    gate: MotionGate
    tracker: Tracker
    scene: Scene
    rules: Rules
    redactor: Redactor
    picture: PictureWatch = field(default_factory=PictureWatch)
    view: ViewWatch = field(default_factory=ViewWatch)
    heats: tuple[Heat, ...] = ()
    maps: MapTimes | None = None
    witness: Witness = field(default_factory=Witness)
    flight: Flight | None = None
    things: ThingWatch | None = None
    pace: PaceWatch | None = None
    thermal: ThermalWatch | None = None
    _restless: bool = False

    def wants(self, frame: Frame) -> bool:
        """Whether the detector is to be asked about this frame; every sampled frame is shown here once."""
        return self.gate.wants(frame, tracks_need=self._restless)

    def counts(self, frame: Frame) -> bool:
        """Whether people are to be counted in this frame by a density map; every frame is shown here once."""
        return self.maps is not None and self.maps.due(frame.moment)

    def step(self, frame: Frame, answer: Answer, told: DensityMap | NotAnswered | None = None) -> Step:
        """Take one frame through all hops; `told` is its density map, where it was counted by one."""
        was_frozen = self.frozen
        self.picture.judge(frame)
        self.view.look(frame)
        self.scene.ground_holds = self.view.placed
        self.witness.saw(answer, self.blinded)
        if self.flight is not None:
            self.flight.lead(self.tracker, frame)
        if isinstance(told, DensityMap) and not self.frozen:
            self.scene.count(told, frame.moment, self.witness.judge(frame.moment, self.gate.moved))
        tracks, facts = self._seen(frame, answer)
        facts = (*facts, *self._things(frame, tracks, answer), *self._pace(frame, tracks, answer))
        facts = (*facts, *self._heat(frame, tracks))
        ended = self._found_frozen(frame.moment) if self.frozen and not was_frozen else ()
        return self._told(tracks, facts, frame.moment, frame.source, ended)

    def blind(self, moment: Moment, size: Size) -> Step:
        """Let time pass while no frame comes; `size` is that of the camera's last picture."""
        tracks, facts = self._missed(moment)
        return self._told(tracks, facts, moment, size)

    @property
    def reason(self) -> Reason:
        """Why the camera does not show, or does not tell, all that it should: `NONE` while it does."""
        if self.picture.reason is not Reason.NONE:
            return told_of(self.picture.reason, self.view.reason)
        if self.thermal is not None and self.thermal.uncounted:
            return Reason.NO_TEMPERATURES
        if self.view.reason is not Reason.NONE or self.flight is None:
            return self.view.reason
        return self.flight.reason

    @property
    def frozen(self) -> bool:
        """Whether the pictures show what was, and not what is."""
        return self.picture.reason is Reason.SAME_PICTURE

    @property
    def blinded(self) -> bool:
        """Whether a picture without anybody says nothing about the place now."""
        return self.view.blind or self.picture.reason is not Reason.NONE

    @property
    def rules_off(self) -> tuple[str, ...]:
        """Rules that cannot be judged now because the camera moves."""
        return () if self.flight is None else self.flight.rules_off

    def close(self, moment: Moment, size: Size, cause: EndCause) -> tuple[RedactedMessage, ...]:
        """The last messages of all events that are open now; `size` is that of the camera's picture."""
        return self._redacted(self.rules.close(moment, cause), size)[0]

    def _seen(self, frame: Frame, answer: Answer) -> tuple[Tracks, tuple[Fact, ...]]:
        if self.frozen:
            return self.tracker.miss(frame.moment), self.scene.unseen(frame.moment)
        if self.blinded and not (isinstance(answer, Detections) and len(answer)):
            return self._missed(frame.moment)
        if isinstance(answer, Detections):
            tracks = self.tracker.update(answer, frame.moment)
            self._restless = doubtful(tracks)
            self.scene.glimpse(answer, frame.size)
            on_map = () if self.flight is None else self.flight.observe(tracks, frame)
            return tracks, (*self.scene.observe(tracks, frame.size, frame.moment), *on_map)
        if isinstance(answer, Still) and self.flight is None:  # whoever flies, holds nothing
            return self.tracker.hold(frame.moment), self.scene.hold(frame.moment)
        return self._missed(frame.moment)

    def _things(self, frame: Frame, tracks: Tracks, answer: Answer) -> tuple[Fact, ...]:
        """What is left and what is taken; unknown where nobody says who stands there, or where there is."""
        if self.things is None or isinstance(answer, NotAnswered) or self.blinded or not self.view.placed:
            return ()
        return self.things.look(frame, tracks)

    def _pace(self, frame: Frame, tracks: Tracks, answer: Answer) -> tuple[Fact, ...]:
        """How fast somebody is and what stands; unknown where nobody was seen to look for, or where it is."""
        if self.pace is None or isinstance(answer, NotAnswered) or self.blinded or not self.view.placed:
            return ()
        return self.pace.look(tracks, frame.size, frame.moment)

    def _heat(self, frame: Frame, tracks: Tracks) -> tuple[Fact, ...]:
        """What is hot: the camera counted it, whatever a detector makes of the picture."""
        return () if self.thermal is None or self.frozen else self.thermal.look(frame, tracks)

    def _found_frozen(self, moment: Moment) -> tuple[Event, ...]:
        """The end of all that lasts: nobody has seen it since the picture last changed."""
        return self.rules.close(moment, EndCause.UNSEEN, self.picture.lived)

    def _missed(self, moment: Moment) -> tuple[Tracks, tuple[Fact, ...]]:
        self.gate.forget()
        if self.flight is not None:
            self.flight.unseen(moment)
        return self.tracker.miss(moment), self.scene.unseen(moment)

    def _told(
        self,
        tracks: Tracks,
        facts: tuple[Fact, ...],
        moment: Moment,
        size: Size,
        ended: tuple[Event, ...] = (),
    ) -> Step:
        events = (*ended, *self.rules.judge(facts, moment))
        messages, refused = self._redacted(events, size)
        maps, kept_back = self._mapped(facts, moment)
        return Step(tracks, facts, events, messages + maps, refused + kept_back)

    def _mapped(
        self, facts: tuple[Fact, ...], moment: Moment
    ) -> tuple[tuple[RedactedMessage, ...], tuple[RedactionError, ...]]:
        """Heat maps of bins that are over."""
        done = [seen for heat in self.heats if (seen := heat.take(facts, moment)) is not None]
        messages: list[RedactedMessage] = []
        refused: list[RedactionError] = []
        for seen in done:
            try:
                messages.append(self.redactor.heat_map(seen, moment))
            except RedactionError as refusal:
                refused.append(refusal)
        return tuple(messages), tuple(refused)

    def _redacted(
        self, events: tuple[Event, ...], size: Size
    ) -> tuple[tuple[RedactedMessage, ...], tuple[RedactionError, ...]]:
        messages: list[RedactedMessage] = []
        refused: list[RedactionError] = []
        for event in events:
            try:
                messages.append(self.redactor.event(event, size))
            except RedactionError as refusal:
                refused.append(refusal)
        return tuple(messages), tuple(refused)
