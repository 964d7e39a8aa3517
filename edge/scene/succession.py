"""Which new track is an old object under a new id.

Law: an object that is not seen any more and a track that was born later, close to the way that the
object would have walked, of the same class and about the same height, are one; unless it would have walked
out of the picture by then, or they walk against each other. Each is used once, the nearest pair
first. Asked only when the new track is believed, so that the old one has had time to be found again
under its own id, and the new one to show where it goes.
"""

import numpy as np
import numpy.typing as npt

from edge.scene.objects import Flags, Objects
from edge.scene.places import Places
from edge.scene.segments import F64
from edge.values.moment import NS_PER_S

REACH = 0.4
"""Distance allowed from the expected way, box heights."""
REACH_PER_S = 0.8
"""What is allowed on top for each second unseen; a pedestrian's 1.4 m/s is 0.8 heights/s."""
FARTHEST = 1.2
"""Distance from the expected way that is never allowed: somebody else may well stand there."""
LONGEST_S = 4.0
"""An object unseen for longer than this may be anywhere."""
FASTEST = 6.0
"""Box heights per second that nothing on legs or wheels exceeds between two sightings, about 10 m/s."""
WALKING = 0.25
"""Box heights per second from which an object has a direction; standing ones seem to move by jitter."""
LIKE_HEIGHT = 1.6
"""Largest ratio of the two box heights."""


def successions(objects: Objects, fresh: npt.NDArray[np.intp], now: int, scale: F64) -> list[tuple[int, int]]:
    """Pairs (row of the old object, row of the new track).

    Args:
        objects: all that are known.
        fresh: rows of tracks that have just been believed.
        now: monotonic time of this frame, ns.
        scale: float64 2, unit square to picture heights.
    """
    old = np.flatnonzero(objects.seen_ns < now)
    if not len(old) or not len(fresh):
        return []
    cost = _misfit(objects, old, fresh, scale)
    pairs = []
    while np.isfinite(cost).any():
        i, j = np.unravel_index(int(np.argmin(cost)), cost.shape)
        pairs.append((int(old[i]), int(fresh[j])))
        cost[i, :] = np.inf
        cost[:, j] = np.inf
    return pairs


def hand_over(o: Objects, old: int, new: int, places: Places) -> None:
    """Make `new` the same object as `old`: its stays go on, and the step between them counts."""
    step = places.crossings(o.feet[[old]], o.born_at[[new]], o.classes[[new]])[0]
    at_ns = np.where(o.net[old] != 0, o.passed_ns[old], o.born_ns[new])
    earlier = (o.net[old] != 0) | (step != 0)
    o.passed_ns[new] = np.where(earlier, at_ns, o.passed_ns[new])
    o.net[new] += o.net[old] + step
    o.crossed_ns[new] = np.maximum(o.crossed_ns[new], o.crossed_ns[old])
    o.since_ns[new] = np.where(o.told[old], o.since_ns[old], o.since_ns[new])
    o.told[new] = o.told[old]
    o.passed_s[new] = np.where(o.told[old], 0.0, o.passed_s[old] + o.passed_s[new])
    o.born_in[new] = False


def _misfit(objects: Objects, old: npt.NDArray[np.intp], new: npt.NDArray[np.intp], scale: F64) -> F64:
    """Distance from the expected way, box heights, old×new; infinite where they cannot be one."""
    gap_s = (objects.born_ns[new] - objects.seen_ns[old][:, None]) / NS_PER_S
    height = np.maximum(objects.heights[old][:, None], objects.heights[new])
    smaller = np.minimum(objects.heights[old][:, None], objects.heights[new])
    way = (objects.born_at[new] - objects.feet[old][:, None]) * scale
    walk = objects.speed[old][:, None] * scale * gap_s[:, :, None]
    share = (way * walk).sum(axis=2) / np.maximum((walk**2).sum(axis=2), 1e-12)
    astray = way - np.clip(share, 0.0, 1.0)[:, :, None] * walk
    far, miss = np.hypot(*np.moveaxis(way, 2, 0)), np.hypot(*np.moveaxis(astray, 2, 0))
    miss /= np.maximum(height, 1e-9)
    fits = (gap_s > 0) & (gap_s <= LONGEST_S) & (objects.classes[old][:, None] == objects.classes[new])
    fits &= (height <= LIKE_HEIGHT * smaller) & (far <= FASTEST * height * gap_s)
    fits &= ~_gone_out(objects, old, gap_s) & ~_against(objects, old, new, scale)
    fits &= miss <= np.minimum(REACH + REACH_PER_S * gap_s, FARTHEST)
    return np.where(fits, miss, np.inf)


def _gone_out(objects: Objects, old: npt.NDArray[np.intp], gap_s: F64) -> Flags:
    """Whether the old object would have walked out of the picture by then, old×new."""
    there = objects.feet[old][:, None] + objects.speed[old][:, None] * gap_s[:, :, None]
    return np.asarray(((there < 0.0) | (there > 1.0)).any(axis=2))


def _against(objects: Objects, old: npt.NDArray[np.intp], new: npt.NDArray[np.intp], scale: F64) -> Flags:
    """Whether both walk, and more against than with each other, old×new."""
    pace = objects.speed * scale / np.maximum(objects.heights, 1e-9)[:, None]
    walks = np.hypot(pace[:, 0], pace[:, 1]) > WALKING
    return np.asarray((pace[old] @ pace[new].T < 0) & walks[old][:, None] & walks[new])
