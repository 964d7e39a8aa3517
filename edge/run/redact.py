"""A clip made into its redaction, and the redaction made into a clip.

Law: the clip is read to its end before the first picture is written, because who is found late was there
before. Every picture of it is read three times, each time in the same order: to look and to learn the street,
to compare with the street, and to fill. A picture that was not there the first time is filled whole.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from edge.ports import Detector
from edge.privacy.fill import Boxes, Colours, grid_of
from edge.privacy.redaction import Redaction, Region, Sighting, packed
from edge.privacy.street import Street, stirred
from edge.privacy.trails import Hold, Trails
from edge.run.overlay import colour_of
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.errors import CameraError
from edge.values.frame import Frame, Pixels, Size
from edge.values.moment import NS_PER_S

MOST_KEPT = 48
"""Pictures of which the street is the median; of 416×234 pixels they take 14 MB."""

FAINT_S = 3600.0
"""Whom the detector doubts for so long is hidden all the same: nobody is shown because of a doubt."""

Frames = Callable[[], Iterable[Frame]]
Tell = Callable[[float], None]
"""Told the presentation time reached, seconds, over and over from the clip's beginning."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a clip is read and looked at.

    Attributes:
        small: all its pictures at the size of the analysis, from the first, anew with each call.
        full: the same at their own size, with even sides.
        detector: tells even what it doubts.
        tracker: begins a track with what the detector doubts, and continues it with less.
        fps: pictures per second that the detector is asked about, at most.
        hold: for how long somebody is held.
    """

    small: Frames
    full: Frames
    detector: Detector
    tracker: TrackerSpec
    fps: float
    hold: Hold


def tracker_of(begins: tuple[float, ...], continues: float, hold: Hold) -> TrackerSpec:
    """A tracker that believes at once, and long.

    Args:
        begins: score that begins a track, by index of class.
        continues: score that continues one.
        hold: for how long somebody may be out of sight.
    """
    return TrackerSpec(
        high_score=max(begins),
        high_scores=begins,
        low_score=continues,
        confirm_hits=1,
        tentative_s=hold.gap_s,
        lost_s=hold.gap_s,
        faint_s=FAINT_S,
    )


def planned(reading: Reading, tell: Tell) -> Redaction:
    """The redaction of a clip.

    Raises:
        CameraError: the clip cannot be read, or has no picture.
    """
    watch = Watch(reading)
    for frame in reading.small():
        watch.add(frame)
        tell(seconds(frame))
    if watch.size is None:
        raise CameraError("the clip has no picture")
    strange = list(_strange(reading.small(), watch.street(), watch.size, tell))
    return Redaction(
        watch.size,
        tuple(watch.times_s),
        strange,
        tuple(watch.sightings),
        watch.trails.closed(),
        1 / reading.fps,
        reading.hold,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with nobody in it.

    Attributes:
        at_s: its time, seconds from the clip's first.
        pixels: uint8 H×W×3, RGB, of the size of the first.
        region: what is filled of it.
    """

    at_s: float
    pixels: Pixels
    region: Region


def pictures(reading: Reading, redaction: Redaction, tell: Tell) -> Iterator[Shown]:
    """Every picture of the clip with nobody in it, in order.

    Raises:
        CameraError: the clip cannot be read on.
    """
    palette: Colours = np.array([colour_of(label) for label in reading.detector.labels], np.uint8)
    shape: tuple[int, ...] | None = None
    for index, frame in enumerate(reading.full()):
        at_s = seconds(frame)
        shape = shape or frame.pixels.shape
        region = redaction.region(index, at_s)
        same = frame.pixels.shape == shape
        yield Shown(at_s, region.filled(frame.pixels, palette) if same else np.zeros(shape, np.uint8), region)
        tell(at_s)


def seconds(frame: Frame) -> float:
    """Presentation time of a picture of a clip."""
    return frame.moment.mono_ns / NS_PER_S


@dataclass(slots=True)
class Watch:
    """The first reading: what the detector says, who is followed, and pictures to learn the street from."""

    reading: Reading
    size: Size | None = None
    times_s: list[float] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    trails: Trails = field(default_factory=Trails)
    _tracker: Tracker = field(init=False)
    _due_s: float = 0.0
    _every: int = 1
    _asked: int = 0
    _kept: list[tuple[Pixels, Boxes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tracker = Tracker(self.reading.tracker)

    def add(self, frame: Frame) -> None:
        """Take the next picture."""
        at_s = seconds(frame)
        self.size = self.size or frame.size
        self.times_s.append(at_s)
        if at_s + 1e-6 < self._due_s or frame.size != self.size:
            return
        self._due_s = max(self._due_s + 1 / self.reading.fps, at_s)
        boxes = self._look(frame, at_s)
        if self._asked % self._every == 0:
            self._kept.append((frame.pixels, boxes))
        self._asked += 1
        if len(self._kept) > MOST_KEPT:
            self._kept, self._every = self._kept[::2], self._every * 2

    def _look(self, frame: Frame, at_s: float) -> Boxes:
        """Ask the detector; boxes of everything found or followed."""
        answer = self.reading.detector.detect(frame)
        if not isinstance(answer, Detections):
            return self._tracker.miss(frame.moment).boxes
        begins = np.array(self.reading.tracker.high_scores)
        found = answer.take(answer.scores >= begins[answer.classes])
        boxes, kinds = found.boxes.astype(np.float64), found.classes.astype(np.intp)
        self.sightings.append(Sighting(at_s, boxes, kinds))
        tracks = self._tracker.update(answer, frame.moment)
        self.trails.add(at_s, tracks)
        return np.concatenate([found.boxes, tracks.boxes])

    def street(self) -> Street:
        """What lasts in the pictures so far, of which there is at least one."""
        shown, found = zip(*self._kept, strict=True)
        return Street.of(shown, found, self._every / self.reading.fps)


def _strange(frames: Iterable[Frame], street: Street, size: Size, tell: Tell) -> Iterator[bytes]:
    """For every picture the blocks that are not the street or that changed, packed."""
    before: Frame | None = None
    for frame in frames:
        if frame.size != size:
            yield packed(np.ones(grid_of(size.height, size.width), np.bool_))
            continue
        blocks = street.strange(frame.pixels)
        if before is not None:
            blocks = blocks | stirred(before.pixels, frame.pixels)
        before = frame
        yield packed(blocks)
        tell(seconds(frame))
