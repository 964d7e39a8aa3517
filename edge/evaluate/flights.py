"""What the analysis of a moving camera makes of a procedural flight, against its exact truth.

Law: pictures, telemetry and boxes go in as they would from an aircraft; the tracker, the ego-motion and the
map are the ones that run on a box. Nothing of them knows the true place of the camera, or who is who. Who
comes no further into the zone than the telemetry and a body are off may be told or not: neither is a mistake.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from edge.evaluate.overlap import overlap
from edge.flight import Flight
from edge.ground.flight import FixDoubt, Overhead
from edge.ground.flight_log import FlightLog
from edge.samples.overflight import EXACT, F64, HALF_M, LABELS, Overflight, Shot, Visit
from edge.scene.aloft import Aloft, MapSpec
from edge.scene.spec import ZoneSpec
from edge.track.assignment import assign
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.fact import Fact, ZoneEntered, ZoneLeft
from edge.values.frame import Frame
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.values.tracks import Tracks

BEGAN_NS = 1_800_000_000 * NS_PER_S
IN_TIME_S = 2.0
"""A visit that begins this far from the true time is the true one."""
ZONE = "square"
BODY_M = 0.25
"""The lower edge of a box seen from above is so far from where somebody stands."""
NOBODY = -1
"""Who is told where nobody is."""
AFAR_M = 48.0
"""How far the ground is from the camera that looks at it."""


@dataclass(slots=True)
class FlightCard:
    """How well a flight was understood.

    Attributes:
        visits, told, matched: true visits of the zone, told ones, and those that are both; without those who
            only brush past its border.
        delays_s: from the true to the told begin of a visit.
        stays_s: told less true length of a visit.
        off_m: how far from its true place each sighting was put, metres.
        switches: how often somebody was given another track.
        sightings: how many of them there were.
        drift_px: by how much the estimated ego-motion put the picture wrongly, pixels of 640.
        lost: pictures of which it was not known how the camera had moved.
        pictures: all pictures but the first.
    """

    visits: int = 0
    told: int = 0
    matched: int = 0
    delays_s: list[float] = field(default_factory=list)
    stays_s: list[float] = field(default_factory=list)
    off_m: list[float] = field(default_factory=list)
    switches: int = 0
    sightings: int = 0
    drift_px: list[float] = field(default_factory=list)
    lost: int = 0
    pictures: int = 0

    def to_json(self) -> dict[str, float | int | None]:
        """The card as a JSON object; null where nothing was there to measure."""
        return {
            "visits": self.visits,
            "told": self.told,
            "precision": self.matched / self.told if self.told else None,
            "recall": self.matched / self.visits if self.visits else None,
            "delay_s": _mean(self.delays_s),
            "stay_error_s": _mean([abs(off) for off in self.stays_s]),
            "place_error_m": _mean(self.off_m),
            "place_error_95_m": float(np.quantile(self.off_m, 0.95)) if self.off_m else None,
            "switches": self.switches,
            "sightings": self.sightings,
            "ego_error_px": _mean(self.drift_px),
            "motion_lost": self.lost,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried: whether tracks are carried along, and how far telemetry and boxes are off."""

    carried: bool = True
    doubt: FixDoubt = field(default_factory=lambda: FixDoubt(1.0, 0.7, 0.3, 0.0))
    jitter: float = 0.05
    missed: float = 0.05

    @property
    def border_m(self) -> float:
        """Half-width of the border on which nobody can tell who is in and who is out."""
        return self.doubt.position_m + AFAR_M * float(np.radians(self.doubt.angle_deg)) + BODY_M


def fly(flight: Overflight, asked: Asked) -> FlightCard:
    """Watch a flight from begin to end."""
    return _Watch(flight, asked).card()


@dataclass(slots=True)
class Told:
    """A visit as it was told: by whom, from when on, and how long."""

    who: int
    began_s: float
    stayed_s: float | None = None


def judged(
    told: Sequence[Told], inner: Mapping[int, Visit], outer: Mapping[int, Visit]
) -> tuple[int, list[Told], list[Told]]:
    """How many visits were due, and which of those that were told are right, and which are false.

    Who comes no further than the border, or had crossed it when the flight began, is not due, and not false
    while at it. Who was due and is told once more, or at another time, is false like a stranger.

    Args:
        told: visits as they were told.
        inner, outer: true visits of the zone without its border, and with it, by who came.
    """
    free, right = list(told), list[Told]()
    due = [who for who in inner if (outer[who].entered_s or 0.0) > IN_TIME_S]
    for who in due:
        early_s, late_s = (outer[who].entered_s or 0.0), (inner[who].entered_s or 0.0)
        for one in free:
            if one.who == who and early_s - IN_TIME_S <= one.began_s <= late_s + IN_TIME_S:
                free.remove(one)
                right.append(one)
                break
    return len(due), right, [one for one in free if one.who in due or not _at_border(one, inner, outer)]


def who_is_who(shot: Shot, tracks: Tracks) -> dict[int, int]:
    """Whom each track that is seen follows: boxes are matched so that all of them overlap most, each once."""
    seen = tracks.take(tracks.seen)
    rows, columns = assign(overlap(seen.boxes, shot.boxes))
    return dict(zip(seen.ids[rows].tolist(), shot.ids[columns].tolist(), strict=True))


