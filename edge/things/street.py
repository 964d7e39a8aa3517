"""What a place looks like when nothing stands on it, and what stands on it now.

Law: two memories of the picture, one of the last seconds and one of the street (F. Porikli, Y. Ivanov and
T. Haga, "Robust abandoned object detection using dual foregrounds", EURASIP Journal on Advances in Signal
Processing, 2008). Where they differ for seconds, something stands there. The street is learnt only where
nothing stands on it and nobody hides it; under what stands there it follows the light around it. What is
hidden by people or vehicles is not judged and not forgotten.
"""

import numpy as np
import numpy.typing as npt

from edge.things.light import Light
from edge.view.outline import Grey
from edge.view.patch import Flags

Seconds = npt.NDArray[np.float32]

STREET_S = 40.0
"""Over how long the street is averaged."""
FIRST_S = 10.0
"""A cell that was seen free for less is not known yet."""
CALM_S = 1.0
"""A cell that changed within this shows something that moves."""
LONGEST_S = 5.0
"""Longer is not counted, so that a place that is free again is soon known to be."""
FAST = np.float32(0.3)
"""Share of a new picture in the memory of the last seconds."""
FAINTEST, FAINTEST_SHARE = np.float32(6.0), np.float32(0.10)
"""Smallest difference that counts: grey levels, and share of the street's own grey."""
DEVIATIONS = np.float32(3.0)
"""A difference counts from so many mean deviations of the noise."""
NOTHING = np.float32(-1000.0)
"""What the street was before, where it has always been as it is."""
SAME, SAME_SHARE = 2.0, 0.6
"""A place looks as it did within so many margins in such a share of its cells."""
NEVER = np.float32(1e-3)
LEARN_NOISE = np.float32(0.03)
WILD = np.float32(4.0)
"""So many mean deviations are no noise: something moves."""


