"""The tracker: one object per camera and run, one verb per kind of answer.

`update` for a frame that the detector answered, `hold` for one that it was not asked about because nothing
moved, `miss` for one about which nothing is known. Association is in two stages as in ByteTrack (Zhang
et al., arXiv:2110.06864): detections of high score with all tracks, then those of low score with the tracks
that were seen just before; in between, what is left of high score with tracks seen only once, more
generously. Faint detections alone carry a track only for so long: what a detector doubts for minutes is a
stain on a wall. What is compared is not overlap, which at five frames a second is often nil, but
the likelihood that the detection is the track's next measurement (Bar-Shalom, Blackman and Fitzgerald,
IEEE Trans. AES 43, 2007: the dimensionless score function).
"""

from dataclasses import replace

import numpy as np

from edge.track.assignment import assign
from edge.track.births import Births
from edge.track.motion import Fading, Floats, Rows, measured
from edge.track.population import Mask, Population, every
from edge.track.spec import TrackerSpec
from edge.values.detections import Detections
from edge.values.moment import Moment
from edge.values.tracks import Tracks

NOVELTY = 1.0
"""A pair is possible as long as its misfit and its doubt, ln|S|, together stay below this: beyond it, a new
object is the likelier story."""

TAIL = 4.0
"""Degrees of freedom of the misfit. Detectors' errors have heavy tails: a box that loses its legs behind a
bench for one frame is an outlier, and still the same person."""

LEAP = 12.0
"""By how much the bound is wider for a track in its second frame, when nothing else explains the two: its
speed is not known yet, and a car at 100 km/h moves two box sizes in a fifth of a second."""

CLASS_COST = 4.0
"""What a detection of another class than the track's adds to the misfit: detectors do call a van a truck."""

PROVEN = 4.0
"""A track that moves is believed once its scores sum up to so many times what begins a track of its class:
clutter that scores low does not walk on."""

NONE: Rows = np.empty(0, np.intp)

SMALLEST_SIDE_PX = 0.5
LARGEST_PX = 1e5


