"""Which objects have come to rest, and since when.

Law: what stands, stands until it is seen elsewhere. A box that jitters, a passer-by before it and a track
that is lost for a while do not make it leave; something of a like box that is found in its place is the same
again. What has come to rest is judged by its smoothed place, against that at which it came to rest.
"""

from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64
from edge.values.fact import Sighting
from edge.values.moment import Moment

SMOOTH_S = 0.8
"""Memory of the smoothed place."""
SETTLED_S = 2.0
"""Who has stood for so long must be seen elsewhere for `LEFT_S` before they count as gone."""
LEFT_S = 1.0
SAME = 0.4
"""Overlap (IoU) from which something found in its place is the same."""
ALONE_S, HIDDEN_S = 4.0, 20.0
"""For how long it is waited for where nothing hides it, and where something does."""


@dataclass(slots=True, eq=False)
class Resting:
    """One object that may be at rest.

    Attributes:
        id: unique within the watch, never reused.
        track: that carries it now.
        who: as last seen.
        place: smoothed feet, unit square.
        anchor: the place at which it came to rest.
        since: when.
        seen: when it was last seen.
        elsewhere: since when it is seen beyond reach of its anchor; None while it is not.
        covered_ns: when something last covered it, monotonic.
    """

    id: int
    track: int
    who: Sighting
    place: F64
    anchor: F64
    since: Moment
    seen: Moment
    elsewhere: Moment | None = None
    covered_ns: int = -(10**18)

    def see(self, who: Sighting, feet: F64, covered: bool, now: Moment) -> None:
        """It is there; where others cover it, that says nothing of its place."""
        step_s = now.seconds_since(self.seen)
        self.track, self.who, self.seen = who.track, who, now
        if covered:
            self.covered_ns = now.mono_ns
            return
        self.place = self.place + (1.0 - np.exp(-max(step_s, 0.0) / SMOOTH_S)) * (feet - self.place)

    def judge(self, away: bool, now: Moment) -> None:
        """Take whether its place is beyond reach of its anchor."""
        if not away:
            self.elsewhere = None
            return
        self.elsewhere = self.elsewhere or now
        settled = self.elsewhere.seconds_since(self.since) >= SETTLED_S
        if not settled or now.seconds_since(self.elsewhere) >= LEFT_S:
            self.anchor, self.since, self.elsewhere = self.place, now, None

    @property
    def settled(self) -> bool:
        """Whether it has been seen to stand for so long that it is waited for."""
        return self.seen.seconds_since(self.since) >= SETTLED_S

    def gone(self, covered: bool, now: Moment) -> bool:
        """Whether nobody waits for it any more, who is not seen now."""
        if covered:
            self.covered_ns = now.mono_ns
        unseen_s = now.seconds_since(self.seen)
        if not self.settled:
            return unseen_s > LEFT_S
        in_view_s = (now.mono_ns - max(self.covered_ns, self.seen.mono_ns)) / 1e9
        return unseen_s > HIDDEN_S or in_view_s > ALONE_S


def overlap(box: F64, others: F64) -> F64:
    """Intersection over union of a box with others m×4, m."""
    shared = np.maximum(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0.0)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    both = shared.prod(axis=1)
    return np.asarray(both / np.maximum(areas - both, 1e-12))