class Street:
    """The memories of one place; all arrays are rows×columns of the small picture.

    Attributes:
        now: float32, the picture of the last seconds.
        bare: float32, the street as it would look in the present light.
        margin: float32, the difference from `bare` that counts.
        calm: bool, where nothing has changed for a second.
        strange: bool, where the last seconds differ from the street and nothing hides it.
        strange_s: float32, for how long a cell has been strange and calm, seconds.
        known_s: float32, for how long a cell has been seen as street, seconds.
    """

    def __init__(self, grey: Grey, now_s: float) -> None:
        self.now = grey.copy()
        self._street = grey.copy()
        self._former = np.full_like(grey, NOTHING)
        self._has_former = False
        self.bare = grey.copy()
        self._light = Light(grey.shape)
        self._noise = np.full_like(grey, 3.0)
        self.margin = np.full_like(grey, FAINTEST)
        # The same for every cell: numpy compares arrays far faster with arrays than with a number.
        self._faintest, self._fast, self._longest = (
            np.full_like(grey, each) for each in (FAINTEST, FAST, STREET_S)
        )
        self._spare = np.empty_like(grey), np.empty_like(grey)
        self._jumps = [(np.float32(0.0), np.ones(grey.shape, np.bool_))]
        """Of the last looks, how long each is ago and where the picture jumped; at first nothing is calm."""
        self.calm = np.zeros(grey.shape, np.bool_)
        self.strange = np.zeros(grey.shape, np.bool_)
        self.strange_s = np.zeros_like(grey)
        self._lasts = np.zeros(grey.shape, np.bool_)  # where that is more than nothing
        self.known_s = np.zeros_like(grey)
        self._free, self._free_at_s = np.ones(grey.shape, np.bool_), np.full(grey.shape, now_s)
        self._now_s = now_s

    def take(self, grey: Grey, hidden: Flags, now_s: float, step_s: float) -> None:
        """Take the next small picture, `step_s` after the last; `hidden` cells show people or vehicles."""
        step = np.float32(step_s)
        self.calm = self._remember(grey, step)
        doubtful = hidden | self.strange
        doubtful |= self._lasts
        factor = self._light.factor(self.now, self._street, self.calm & ~doubtful)
        np.multiply(self._street, factor, out=self.bare)
        self._set_margin()
        apart = np.subtract(self.now, self.bare, out=self._spare[0])
        np.abs(apart, out=apart)
        seen = ~hidden
        self.strange = apart > self.margin
        self.strange &= seen
        self.strange &= self.known_s >= FIRST_S
        self._count_strange(np.flatnonzero(self.strange | self._lasts), seen, step)
        seen &= ~(self.strange | self._lasts)
        self._note_free(seen, now_s)
        factor -= 1
        self._learn(seen & self.calm, factor, step)

    def free_at_s(self, window: tuple[slice, slice], cells: Flags) -> npt.NDArray[np.float64]:
        """When each of these cells of a window was last seen as street, seconds, n."""
        return np.where(self._free[window], self._now_s, self._free_at_s[window])[cells]

    def settle(self, cells: Flags) -> None:
        """Take what is seen in these cells for the street from now on, and keep in mind what it was."""
        self._has_former = True
        self._former[cells] = self._street[cells]
        self._street[cells] = self.now[cells]
        self.bare[cells] = self.now[cells]
        self.strange_s[cells] = 0.0
        self._lasts[cells] = False
        self.strange[cells] = False

    def returned(self, window: tuple[slice, slice], cells: Flags) -> bool:
        """Whether what is seen in these cells of a window is what the street was before it was settled."""
        if not self._has_former:
            return False
        apart = np.abs(self.now[window] - self._former[window])[cells]
        return bool((apart <= SAME * self.margin[window][cells]).mean() >= SAME_SHARE)

    def _remember(self, grey: Grey, step: np.float32) -> Flags:
        """Bring the memory of the last seconds up to date; which cells are calm."""
        change, jump = grey - self.now, self._spare[0]
        np.abs(change, out=jump)
        wild = np.multiply(self._noise, WILD, out=self._spare[1])
        np.maximum(wild, self._faintest, out=wild)
        jumped = jump > wild
        np.minimum(jump, wild, out=jump)
        jump -= self._noise
        jump *= LEARN_NOISE
        self._noise += jump
        share = wild
        np.copyto(share, jumped)  # all of it where it jumped
        np.maximum(share, self._fast, out=share)
        change *= share
        self.now += change
        earlier = [(ago_s + step, where) for ago_s, where in self._jumps if ago_s + step < CALM_S]
        self._jumps = [*earlier, (np.float32(0.0), jumped)]
        for _, where in earlier:
            jumped = jumped | where
        return ~jumped

    def _set_margin(self) -> None:
        """Noise of the memory of the last seconds is about 0.42 of a picture's, whose deviation is 1.2 of
        its mean difference from that memory."""
        np.multiply(self.bare, FAINTEST_SHARE, out=self.margin)
        np.maximum(self.margin, self._faintest, out=self.margin)
        noise = np.multiply(self._noise, DEVIATIONS, out=self._spare[0])
        np.maximum(self.margin, noise, out=self.margin)

    def _count_strange(self, some: npt.NDArray[np.intp], seen: Flags, step: np.float32) -> None:
        """Count for how long `some` cells have been strange and calm; it fades twice as fast."""
        strange, was = self.strange.take(some), self.strange_s.take(some)
        longer = np.minimum(was + step * (strange & self.calm.take(some)), np.float32(LONGEST_S))
        fades = np.minimum(longer, 2 * step) * (seen.take(some) & ~strange)
        lasts_s = longer - fades
        self.strange_s.put(some, lasts_s)
        self._lasts.put(some, lasts_s > 0)

    def _note_free(self, free: Flags, now_s: float) -> None:
        """Which cells are seen as street now; of those that no longer are, when they last were."""
        self._free_at_s[self._free & ~free] = self._now_s
        self._free, self._now_s = free, now_s

    def _learn(self, free: Flags, lighter: Grey, step: np.float32) -> None:
        """Let what is free count for the street, and the light for the rest of it."""
        taken, share = self._spare
        np.copyto(taken, free)
        np.add(self.known_s, step + NEVER, out=share)
        np.minimum(share, self._longest, out=share)
        np.divide(step, share, out=share)
        news = self.now - self._street
        news *= share
        news *= taken
        self.known_s += np.multiply(taken, step, out=share)
        lighter *= step / np.float32(STREET_S)
        shone = np.multiply(self._street, lighter, out=share)
        shone *= np.subtract(np.float32(1), taken, out=taken)
        news += shone
        self._street += news
        if self._has_former:
            lighter *= self._former
            self._former += lighter