class Tracker:
    """Follows the objects of one camera; ids count up from 1 and are never reused by this object."""

    def __init__(self, spec: TrackerSpec) -> None:
        self._spec = spec
        self._highs = np.array([*spec.high_scores, spec.high_score], np.float32)
        self._births = Births(spec)
        self._next_id = 1
        self._then: Moment | None = None
        self._blind_s = 0.0
        self._fading = Fading.over(0.0)
        self._alive = Population.none()

    def update(self, detections: Detections, moment: Moment) -> Tracks:
        """The tracks at `moment`, given all that the detector found then.

        Detections with a side under half a pixel or coordinates that no picture has are ignored. The
        order of detections does not matter. A moment before the last one counts as the same time.
        """
        found, high = _in_order(detections, self._high(detections), self._spec.low_score)
        where = measured(found.boxes)
        dt_s = self._elapsed(moment)
        expected = self._advanced(dt_s, dt_s)
        self._blind_s = 0.0
        rows, columns = self._matches(expected, found, where, high)
        matched, seen = _seen(expected, rows, found.take(columns), where[columns], high[columns])
        fresh = self._fresh(found, high, columns, matched, rows)
        if len(fresh):
            born = Population.born(self._next_id, found.take(fresh), where[fresh], high[fresh])
            matched = matched.joined(born)
            seen = np.concatenate((seen, np.ones(len(fresh), np.bool_)))
            self._next_id += len(fresh)
        return self._kept(matched, seen)

    def hold(self, moment: Moment) -> Tracks:
        """The tracks at `moment`, given that nothing moved since the last answer.

        The answer would have been the same: what was seen then is seen again where it stands; what was not
        seen goes on being unseen.
        """
        before = self._alive
        dt_s = self._elapsed(moment)
        expected = self._advanced(dt_s, dt_s)
        self._blind_s = 0.0
        unsure_s = np.where(before.unsure_s == 0.0, 0.0, expected.unsure_s)  # the sure would be sure again
        seen = (before.unseen_s == 0.0) & (unsure_s <= self._spec.faint_s)
        rows = seen.nonzero()[0]
        motion = expected.motion.stood(rows, before.motion.position[rows])
        return self._kept(before.aged(motion, np.where(seen, 0.0, expected.unseen_s), unsure_s), seen)

    def miss(self, moment: Moment) -> Tracks:
        """The tracks at `moment`, of which nothing is known; for `blind_s` this is no evidence of absence."""
        dt_s = self._elapsed(moment)
        counted_s = min(dt_s, max(0.0, self._blind_s + dt_s - self._spec.blind_s))
        self._blind_s += dt_s
        expected = self._advanced(dt_s, counted_s)
        return self._kept(expected, np.zeros(len(expected), np.bool_))

    def carry(self, warp: Floats) -> None:
        """Take everybody along: the camera moved since the last answer, and nobody in the world by that.

        Camera motion compensation as in BoT-SORT (Aharon, Orfaig and Bobrovsky, arXiv:2206.14651, section
        3.2).

        Args:
            warp: float64 3×3, homography from pixels of the last frame to pixels of the one that comes.
        """
        if len(self._alive):
            self._alive = replace(self._alive, motion=self._alive.motion.carried(warp))

    def lose(self) -> None:
        """Let go of everybody: nobody knows how the camera moved, and so who is who."""
        self._alive = Population.none()

    def _high(self, found: Detections) -> Mask:
        """Which detections are sure enough, for their class, to begin a track."""
        high: Mask = found.scores >= self._highs.take(found.classes, mode="clip")
        return high

    def _elapsed(self, moment: Moment) -> float:
        dt_s = 0.0 if self._then is None else moment.seconds_since(self._then)
        if self._then is None or dt_s > 0.0:
            self._then = moment
        return max(dt_s, 0.0)

    def _advanced(self, dt_s: float, unseen_s: float) -> Population:
        """Who is alive, `dt_s` later, of which `unseen_s` count as absence for those who are not seen."""
        if dt_s != self._fading.dt_s:  # cameras are regular: mostly it is the same as for the last frame
            self._fading = Fading.over(dt_s)
        alive = self._alive
        motion = alive.motion.predicted(self._fading)
        return alive.aged(motion, alive.unseen_s + unseen_s, alive.unsure_s + unseen_s)

    def _matches(
        self, expected: Population, found: Detections, where: Floats, high: Mask
    ) -> tuple[Rows, Rows]:
        """Rows of tracks and of detections that belong together, at most once each."""
        if len(expected) == 0 or len(found) == 0:
            return NONE, NONE
        gain = _gain(expected, found, where)
        sure = expected.hits > 0
        pairs = _assigned(gain[:, : np.count_nonzero(high)], sure)  # the high ones come first
        if len(pairs[0]) == min(gain.shape):
            return pairs
        just_seen = self._alive.unseen_s == 0.0
        pairs = _further(pairs, gain, just_seen & (expected.hits == 1), high, LEAP)
        pairs = _further(pairs, gain, sure & just_seen & (expected.unsure_s <= self._spec.faint_s), ~high)
        if not self._births.doubts:
            return pairs
        pairs = _further(pairs, gain, ~sure, np.ones(len(found), np.bool_))
        young = just_seen & (expected.hits <= 1) & (expected.age == 2)
        return _further(pairs, gain, young, self._births.may_begin(found, high), LEAP)

    def _fresh(self, found: Detections, high: Mask, columns: Rows, matched: Population, rows: Rows) -> Rows:
        """Detections that begin a track."""
        if len(columns) == len(found):
            return NONE
        return self._births.of(found, high, columns, matched.take(rows[matched.hits[rows] > 0]))

    def _kept(self, after: Population, seen: Mask) -> Tracks:
        spec = self._spec
        confirmed = after.hits >= spec.confirm_hits
        moves = np.ones(len(after), np.bool_)
        if self._births.doubts and not every(confirmed):
            moves = after.motion.moves()
            begins = self._highs.take(after.classes, mode="clip")
            confirmed |= moves & (after.votes >= PROVEN * begins)
            after = replace(
                after, hits=np.where(confirmed, np.maximum(after.hits, spec.confirm_hits), after.hits)
            )
        if not every(seen):
            alive = after.unseen_s <= np.where(confirmed, spec.lost_s, spec.tentative_s)
            if not every(alive):
                after, seen, confirmed = after.take(alive.nonzero()[0]), seen[alive], confirmed[alive]
                moves = moves[alive]
        self._alive = after
        told = after.seen_as(confirmed, seen)
        shown = moves | (after.hits > 0)
        return told if every(shown) else told.take(shown)


