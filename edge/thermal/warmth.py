"""What a thermal picture shows beyond what is usual there: its temperatures without the place's own.

Law: what all pixels do together is the camera (a flat-field correction, the gain of a grey picture) or the
weather, and not a spot. What is hot teaches nothing of what is usual. A frozen picture, as a camera gives
while it corrects itself, tells nothing new.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.hot import ZERO_C, Counts, Scale
from edge.view.patch import Flags

Field = npt.NDArray[np.float32]

USUAL_S = 600.0
"""What is usual follows what is seen with this time constant: the sun on a roof is slower, a fire is not."""
LEARN_S = 1.0
"""How often it does."""
SAMPLE = 7
"""Each so many-th row and column says what all pixels do together."""
JUMP_K, JUMP_GREY = 0.5, 6.0
"""Between two looks all pixels together change by more only if the camera corrected itself."""
FLAT = 4.0
"""Spread of the grey levels below which gain cannot be told."""


@dataclass(slots=True)
class Warmth:
    """The picture of one camera, as large as it is now.

    Attributes:
        scale: what a count means; None for grey levels.
        now: float32 h×w, °C or grey levels.
        usual: float32 h×w, what each pixel usually shows, in the first picture's terms.
        gain, offset: what all pixels do together: usual * gain + offset is what would be seen now.
        jumped: whether the camera corrected itself with this picture.
    """

    scale: Scale | None
    now: Field
    usual: Field
    gain: float = 1.0
    offset: float = 0.0
    jumped: bool = False
    _learnt_s: float = 0.0

    @classmethod
    def of(cls, scale: Scale | None, counts: Counts, now_s: float) -> "Warmth":
        """Begin with a first picture: what it shows is usual."""
        now = _shown(scale, counts)
        return cls(scale, now, now.copy(), _learnt_s=now_s)

    def take(self, counts: Counts) -> None:
        """Take the next picture of the same size."""
        self.now = _shown(self.scale, counts)
        now, usual = self.now[::SAMPLE, ::SAMPLE], self.usual[::SAMPLE, ::SAMPLE]
        before = self.offset
        self.gain = 1.0 if self.scale is not None else _gain(now, usual)
        self.offset = float(np.median(now - self.gain * usual))
        limit = JUMP_GREY if self.scale is None else JUMP_K
        self.jumped = abs(self.offset - before) > limit

    @property
    def expected(self) -> Field:
        """What would be seen now if nothing were hot, float32 h×w."""
        if self.gain == 1.0:
            return self.usual + np.float32(self.offset)
        return self.usual * np.float32(self.gain) + np.float32(self.offset)

    def excess(self) -> Field:
        """How far each pixel is above that: kelvin or grey levels, float32 h×w."""
        above = self.now - self.usual if self.gain == 1.0 else self.now - self.usual * np.float32(self.gain)
        above -= np.float32(self.offset)
        return above

    def learn(self, hot: Flags, now_s: float) -> None:
        """Let what is seen, and is not hot, become usual by and by."""
        step_s = now_s - self._learnt_s
        if step_s < LEARN_S:
            return
        self._learnt_s = now_s
        share = np.float32(min(step_s / USUAL_S, 0.1))
        change = self.excess()
        change *= share / np.float32(self.gain)
        change[hot] = 0.0
        self.usual += change

    def settle(self, where: tuple[slice, slice], cells: Flags) -> None:
        """What is seen there is usual from now on."""
        seen = (self.now[where] - np.float32(self.offset)) / np.float32(self.gain)
        self.usual[where][cells] = seen[cells]


def _shown(scale: Scale | None, counts: Counts) -> Field:
    shown: Field = counts.astype(np.float32)
    if scale is not None:
        shown *= np.float32(scale.kelvin_per_count)
        shown += np.float32(scale.kelvin_at_zero - ZERO_C)
    return shown


def _gain(now: Field, usual: Field) -> float:
    """How much more contrast the picture has than usual, by its quartiles, which a spot does not move."""
    low, high = np.percentile(usual, (25, 75))
    if high - low < FLAT:
        return 1.0
    seen_low, seen_high = np.percentile(now, (25, 75))
    return float(np.clip((seen_high - seen_low) / (high - low), 0.33, 3.0))
