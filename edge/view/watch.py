"""Judges, about once a second, whether a camera still shows its place: a watch over one camera.

Law: nothing is told before it has lasted, and nothing is withdrawn before it has been over for a while, at a
better value than it was told at. What cannot be judged (no light, nothing that stands there) changes nothing.
A picture that is found wrong teaches nothing. A camera that sags so slowly that its landmarks follow is found
by comparing them with those that were kept when its ground was measured. A place that looks otherwise for
good is no trouble any more, but what was measured in it counts only where the picture shows it as it was.
Of a thermal camera black, white and flat are temperatures: only its place is judged, and not while something
hot takes all its shades.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from edge.values.camera_state import Reason
from edge.values.frame import Frame, Pixels
from edge.values.moment import Moment
from edge.view.detail import Bands, Detail, bands_of
from edge.view.landmarks import Landmarks, Memory
from edge.view.outline import Grey, Outline, outline_of, small_of, stretched
from edge.view.signal import is_drawn, is_squeezed, is_torn

AFTER_S: Mapping[Reason, float] = {
    Reason.NO_SIGNAL_PICTURE: 3.0,
    Reason.BRIGHT_PICTURE: 5.0,
    Reason.COVERED_PICTURE: 8.0,
    Reason.MOVED_PICTURE: 10.0,
    Reason.CHANGED_PICTURE: 20.0,
    Reason.BLURRED_PICTURE: 20.0,
}
"""How long each must last before it is told, seconds."""

BLINDING = frozenset({Reason.NO_SIGNAL_PICTURE, Reason.BRIGHT_PICTURE, Reason.COVERED_PICTURE})
"""With these, a picture without anybody says nothing about the place."""


UNPLACED = frozenset({Reason.MOVED_PICTURE, Reason.CHANGED_PICTURE})
"""With these, things stand elsewhere than they did when the ground was measured."""


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """How a view is judged; each pair is where something begins and where it ends.

    Attributes:
        every_s: time between two looks, seconds.
        after_s: how long each reason must last before it is told, seconds.
        clear_s: how long it must be over before it is withdrawn, seconds.
        bright: share of the picture that is white in one that is too bright.
        alike: likeness to the landmarks below which the place has changed.
        hidden: share of the landmarks that show nothing in a covered picture.
        blurred: share of its fine detail, against coarser, that the place has kept in a picture out of focus.
        moved: samples of the outline, of about 104 across, by which a picture is shifted.
        accept_s: how long a changed place must stay as it is to be taken for the place from then on, seconds.
        still: whether the camera hangs still; of one that moves only light and signal are judged.
        thermal: whether it is a thermal camera; of one only its place is judged.
    """

    every_s: float = 1.0
    after_s: Mapping[Reason, float] = field(default_factory=lambda: AFTER_S)
    clear_s: float = 5.0
    bright: tuple[float, float] = (0.6, 0.4)
    alike: tuple[float, float] = (0.45, 0.6)
    hidden: tuple[float, float] = (0.45, 0.3)
    blurred: tuple[float, float] = (0.45, 0.6)
    moved: tuple[float, float] = (0.75, 0.5)
    accept_s: float = 1800.0
    still: bool = True
    thermal: bool = False


LEAST_LIT = 0.15
"""Share of the landmarks that must have light for a picture to be judged."""
ANCHOR_LOOKS = 60
"""Good pictures between two comparisons of the landmarks with those that were kept."""
WHITE = 247.0
FITS_MOVED = 0.6
"""Likeness of a shifted picture, in shares of the usual, from which it is the same place."""
BETTER_MOVED = 0.15
"""By how much a shifted picture must fit better with its shift than without."""


class ViewWatch:
    """Watches the view of one camera; `reason` is `NONE` while it shows its place."""

    def __init__(self, spec: ViewSpec | None = None, anchor: Memory | None = None) -> None:
        """A watch that has seen nothing yet, or knows from an earlier run what the place looks like."""
        self._spec = spec or ViewSpec()
        self._anchor = anchor
        self._landmarks = Landmarks() if anchor is None else Landmarks.of(anchor)
        self._left: Landmarks | None = None  # what was measured, while the place looks otherwise for good
        self._good = 0
        self._detail = Detail()
        self._reshaped = False  # the picture is of another shape than those of the place
        self._looked: Moment | None = None
        self._pending: tuple[Reason, Moment] | None = None
        self._told: Moment | None = None
        self.reason = Reason.NONE

    @property
    def spec(self) -> ViewSpec:
        """How the view is judged."""
        return self._spec

    @property
    def blind(self) -> bool:
        """Whether a picture without anybody says nothing about the place now."""
        return self.reason in BLINDING

    @property
    def placed(self) -> bool:
        """Whether things are where they were, as far as is known: only then a measured ground holds."""
        doubts = UNPLACED if self._reshaped else {Reason.MOVED_PICTURE}
        suspected = self._pending is not None and self._pending[0] in doubts
        return self.reason not in UNPLACED and not suspected and self._left is None

    @property
    def memory(self) -> Memory | None:
        """What to keep of the place for later; None until it is known well."""
        return self._landmarks.memory if self._left is None else None

    def remember(self, anchor: Memory) -> None:
        """From now on this is what the place looked like when its ground was measured."""
        self._anchor = anchor

    def look(self, frame: Frame) -> bool:
        """Take the next frame of the camera; whether it was judged, and not only let by."""
        now = frame.moment
        if self._looked is not None and 0 <= now.seconds_since(self._looked) < self._spec.every_s:
            return False
        self._looked = now
        small = small_of(frame.pixels)
        if min(small.shape) < 8:
            return False
        seen = self._seen(frame.pixels, small)
        if seen is not None:
            self._take(seen, now)
        return True

    def _seen(self, pixels: Pixels, small: Grey) -> Reason | None:
        """What this one picture shows; None where it cannot be judged."""
        if not self._spec.thermal and (light := self._lit(pixels, small)) is not Reason.NONE:
            return light
        if not self._spec.still:
            return Reason.NONE
        small = self._as_known(small)
        outline = outline_of(small)
        if self._left is not None and self._is_back(self._left, outline):
            self._landmarks, self._detail, self._left = self._left, Detail(), None
        if not self._landmarks.known or not self._landmarks.fits(outline):
            self._learn(outline, bands_of(pixels))
            return Reason.NONE
        if self._spec.thermal and is_squeezed(small):
            return None
        return self._placed(pixels, small, outline)

    def _lit(self, pixels: Pixels, small: Grey) -> Reason:
        """What its light says of this one picture."""
        if float(np.mean(small >= WHITE)) >= self._bound(self._spec.bright, Reason.BRIGHT_PICTURE):
            return Reason.BRIGHT_PICTURE  # first of all: what is white everywhere looks drawn
        if is_drawn(pixels):
            return Reason.NO_SIGNAL_PICTURE
        return Reason.COVERED_PICTURE if is_torn(pixels) else Reason.NONE

    def _as_known(self, small: Grey) -> Grey:
        """The picture in the shape of those of the place: zones and ground are told in shares of it, so they
        hold where a camera squeezes the same view, and not where it shows another part."""
        known = (self._left or self._landmarks).shape if self._left or self._landmarks.known else None
        wanted = small.shape if known is None else (known[0] + 2, known[1] + 2)
        self._reshaped = small.shape != wanted
        return stretched(small, wanted) if self._reshaped else small

    def _placed(self, pixels: Pixels, small: Grey, outline: Outline) -> Reason | None:
        alike, end = self._landmarks.alike(outline), self._spec.alike[1]
        if alike < end + 2 * BETTER_MOVED and self._has_moved(outline, alike):
            return Reason.MOVED_PICTURE
        if alike < end:
            standing = self._landmarks.standing(small)
            if standing.lit < LEAST_LIT:
                return None
            if standing.hidden >= self._bound(self._spec.hidden, Reason.COVERED_PICTURE):
                return Reason.COVERED_PICTURE
            if self._reshaped or alike < self._bound(self._spec.alike, Reason.CHANGED_PICTURE):
                return Reason.CHANGED_PICTURE
        bands = bands_of(pixels)
        if self._is_blurred(bands):
            return Reason.BLURRED_PICTURE
        self._learn(outline, bands)
        self._good += 1
        if self._good % ANCHOR_LOOKS == 0 and self._anchor is not None and self._has_sagged(self._anchor):
            self._landmarks, self._detail = Landmarks.of(self._anchor), Detail()
        return Reason.NONE

    def _learn(self, outline: Outline, bands: Bands) -> None:
        self._landmarks.learn(outline)
        self._detail.learn(bands)

    def _is_back(self, left: Landmarks, outline: Outline) -> bool:
        """Whether the picture shows what was measured again, and where it was."""
        if not left.fits(outline) or left.alike(outline) < self._spec.alike[1]:
            return False
        return left.offset(outline).samples < self._spec.moved[1]

    def _has_sagged(self, anchor: Memory) -> bool:
        """Whether the landmarks have followed a camera away from where they were when they were kept."""
        if not self._landmarks.fits(anchor.mean):
            return False
        found = self._landmarks.offset(anchor.mean)
        return found.samples >= self._spec.moved[0] and found.likeness >= FITS_MOVED

    def _has_moved(self, outline: Outline, alike: float) -> bool:
        found = self._landmarks.offset(outline)
        far = found.samples >= self._bound(self._spec.moved, Reason.MOVED_PICTURE)
        return far and found.likeness >= max(FITS_MOVED, alike + BETTER_MOVED)

    def _is_blurred(self, bands: Bands) -> bool:
        limit = self._bound(self._spec.blurred, Reason.BLURRED_PICTURE)
        kept = self._detail.kept(bands, self._spec.blurred[1])
        return kept is not None and kept < limit

    def _bound(self, pair: tuple[float, float], reason: Reason) -> float:
        """Where something begins, or, while it is told, where it ends."""
        return pair[1] if self.reason is reason else pair[0]

    def _take(self, seen: Reason, now: Moment) -> None:
        """Let what was seen last before it is told, and be over before it is withdrawn."""
        if seen is self.reason:
            self._pending = None
            self._accept(now)
            return
        before = self._pending
        begins = before is None or (Reason.NONE in (seen, before[0]) and seen is not before[0])
        since = now if before is None or begins else before[1]
        self._pending = (seen, since)
        if now.seconds_since(since) >= self._spec.after_s.get(seen, self._spec.clear_s):
            self.reason, self._told, self._pending = seen, now, None

    def _accept(self, now: Moment) -> None:
        """Take a place that has looked otherwise for long for the place from then on."""
        if self.reason is not Reason.CHANGED_PICTURE or self._told is None:
            return
        if now.seconds_since(self._told) >= self._spec.accept_s:
            known = self._landmarks if self._anchor is None else Landmarks.of(self._anchor)
            self._left = self._left or known
            self._landmarks, self._detail = Landmarks(), Detail()
            self.reason = Reason.NONE