def _in_order(detections: Detections, high: Mask, low_score: float) -> tuple[Detections, Mask]:
    """The usable detections, high ones first, by score, box and class, whatever order they came in.

    Also which are high.
    """
    boxes, scores = detections.boxes, detections.scores
    wide_and_high = boxes[:, 2:] >= boxes[:, :2] + SMALLEST_SIDE_PX
    usable = wide_and_high[:, 0] & wide_and_high[:, 1] & (scores >= low_score)
    usable &= np.logical_and.reduce(np.abs(boxes) <= LARGEST_PX, axis=1)
    if every(scores[1:] < scores[:-1]) and every(high[1:] <= high[:-1]):  # as most detectors give them
        return (detections, high) if every(usable) else (detections.take(usable), high[usable])
    order = np.lexsort((detections.classes, *boxes.T, -scores, ~high))
    order = order[usable[order]]
    return detections.take(order), high[order]


def _seen(
    expected: Population, rows: Rows, found: Detections, where: Floats, high: Mask
) -> tuple[Population, Mask]:
    """The tracks after those at `rows` saw one detection each, and which they are."""
    if len(rows) == len(expected) and every(rows[1:] > rows[:-1]):  # as usual, and half the work
        return expected.all_matched(found, where, high), np.ones(len(rows), np.bool_)
    seen = np.zeros(len(expected), np.bool_)
    seen[rows] = True
    return expected.matched(rows, found, where, high), seen


def _gain(expected: Population, found: Detections, where: Floats) -> Floats:
    """By how much "the track's next measurement" beats "something new", tracks × detections.

    The misfit is twice the negative logarithm of Student's t density (Lange, Little and Taylor, JASA 84,
    1989). Its squared distance Σ(z-p)²/s is expanded, so that one small matrix product does for all pairs.
    """
    position, variance = expected.motion.position, expected.motion.expected_variance()
    pull = position / variance
    of_tracks, of_found = np.empty((len(position), 9)), np.empty((len(where), 9))
    np.multiply(pull, -2.0, out=of_tracks[:, :4])
    np.divide(1.0, variance, out=of_tracks[:, 4:8])
    np.add.reduce(pull * position, axis=1, out=of_tracks[:, 8])
    of_found[:, :4] = where
    np.multiply(where, where, out=of_found[:, 4:8])
    of_found[:, 8] = 1.0
    misfit = np.maximum(of_tracks @ of_found.T, 0.0)  # the squared distance, as yet
    misfit /= TAIL
    np.log1p(misfit, out=misfit)
    misfit *= TAIL + 4.0
    misfit += CLASS_COST * (expected.classes[:, None] != found.classes)
    size = 2.0 * (position[:, 2] + position[:, 3])  # ln of the box size, for two axes
    bound = NOVELTY + size - np.add.reduce(np.log(variance), axis=1)
    gain: Floats = np.subtract(bound[:, None], misfit, out=misfit)
    return gain


def _assigned(gain: Floats, tracks: Mask) -> tuple[Rows, Rows]:
    """The best pairs of these tracks, a mask, and all detections."""
    if every(tracks):
        return assign(gain)
    rows = tracks.nonzero()[0]
    some, columns = assign(gain[rows])
    return rows[some], columns


def _further(
    pairs: tuple[Rows, Rows], gain: Floats, tracks: Mask, detections: Mask, bonus: float = 0.0
) -> tuple[Rows, Rows]:
    """The pairs, then those to be made of these tracks and detections as far as they are still free."""
    free_tracks, free_detections = tracks.copy(), detections.copy()
    free_tracks[pairs[0]] = False
    free_detections[pairs[1]] = False
    rows, columns = free_tracks.nonzero()[0], free_detections.nonzero()[0]
    if len(rows) == 0 or len(columns) == 0:
        return pairs
    more, others = assign(gain[rows[:, None], columns] + bonus)
    return np.concatenate((pairs[0], rows[more])), np.concatenate((pairs[1], columns[others]))
