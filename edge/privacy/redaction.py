"""The redaction of a clip: what is filled in each of its pictures, known before the first of them is shown.

Law: every picture of the clip has a region, also those that no detector saw. What was found, followed, just
lost or not yet found is filled; so is what is not the street and nobody claims; and the whole picture where
there is no answer, or where a picture is none that the clip was planned with. Who fills does not decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from edge.privacy.fill import BLOCK_PX, Blocks, Colours, grid_of, solid_fill
from edge.privacy.trails import Floats, Hold, Trail
from edge.values.frame import Pixels, Size

Kinds = npt.NDArray[np.intp]

MARGIN = 0.15
"""By how much boxes grow, share of their longer side: what a detector's box leaves out of a body."""

STIRS_S = 0.35
"""How long before and after it is seen in a block, what is not the street is believed to be there."""

DARK = 40
BLIND = 1.5
"""Pictures lie at most so many steps of the analysis between two answers, or there is no answer for them."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One answer of the detector.

    Attributes:
        time_s: of the picture, seconds from the clip's first.
        boxes: n×4, x1 y1 x2 y2 in pixels of the analysed picture.
        kinds: n, index of each one's class.
    """

    time_s: float
    boxes: Floats
    kinds: Kinds


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """What is filled of one picture.

    Attributes:
        analysed: size of the picture in whose pixels boxes and blocks are.
        whole: everything; the rest does not matter then.
        boxes: n×4, x1 y1 x2 y2, without margin.
        kinds: n, index of each one's class.
        blocks: rows×columns.
    """

    analysed: Size
    whole: bool
    boxes: Floats
    kinds: Kinds
    blocks: Blocks

    def filled(self, pixels: Pixels, palette: Colours) -> Pixels:
        """A copy of a picture, H×W×3 of any size, that shows nobody.

        Args:
            palette: uint8 n×3, RGB, by index of class.
        """
        if self.whole:
            return np.full_like(pixels, DARK)
        height, width = pixels.shape[:2]
        rows = np.arange(height) * self.analysed.height // (height * BLOCK_PX)
        columns = np.arange(width) * self.analysed.width // (width * BLOCK_PX)
        filled = pixels.copy()
        filled[self.blocks[rows[:, None], columns[None, :]]] = DARK
        scale = np.array([width, height] * 2) / np.array([*self.analysed, *self.analysed])
        return solid_fill(filled, self.boxes * scale, palette[self.kinds], MARGIN)

    def covers(self, size: Size) -> npt.NDArray[np.bool_]:
        """Which pixels of a picture are filled, bool H×W; found by filling one, so it cannot be wrong."""
        white = np.full((size.height, size.width, 3), 255, np.uint8)
        palette = np.full((1 + int(self.kinds.max(initial=0)), 3), DARK, np.uint8)
        return np.asarray((self.filled(white, palette) != 255).all(axis=2))


@dataclass(frozen=True, eq=False)
class Redaction:
    """The regions of all pictures of one clip.

    Attributes:
        analysed: size of the analysed pictures.
        times_s: of every picture of the clip, ascending.
        strange: blocks of every picture that are not the street, as `packed` gives them.
        sightings: the detector's answers, ascending; a picture that it did not answer has none.
        trails: of everything that was followed.
        step_s: time between two pictures that the detector was asked about.
        hold: for how long somebody is held.
    """

    analysed: Size
    times_s: Sequence[float]
    strange: Sequence[bytes]
    sightings: Sequence[Sighting]
    trails: Sequence[Trail]
    step_s: float
    hold: Hold

    def __post_init__(self) -> None:
        if len(self.times_s) != len(self.strange):
            raise ValueError(
                f"a redaction wants blocks for {len(self.times_s)} pictures, got {len(self.strange)}"
            )

    def __len__(self) -> int:
        return len(self.times_s)

    @cached_property
    def _shown_s(self) -> Floats:
        return np.array(self.times_s)

    @cached_property
    def _answered_s(self) -> Floats:
        return np.array([each.time_s for each in self.sightings])

    @cached_property
    def _lives_s(self) -> Floats:
        """First and last sighting of every trail, n×2."""
        return np.array([(trail.times_s[0], trail.times_s[-1]) for trail in self.trails]).reshape(-1, 2)

    def region(self, index: int, time_s: float) -> Region:
        """What is filled of the clip's picture `index`, which is shown at `time_s`."""
        known = index < len(self) and time_s == self.times_s[index]
        if not known or self._blind(time_s):
            nothing = np.zeros(grid_of(self.analysed.height, self.analysed.width), np.bool_)
            return Region(self.analysed, True, np.empty((0, 4)), np.empty(0, np.intp), nothing)
        boxes, kinds = self._bodies(time_s)
        return Region(self.analysed, False, boxes, kinds, self._blocks(time_s))

    def region_at(self, time_s: float) -> Region:
        """What is filled of the clip's picture that is shown at `time_s`."""
        return self.region(int(np.searchsorted(self._shown_s, time_s)), time_s)

    def _blind(self, time_s: float) -> bool:
        """Whether the answers around a picture are too far apart, or there is none."""
        answered = self._answered_s
        after = int(np.searchsorted(answered, time_s))
        if after < len(answered) and answered[after] == time_s:
            return False
        last = answered[after - 1] if after else time_s
        following = answered[after] if after < len(answered) else time_s
        return not len(answered) or bool(following - last > BLIND * self.step_s)

    def _bodies(self, time_s: float) -> tuple[Floats, Kinds]:
        """Boxes of everything followed at a time, and of everything found shortly before and after."""
        began, ended = self._lives_s.T
        reach = self.hold.ends_s
        here = np.flatnonzero((began - reach <= time_s) & (time_s <= ended + reach))
        held = [
            (box, trail.kind)
            for trail in (self.trails[n] for n in here.tolist())
            if (box := trail.box_at(time_s, self.hold)) is not None
        ]
        near = (time_s - self.step_s, time_s + self.step_s)
        first, last = np.searchsorted(self._answered_s, near).tolist()
        found = self.sightings[first : last + 1]
        boxes = [np.array([box for box, _ in held]).reshape(-1, 4), *(each.boxes for each in found)]
        kinds = [np.array([kind for _, kind in held], np.intp), *(each.kinds for each in found)]
        return np.concatenate(boxes), np.concatenate(kinds)

    def _blocks(self, time_s: float) -> Blocks:
        """Blocks that are not the street in this picture, or shortly before or after."""
        first = int(np.searchsorted(self._shown_s, time_s - STIRS_S))
        last = int(np.searchsorted(self._shown_s, time_s + STIRS_S, "right"))
        together = np.zeros(len(self.strange[first]), np.uint8)
        for blocks in self.strange[first:last]:
            together |= np.frombuffer(blocks, np.uint8)
        rows, columns = grid_of(self.analysed.height, self.analysed.width)
        flat = np.unpackbits(together, count=rows * columns)
        return np.asarray(flat.reshape(rows, columns).astype(np.bool_))


def packed(blocks: Blocks) -> bytes:
    """Blocks as bits: a clip of an hour has a hundred million of them."""
    return np.packbits(blocks).tobytes()
