"""The motion gate: asks the detector only where the picture differs from the one it last answered for.

Law: a frame is compared with the frame of the last answer, never with its predecessor, so that slow change
adds up until it is seen; windows are small enough that a person 12 pixels tall stands out in one. What is
that small has to be seen twice, as rain is not; whoever is large enough to cross the picture between two
frames is believed at once. When in doubt the gate is open. Not here: what moved, or where.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.detect.cells import CELL, Samples, cell_sums
from edge.detect.light import Light
from edge.values.frame import Frame, Pixels
from edge.values.moment import Moment

Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

NOWHERE: Places = np.empty((0, 2), np.intp)

SAMPLES = 24_000  # samples per picture: about 2×2 pixels each at 416×234
FEW = 8  # windows in which somebody under about 24 pixels stands out, or a drop of rain

FAINTEST = (
    64.0  # sum of differences over the 64 samples of a window: a person 12 px tall, 7 grey levels apart
)
PLAINEST = 384.0  # beyond the mean noise, what is motion however unsteady the window is
NOISIEST = 512.0  # mean noise beyond this is not believed to be noise: there the gate stays open
DEVIATIONS = 7.0  # mean deviations above the mean noise of a window that are no longer noise
LEARN = 0.05  # share of each picture in what is known of the noise: about four seconds at 5 pictures/s


@dataclass(frozen=True, slots=True)
class MotionSpec:
    """How the gate behaves.

    Attributes:
        enabled: False wants every frame.
        heartbeat_s: longest time without an answer, seconds.
        hold_s: how long the gate stays open after the last motion, seconds.
    """

    enabled: bool = True
    heartbeat_s: float = 2.0
    hold_s: float = 0.5

    def __post_init__(self) -> None:
        if self.heartbeat_s <= 0 or self.hold_s < 0:
            raise ValueError(
                f"a motion gate wants heartbeat_s > 0 and hold_s >= 0, got {self.heartbeat_s}, {self.hold_s}"
            )


class MotionGate:
    """Decides which frames of one camera the detector is asked about, and counts them."""

    def __init__(self, spec: MotionSpec) -> None:
        self._spec = spec
        self._change = PictureChange()
        self._answered: Moment | None = None
        self._moved: Moment | None = None
        self.asked = 0
        self.gated = 0

    def wants(self, frame: Frame, tracks_need: bool) -> bool:
        """Whether the detector is to be asked; every sampled frame is shown here once, in order.

        Args:
            frame: the next frame.
            tracks_need: of something that is followed it is not certain that it is there.
        """
        if not self._spec.enabled:
            self._moved = frame.moment  # nobody looks, so it may have
        wanted = not self._spec.enabled or self._opens(frame) or tracks_need
        if wanted:
            self.asked += 1
            self._answered = frame.moment
            self._change.keep()
        else:
            self.gated += 1
        return wanted

    @property
    def moved(self) -> Moment | None:
        """When something last moved, as far as the pictures that were shown tell; None before any."""
        return self._moved

    def forget(self) -> None:
        """The last answer never came: the next frame is wanted."""
        self._answered = None

    def _opens(self, frame: Frame) -> bool:
        now = frame.moment
        if self._change.moved(frame.pixels):
            self._moved = now
        held = self._moved is not None and now.seconds_since(self._moved) <= self._spec.hold_s
        return held or self._answered is None or now.seconds_since(self._answered) >= self._spec.heartbeat_s


class PictureChange:
    """Tells motion from noise and from changing light, between a kept picture and the present one."""

    def __init__(self) -> None:
        self._size: tuple[int, ...] = ()
        self._learned = False
        self._places = NOWHERE
        self._now: Samples = np.empty((0, 0), np.uint8)
        self._kept = self._now

    def moved(self, pixels: Pixels) -> bool:
        """Whether something moved since the kept picture; True for the first one and after a new size.

        Args:
            pixels: uint8 H×W×3.
        """
        if pixels.shape != self._size:
            self._lay_out(pixels.shape)
            self._sample(pixels)
            return True
        self._sample(pixels)
        margin = np.minimum(np.maximum(self._spread * DEVIATIONS, FAINTEST), PLAINEST)
        beyond = self._beyond_noise(self._kept)
        places = standing_out(beyond, margin)
        if len(places):
            beyond = self._beyond_noise(self._light.transferred(self._now, self._kept))
            places = standing_out(beyond, margin)
        self._learn(beyond, margin)
        before, self._places = self._places, places
        return len(places) > FEW or touch(places, before)

    def keep(self) -> None:
        """The present picture is the one to compare with from now on."""
        if self._size:
            self._now, self._kept = self._kept, self._now

    def _lay_out(self, shape: tuple[int, ...]) -> None:
        """Samples lie on every `step`th row, and along it on bytes that run through red, green and blue."""
        self._size, self._learned, self._places = shape, False, NOWHERE
        height, width, _ = shape
        self._step = max(1, round((height * width / SAMPLES) ** 0.5))
        self._used = (-(-height // self._step), -(-width * 3 // (3 * self._step + 1)))
        rows, columns = (max(2, -(-used // CELL)) for used in self._used)
        self._now = np.zeros((rows * CELL, columns * CELL), np.uint8)
        self._kept = np.zeros_like(self._now)
        self._light = Light(self._now.shape)
        self._noise = np.zeros((rows - 1, columns - 1), np.float32)
        self._spread = np.zeros_like(self._noise)

    def _sample(self, pixels: Pixels) -> None:
        rows, columns = self._used
        flat = pixels.reshape(self._size[0], -1)
        self._now[:rows, :columns] = flat[:: self._step, :: 3 * self._step + 1]

    def _beyond_noise(self, before: Samples) -> Scores:
        """Sum of absolute differences in each window of 2×2 cells, beyond what its noise makes of them.

        As windows overlap, none halves a person.
        """
        difference = np.maximum(self._now, before)
        difference -= np.minimum(self._now, before)
        cells = cell_sums(difference)
        pairs = cells[1:] + cells[:-1]
        score: Scores = np.add(pairs[:, 1:], pairs[:, :-1], dtype=np.float32)
        score -= self._noise
        return score

    def _learn(self, beyond: Scores, margin: Scores) -> None:
        """Follow the noise of each window; what stands out counts as the noise that would just not."""
        if not self._learned:  # no noise was known yet, so that `beyond` is all there is
            self._learned = True
            self._noise[:] = min(float(np.median(beyond)), NOISIEST)
            beyond -= self._noise
        np.minimum(beyond, margin, out=beyond)
        beyond *= LEARN
        self._noise += beyond
        np.minimum(self._noise, NOISIEST, out=self._noise)
        self._spread *= 1 - LEARN
        self._spread += np.abs(beyond, out=beyond)


def standing_out(beyond: Scores, margin: Scores) -> Places:
    """Row and column of the windows whose difference lies beyond the margin of their noise, n×2."""
    out = beyond > margin
    return np.argwhere(out) if np.count_nonzero(out) else NOWHERE


def touch(some: Places, others: Places) -> bool:
    """Whether any window of the one lies on or beside one of the other.

    Args:
        some: int n×2, row and column of windows.
        others: int m×2, the same.
    """
    if not (len(some) and len(others)):
        return False
    apart = np.abs(some[:, None] - others[None]).max(axis=2)
    return int(apart.min()) <= 1
