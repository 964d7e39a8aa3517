"""How a moving camera moved between two pictures, seen in the pictures alone.

Law: what is found is the homography that lays the last picture on this one, and how well it does. Where it
does not, because nothing stands out or too little of the last picture is left, nobody knows how the camera
moved, and that is the answer: a guess would carry one person's track to another.
Things that move by themselves are outvoted, light does not count: both pictures are told in shares of the
contrast around each sample.

Source: a first shift by phase correlation (Kuglin and Hines, Proc. Int. Conf. Cybernetics and Society, 1975),
then inverse compositional alignment of a homography (Baker and Matthews, Int. J. Computer Vision 56(3),
2004), with Huber's weights.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels
from edge.view.outline import FAINT, Grey, mean_near, small_of

F64 = npt.NDArray[np.float64]

ROUNDS = 25
TELLING = 2500
"""Most samples that are compared: those where the picture changes most."""
SETTLED = 1e-4
"""Steps shorter than this, picture widths, end the search."""
OUTLIER = 0.7
"""Residuals from here on, in shares of the contrast, pull no harder."""
DAMPED = 1e-3
LEAST_TEXTURE = 0.12
"""Share of the samples that must stand out from their surroundings."""
LEAST_OVERLAP = 0.3
"""Share of the last picture that must still be there."""
LEAST_LIKENESS = 0.55
"""Correlation of both pictures where they lie on each other; unrelated ones have less than 0.25."""


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """How the picture moved.

    Attributes:
        warp: float64 3×3, homography from the unit square of the last picture to that of this one.
        likeness: correlation of both where they overlap, -1..1.
        overlap: share of the last picture that is still there, 0..1.
    """

    warp: F64
    likeness: float
    overlap: float


class EgoMotion:
    """Follows one camera; every picture is shown to it once, in order."""

    def __init__(self) -> None:
        self._last: Grey | None = None

    def look(self, pixels: Pixels) -> Shift | None:
        """How the picture moved since the last one; None where that cannot be told, as for the first.

        Args:
            pixels: uint8 H×W×3, RGB.
        """
        now = _contrast(small_of(pixels))
        last, self._last = self._last, now
        if last is None or last.shape != now.shape or min(now.shape) < 16:
            return None
        if min(_texture(last), _texture(now)) < LEAST_TEXTURE:
            return None
        aligned = _aligned(last, now, _first_shift(last, now))
        return None if aligned is None else _judged(last, now, aligned)


def _contrast(small: Grey) -> Grey:
    """The picture in shares of the contrast around each sample, and a little smoothed."""
    off = small - mean_near(small)
    told: Grey = off / np.sqrt(mean_near(off * off) + FAINT * FAINT)
    return _smooth(_smooth(told))


def _smooth(values: Grey) -> Grey:
    padded = np.pad(values, 1, mode="edge")
    across = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
    smooth: Grey = 0.25 * across[:-2] + 0.5 * across[1:-1] + 0.25 * across[2:]
    return smooth


def _texture(contrast: Grey) -> float:
    return float(np.mean(np.abs(contrast) > 0.35))


def _first_shift(last: Grey, now: Grey) -> tuple[float, float]:
    """By how many samples the picture moved right and down, to a whole sample."""
    window = np.outer(np.hanning(last.shape[0]), np.hanning(last.shape[1]))
    spectrum = np.fft.rfft2(now * window) * np.conj(np.fft.rfft2(last * window))
    peaks = np.fft.irfft2(spectrum / np.maximum(np.abs(spectrum), 1e-9), s=last.shape)
    row, column = np.unravel_index(int(np.argmax(peaks)), peaks.shape)
    height, width = last.shape
    right = float(column if column <= width // 2 else column - width)
    down = float(row if row <= height // 2 else row - height)
    return right, down


def _grid(shape: tuple[int, ...]) -> tuple[F64, F64]:
    """Places of the samples, picture widths from the middle: x and y, h·w each."""
    height, width = shape
    row, column = np.indices(shape).reshape(2, -1)
    return (column - (width - 1) / 2) / width, (row - (height - 1) / 2) / width


def _aligned(last: Grey, now: Grey, shift: tuple[float, float]) -> F64 | None:
    """The homography in picture widths from the middle, 3×3; None where the search loses its way."""
    width = last.shape[1]
    down, right = (slope.ravel() for slope in np.gradient(last.astype(np.float64), 1.0 / width))
    telling = np.argsort(right * right + down * down)[-TELLING:]
    x, y = (places[telling] for places in _grid(last.shape))
    right, down, wanted = right[telling], down[telling], last.ravel()[telling]
    radial = x * right + y * down
    steepest = np.stack([x * right, x * down, y * right, y * down, right, down, -x * radial, -y * radial], -1)
    warp = np.eye(3)
    warp[:2, 2] = shift[0] / width, shift[1] / width
    for _ in range(ROUNDS):
        seen, inside = _sampled(now, warp, x, y)
        if inside.mean() < LEAST_OVERLAP:
            return None
        step = _step(steepest, np.where(inside, seen - wanted, 0.0), inside)
        warp = warp @ np.linalg.inv(step)
        warp /= warp[2, 2]
        if np.abs(step - np.eye(3)).max() < SETTLED:
            break
    return warp if _is_sane(warp) else None


def _step(steepest: F64, off: F64, inside: npt.NDArray[np.bool_]) -> F64:
    """What is to be taken off the warp, 3×3."""
    weight = inside * np.minimum(1.0, OUTLIER / np.maximum(np.abs(off), 1e-6))
    pull = steepest * weight[:, None]
    squares = pull.T @ steepest
    squares[np.diag_indices(8)] *= 1.0 + DAMPED
    squares[np.diag_indices(8)] += 1e-6
    p = np.linalg.solve(squares, pull.T @ off)
    return np.array([[1.0 + p[0], p[2], p[4]], [p[1], 1.0 + p[3], p[5]], [p[6], p[7], 1.0]])


def _sampled(now: Grey, warp: F64, x: F64, y: F64) -> tuple[F64, npt.NDArray[np.bool_]]:
    """This picture at the warped places, n, and whether they lie in it."""
    height, width = now.shape
    depth = np.maximum(warp[2, 0] * x + warp[2, 1] * y + 1.0, 1e-3)
    column = (warp[0, 0] * x + warp[0, 1] * y + warp[0, 2]) / depth * width + (width - 1) / 2
    row = (warp[1, 0] * x + warp[1, 1] * y + warp[1, 2]) / depth * width + (height - 1) / 2
    inside = (column >= 0) & (column <= width - 1) & (row >= 0) & (row <= height - 1)
    left = np.clip(column, 0, width - 1.001).astype(np.intp)
    top = np.clip(row, 0, height - 1.001).astype(np.intp)
    a, b = np.clip(column - left, 0.0, 1.0), np.clip(row - top, 0.0, 1.0)
    first, flat = top * width + left, now.ravel()
    upper = flat[first] * (1 - a) + flat[first + 1] * a
    lower = flat[first + width] * (1 - a) + flat[first + width + 1] * a
    return np.asarray(upper * (1 - b) + lower * b), inside


def _is_sane(warp: F64) -> bool:
    """Whether a camera can have moved like this between two pictures."""
    if not np.isfinite(warp).all():
        return False
    scale = np.linalg.det(warp[:2, :2])
    return bool(0.3 < scale < 3.0 and np.abs(warp[2, :2]).max() < 0.7)


def _judged(last: Grey, now: Grey, warp: F64) -> Shift | None:
    height, width = last.shape
    x, y = _grid(last.shape)
    seen, inside = _sampled(now, warp, x, y)
    overlap = float(inside.mean())
    if overlap < LEAST_OVERLAP:
        return None
    one, other = last.ravel()[inside], seen[inside]
    one, other = one - one.mean(), other - other.mean()
    likeness = float((one * other).sum() / max(np.sqrt((one**2).sum() * (other**2).sum()), 1e-9))
    if likeness < LEAST_LIKENESS:
        return None
    to_middle = np.array([[1.0, 0.0, -0.5], [0.0, height / width, -0.5 * height / width], [0.0, 0.0, 1.0]])
    unit = np.linalg.inv(to_middle) @ warp @ to_middle
    return Shift(unit / unit[2, 2], likeness, overlap)