def _at_border(told: Told, inner: Mapping[int, Visit], outer: Mapping[int, Visit]) -> bool:
    """Whether whoever is told was at the border then, and had not crossed it long before."""
    visit, further = outer.get(told.who), inner.get(told.who)
    if visit is None:
        return False
    over_s = (
        (inf if visit.left_s is None else visit.left_s) if further is None else (further.entered_s or 0.0)
    )
    return (visit.entered_s or 0.0) - IN_TIME_S <= told.began_s <= over_s + IN_TIME_S


class _Watch:
    def __init__(self, scene: Overflight, asked: Asked) -> None:
        self._scene, self._asked = scene, asked
        corners = scene.chart.unit(scene.zone_m)
        zone = ZoneSpec(ZONE, tuple((float(x), float(y)) for x, y in corners))
        self._spec = MapSpec(scene.chart, (zone,), (), FixDoubt())
        self._flight, self._tracker = Flight(Aloft(self._spec, LABELS)), Tracker(TrackerSpec())
        self._log: FlightLog = scene.telemetry(asked.doubt)
        self._rng, self._out = np.random.default_rng(31), FlightCard()
        self._stay_of: dict[int, int] = {}
        self._told: list[Told] = []
        self._track_of: dict[int, int] = {}
        self._before: Overhead | None = None

    def card(self) -> FlightCard:
        for shot in self._scene.shots():
            self._see(shot)
        self._match()
        return self._out

    def _see(self, shot: Shot) -> None:
        moment = Moment(round(shot.time_s * NS_PER_S), BEGAN_NS, ClockTrust.REPLAY)
        fix = self._log.at(shot.time_s)
        frame = Frame("drone", "run", 0, moment, shot.pixels, self._scene.size, fix=fix)
        stand_in = self._tracker if self._asked.carried else Tracker(TrackerSpec())
        self._flight.lead(stand_in, frame)
        self._drift(shot)
        found = self._found(shot)
        tracks = self._tracker.update(found, moment)
        whose = who_is_who(shot, tracks)
        self._facts(self._flight.observe(tracks, frame), shot, whose)
        self._switched(whose)
        if fix is not None:
            aspect = self._scene.size.width / self._scene.size.height
            overhead = Overhead(fix, EXACT, aspect, self._scene.chart)
            boxes = shot.boxes / np.array([*self._scene.size, *self._scene.size])
            off = overhead.metres(overhead.feet(boxes))[0] - shot.metres
            self._out.off_m.extend(np.hypot(*off.T).tolist())

    def _drift(self, shot: Shot) -> None:
        """Compare the ego-motion with the true one."""
        aspect = self._scene.size.width / self._scene.size.height
        now = Overhead(shot.fix, EXACT, aspect, self._scene.chart)
        if self._before is not None:
            self._out.pictures += 1
            shift = self._flight.shift
            if shift is None:
                self._out.lost += 1
            else:
                off = _corners(now.warp_from(self._before)) - _corners(shift.warp)
                self._out.drift_px.append(float(np.hypot(*(off * [640.0, 640.0 / aspect]).T).mean()))
        self._before = now

    def _found(self, shot: Shot) -> Detections:
        """What a detector of stated quality finds in the picture."""
        kept = self._rng.random(len(shot.ids)) >= self._asked.missed
        tall = (shot.boxes[kept, 3] - shot.boxes[kept, 1])[:, None]
        boxes = shot.boxes[kept] + (self._asked.jitter * tall * self._rng.standard_normal((kept.sum(), 4)))
        scores = np.full(len(boxes), 0.8, np.float32)
        return Detections(boxes.astype(np.float32), scores, shot.classes[kept])

    def _facts(self, facts: Sequence[Fact], shot: Shot, whose: Mapping[int, int]) -> None:
        for fact in facts:
            if isinstance(fact, ZoneEntered):
                self._stay_of[fact.who.track] = len(self._told)
                self._told.append(Told(whose.get(fact.who.track, NOBODY), shot.time_s))
            elif isinstance(fact, ZoneLeft) and fact.who.track in self._stay_of:
                stay = self._stay_of.pop(fact.who.track)
                self._told[stay].stayed_s = fact.stayed_s

    def _switched(self, whose: Mapping[int, int]) -> None:
        """Count who was given another track than before."""
        for track, who in whose.items():
            self._out.sightings += 1
            self._out.switches += self._track_of.get(who, track) != track
            self._track_of[who] = track

    def _match(self) -> None:
        out, border_m = self._out, self._asked.border_m
        within = {visit.who: visit for visit in self._scene.visits()}
        inner, outer = (
            {visit.who: visit for visit in self._scene.visits(HALF_M + off)} for off in (-border_m, border_m)
        )
        due, right, false = judged(self._told, inner, outer)
        for told in right:
            self._right(told, within[told.who])
        out.visits, out.told = due, out.matched + len(false)

    def _right(self, told: Told, visit: Visit) -> None:
        out = self._out
        out.matched += 1
        if visit.entered_s is not None:
            out.delays_s.append(told.began_s - visit.entered_s)
            if told.stayed_s is not None and visit.left_s is not None:
                out.stays_s.append(told.stayed_s - (visit.left_s - visit.entered_s))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _corners(warp: F64) -> F64:
    """Where nine spots of the unit square go, 9×2."""
    spots = np.array([[x, y, 1.0] for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)]) @ warp.T
    return np.asarray(spots[:, :2] / spots[:, 2:])
