"""How alike two outlines are, and how far the one is shifted against the other.

Law: a shift is believed only where the outlines fit much better with it than without.
"""

from dataclasses import dataclass

import numpy as np

from edge.view.outline import Outline

LEAST_OVERLAP = 0.3
"""Share of the picture that both must still show for a shift to be judged."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The best shift of a picture against what it is compared with.

    Attributes:
        right, down: how far things stand further right and lower, in shares of width and height.
        likeness: of the part that both show, -1..1; -1 where they share too little.
        samples: its length in samples of the outline.
    """

    right: float
    down: float
    likeness: float
    samples: float


def likeness(one: Outline, other: Outline) -> float:
    """Correlation of two outlines of one shape, -1..1; 0 where either is flat."""
    a, b = one - one.mean(), other - other.mean()
    norm = float(np.sqrt(np.vdot(a, a) * np.vdot(b, b)))
    return float(np.vdot(a, b)) / norm if norm > 1e-6 else 0.0


def offset(now: Outline, before: Outline) -> Offset:
    """The shift at which two outlines of one shape fit best, to a fraction of a sample.

    By phase correlation: Kuglin and Hines, "The phase correlation image alignment method", IEEE Conference on
    Cybernetics and Society, 1975; a parabola through the peak and its neighbours gives the fraction.
    """
    height, width = now.shape
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    spectrum = np.fft.rfft2((now - now.mean()) * window)
    spectrum *= np.conj(np.fft.rfft2((before - before.mean()) * window))
    size = np.abs(spectrum)
    spectrum /= size + 1e-3 * size.max() + 1e-9
    surface = np.fft.irfft2(spectrum, now.shape)
    row, column = (int(index) for index in np.unravel_index(int(surface.argmax()), surface.shape))
    down, right = _signed(row, height), _signed(column, width)
    fit = _likeness_at(now, before, down, right)
    down_part = _peak(*(float(surface[(row + step) % height, column]) for step in (-1, 0, 1)))
    right_part = _peak(*(float(surface[row, (column + step) % width]) for step in (-1, 0, 1)))
    far = float(np.hypot(down + down_part, right + right_part))
    return Offset((right + right_part) / width, (down + down_part) / height, fit, far)


def _signed(index: int, size: int) -> int:
    return index if index <= size // 2 else index - size


def _likeness_at(now: Outline, before: Outline, down: int, right: int) -> float:
    height, width = now.shape
    shared = (height - abs(down)) * (width - abs(right))
    if shared < LEAST_OVERLAP * height * width:
        return -1.0
    there = now[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    here = before[max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)]
    return likeness(there, here)


def _peak(left: float, middle: float, right: float) -> float:
    """Where the parabola through three neighbours has its top, -0.5..0.5."""
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < -1e-12 else 0.0
