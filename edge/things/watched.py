"""Something that stands on the street, or is missing from it, while it is watched.

Law: what changes its shape is alive, and its time begins anew. What covers more than a thing can, what is
only light, and what is the body of somebody who was there and is found no more, or has always touched one as
a shadow does, is no thing.
"""

from dataclasses import dataclass
from math import exp, inf

import numpy as np

from edge.things.keepers import Keepers, Now
from edge.things.likelihood import UNSURE, Look
from edge.things.outline import Outline
from edge.things.stays import Box, overlap
from edge.values.fact import UnitBox
from edge.values.moment import Moment
from edge.values.thing import Change, Terms, Thing
from edge.view.patch import Flags, Patch

LARGEST = 0.04
"""Share of the picture that no thing covers."""
STILL_S = 2.0
"""What has kept its shape for less is not judged."""
MOVED = 0.6
"""Share of a patch that stays the same while it stands still."""
RESTLESS = 0.25
"""As many cells change in and around what is alive, in shares of its own."""
ALONE_S = 2.0
"""What has not been by itself for so long may be the shadow of a body, or the rest of it."""
UNCOVERED_S = 2.0
"""Who walks by before it still shows for so long in what is remembered of the last seconds."""
BODY = 0.5
"""Overlap with the box of a body from which a patch is that body."""
HEAD, WITHIN = 0.2, 0.8
"""Or it begins so near to the body's head, in shares of its height, and lies so far within its box."""
LOOKS = 0.3
"""Weight of the newest look."""
STOOD_S, CELLS, CONTRAST = 5.0, 8.0, 0.7
"""Scales of the terms: seconds, cells, shares of the difference that counts."""
OWNERS = {"known": 1.0, "vanished": 0.7, "unknown": 0.5}


@dataclass(slots=True, eq=False)
class Watched:
    """One of them.

    Attributes:
        id: never used again.
        patch, outline: its cells, and what lies around them.
        box, unit: where it is in pixels, and in the unit square.
        since: when the place last looked as it used to.
        still_s, seen_s, began_s: since when it has kept its shape, when it was last seen and first, seconds.
        keepers: who came with it.
        look: what it looks like, mean of the last seconds.
        learnt: whether the street under it was known for long enough that something can be missing from it.
        apart_m, side_m: how far its keepers are, and how large it is.
        body: it is somebody's.
        free_s, alone: for how long no body touched it; whether it has ever been by itself.
        back: the place looks as it did before something else was taken for a part of it.
        shadow: it went with a vehicle that had stood beside it: it was its shadow.
        judged_s: when its looks were last judged, seconds.
        hidden_s: when somebody last stood before it, seconds.
        thing_s: when it was last a thing, seconds.
        settled: it was told that it is a part of the place from now on.
    """

    id: int
    patch: Patch
    outline: Outline
    box: Box
    unit: UnitBox
    since: Moment
    still_s: float
    seen_s: float
    began_s: float
    keepers: Keepers
    look: Look
    learnt: bool
    apart_m: float = inf
    side_m: float | None = None
    body: bool = False
    settled: bool = False
    hidden_s: float = -inf
    judged_s: float = -inf
    thing_s: float = -inf
    free_s: float = 0.0
    alone: bool = False
    back: bool = False
    shadow: bool = False

    def seen(self, patch: Patch, hidden: Flags, near: Flags, calm: Flags, now: Now) -> bool:
        """Take its patch of the next picture; whether it can be judged by it.

        Args:
            patch: its cells now.
            hidden, near: cells of the whole picture that show a body, and those beside them too.
            calm: cells that have not changed for a second.
            now: the moment.
        """
        window, cells = patch.where, patch.cells
        step_s = now.s - self.seen_s
        self.seen_s = now.s
        touched = bool(np.count_nonzero(near[window] & cells))
        self.free_s = max(0.0, self.free_s - step_s) if touched else self.free_s + step_s
        self.alone = self.alone or self.free_s >= ALONE_S
        if touched and np.count_nonzero(hidden[window] & cells):
            self.hidden_s = now.s
        if now.s - self.hidden_s < UNCOVERED_S:
            return False
        same = self.patch.shared(patch)
        moved = same < MOVED * (self.patch.size + patch.size - same)
        if not self.patch.equals(patch):
            self.outline = Outline(patch, self.outline.shape)
        self.patch = patch
        stirs = ~calm[self.outline.where]
        restless = np.count_nonzero(stirs & self.outline.halo) > RESTLESS * patch.size
        if moved or (restless and not now.is_passed(self.box)):
            self.still_s = now.s
        return True

    def judge(self, look: Look) -> None:
        """Let a new look count."""
        before = self.look
        self.look = Look(
            look.lit,
            before.edges + LOOKS * (look.edges - before.edges),
            before.contrast + LOOKS * (look.contrast - before.contrast),
        )

    def is_of(self, body: Box) -> bool:
        """Whether it is this body, with which it overlaps."""
        left, top, right, bottom = self.box
        x1, y1, x2, y2 = body
        wide, high = min(right, x2) - max(left, x1), min(bottom, y2) - max(top, y1)
        within = max(0.0, wide) * max(0.0, high) >= WITHIN * (right - left) * (bottom - top)
        headed = abs(top - y1) <= HEAD * (y2 - y1)
        return overlap(self.box, body) >= BODY or (within and headed)

    @property
    def change(self) -> Change | None:
        """Left or taken; None where that cannot be told."""
        if self.look.lit or abs(self.look.edges) < UNSURE:
            return None
        if self.look.edges > 0:
            return Change.LEFT
        return Change.TAKEN if self.learnt and not self.shadow else None

    def is_large(self, cells: int) -> bool:
        """Whether it covers more than a thing can; `cells` is the number of cells of the picture."""
        return self.patch.size > LARGEST * cells

    def is_thing(self, cells: int, now_s: float) -> bool:
        """Whether it is to be told; `cells` is the number of cells of the picture."""
        if self.is_large(cells) or self.body or self.back or not self.alone:
            return False
        return now_s - self.still_s >= STILL_S and self.change is not None

    def thing(self, now_s: float, surveyed: bool) -> Thing:
        """What is told of it; of something that is a thing."""
        change = self.change
        assert change is not None
        stood_s = now_s - self.still_s
        return Thing(
            self.id, change, self.unit, self.since, stood_s, self._terms(stood_s), self.keepers.owner,
            self.apart_m, surveyed, self.side_m, self.settled,
        )  # fmt: skip

    def _terms(self, stood_s: float) -> Terms:
        known = "unknown" if self.keepers.owner is None else "known"
        whose = "vanished" if self.keepers.vanished and self.change is Change.LEFT else known
        return Terms(
            stood=1.0 - exp(-stood_s / STOOD_S),
            owner=OWNERS[whose],
            size=self.patch.size / (self.patch.size + CELLS),
            contrast=1.0 - exp(-self.look.contrast / CONTRAST),
            edges=min(1.0, abs(self.look.edges) / (2 * UNSURE)),
        )
