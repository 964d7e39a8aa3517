"""How much of its fine detail a place has kept: what a lens out of focus, or a wet one, takes away first.

Law: a picture is compared with the mean of many of the same place, fine detail with fine and coarser with
coarser. Noise is in no mean, so it is no detail here; what light, fog and exposure do is done to both and
cancels. A place is judged stretch by stretch, and each may stand a little elsewhere: a camera that shakes is
not out of focus, and neither is one before a part of which a lorry stands. Where too little is to be seen
nothing is said. The mean stays in memory; whoever walks through fades from it.
"""

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels
from edge.view.outline import Grey, small_of

Bands = npt.NDArray[np.float32]
"""2×h×w: fine detail, and coarser."""
Values = npt.NDArray[np.float32]

COLUMNS = 208
"""Samples along the width: two pixels each at 416."""
STRETCH = 24
"""Samples along each side of a stretch of the place."""
SHAKEN = 3
"""So many samples further away it is looked for, if it does not fit where it was."""
ENOUGH_LOOKS = 30
"""Pictures after which strong noise has faded from the mean."""
MEMORY_LOOKS = 600
"""Pictures over which the mean is, once that many were seen: ten minutes."""
FAINT = np.float32(0.5)
"""Mean square of the fine detail in a stretch, grey levels, below which there is none to lose."""
SEEN = 0.4
"""Likeness of its coarser detail from which a stretch is seen: noise alone is hardly ever so alike."""
ENOUGH_SEEN = 3
"""Stretches of which something can be said; with fewer nothing is said of the picture."""


class Detail:
    """The detail of one place, by pictures of one size."""

    def __init__(self) -> None:
        self._mean: Bands | None = None
        self._looks = 0

    def learn(self, bands: Bands) -> None:
        """Take one more good picture into the mean; one of another size begins anew."""
        if self._mean is None or self._mean.shape != bands.shape:
            self._mean, self._looks = bands.copy(), 1
            return
        self._looks = min(self._looks + 1, MEMORY_LOOKS)
        self._mean += (bands - self._mean) * np.float32(1 / self._looks)

    def kept(self, bands: Bands, enough: float) -> float | None:
        """The share of fine detail that a picture has kept against coarser, about 0 to 1.

        The middle one of all stretches: half the place has kept less.

        Args:
            bands: of the picture.
            enough: a share that needs no closer look: only below it things are looked for further away.

        Returns:
            None if the place is not known yet, or too little of it has fine detail or is seen.
        """
        mean = self._mean
        if mean is None or mean.shape != bands.shape or self._looks < ENOUGH_LOOKS:
            return None
        still, usual, own = _inner(mean), _sums(_inner(mean) ** 2), _sums(_inner(bands) ** 2)
        worth = usual[0] >= FAINT * STRETCH * STRETCH
        kept = _middle(_sums(_inner(bands) * still)[:, worth], usual[:, worth], own[:, worth])
        if kept is not None and kept >= enough:
            return kept
        return _middle(_nearby(bands, still)[:, worth], usual[:, worth], own[:, worth])


def bands_of(pixels: Pixels) -> Bands:
    """The detail of one picture, uint8 H×W×3."""
    grey = small_of(pixels, COLUMNS)
    smooth = _mean(grey, 1)
    fine = (grey[1:-1, 1:-1] - smooth)[2:-2, 2:-2]
    return np.stack((fine, smooth[2:-2, 2:-2] - _mean(smooth, 2)))


def _mean(grey: Grey, step: int) -> Grey:
    """Mean of 3×3 samples, so far apart."""
    rows = grey[: -2 * step] + grey[step:-step] + grey[2 * step :]
    mean: Grey = (rows[:, : -2 * step] + rows[:, step:-step] + rows[:, 2 * step :]) / np.float32(9)
    return mean


def _inner(bands: Bands, down: int = 0, right: int = 0) -> Bands:
    """All but the border, or what stands so many samples lower and further right."""
    height, width = bands.shape[1:]
    rows = slice(SHAKEN + down, height - SHAKEN + down)
    return bands[:, rows, SHAKEN + right : width - SHAKEN + right]


def _sums(values: Bands) -> Values:
    """Sums over each stretch, 2×stretches; what is left over at the right and below is left out."""
    rows, columns = values.shape[1] // STRETCH, values.shape[2] // STRETCH
    lines = values[:, : rows * STRETCH].reshape(2, rows, STRETCH, values.shape[2]).sum(axis=2)
    sums: Values = lines[:, :, : columns * STRETCH].reshape(2, rows, columns, STRETCH).sum(axis=3)
    return sums.reshape(2, -1)


def _nearby(bands: Bands, still: Bands) -> Values:
    """As `_sums` of the product, each stretch where its coarser detail fits best."""
    steps = range(-SHAKEN, SHAKEN + 1)
    found = np.stack([_sums(_inner(bands, down, right) * still) for down in steps for right in steps])
    best = found[:, 1].argmax(axis=0)
    nearby: Values = found[best, :, np.arange(best.size)].T
    return nearby


def _middle(found: Values, usual: Values, own: Values) -> float | None:
    """The median over the stretches that are seen, by their products and their own sums of squares."""
    seen = found[1] > SEEN * np.sqrt(usual[1] * own[1])
    if np.count_nonzero(seen) < ENOUGH_SEEN:
        return None
    fine, coarser = found[:, seen] / usual[:, seen]
    return float(np.median(fine / coarser))
