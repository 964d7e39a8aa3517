"""Whether something hot grows as a fire does.

Law: a fire grows in place, all the time, and flickers. What a fire does early, its heat growing with the
square of time (NFPA 92, annex B), is 2 / t by the second: after two minutes still once its own size by the
minute. What is hot and is no fire fails in at least one term: an engine has its size, a person walks, a roof
in the sun is hardly above what counts when all of it is, a hot pipe does not flicker. Nobody asks a detector:
it takes flames for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log2

import numpy as np
import numpy.typing as npt

from edge.values.hot import Growing, Growth

WINDOW_S = 20.0
LEAST_S = 8.0
"""What was seen for less has no growth."""
BINS = 8
FLICKER, FLICKER_GREY = 0.1, 0.08
"""Mean change of a pixel from look to look, beyond a straight course, in shares of its excess, of which half
believes that it is alive: flames change by a third, legs that walk by a sixteenth, solid things by nothing.
A grey picture is white where it is hot, and shows half of it."""
TIMES = 6.0
"""Scale of the doublings that make something alive that does not flicker: half is 4.2, eighteen times."""
BODY_C = 60.0
"""No skin, coat or bonnet is so hot; of what is colder, or of unknown temperature, growing is not enough: it
may come nearer."""
BEYOND = 0.35
"""Scale of the excess beyond what counts, in shares of what counts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What was seen of a spot at one look: time in seconds, pixels, hottest excess, and flicker."""

    s: float
    pixels: int
    peak: float
    flicker: float | None


def margin(peak: float, level: float) -> float:
    """How far beyond what counts an excess is, 0..1; both in the same unit."""
    return 1.0 - exp(-max(0.0, peak / level - 1.0) / BEYOND)


def growth_of(
    marks: Sequence[Mark], asked: Growing, level: float, stays: float, begun_px: int, hottest_c: float | None
) -> Growth | None:
    """How a spot grew over the last marks, at most a window; None while it was seen for too short.

    Args:
        marks: by time.
        asked: how fast it must grow.
        level: excess from which it counts.
        stays: share of what was hot at the first mark that still is.
        begun_px: pixels when it was new.
        hottest_c: its hottest, °C; None where the camera is not calibrated.
    """
    seconds = np.array([mark.s for mark in marks])
    if len(marks) < BINS or seconds[-1] - seconds[0] < LEAST_S:
        return None
    pixels = np.array([mark.pixels for mark in marks], np.float64)
    peaks = np.array([mark.peak for mark in marks])
    area_per_min = 60.0 * _slope(seconds, pixels) / max(1.0, float(pixels.mean()))
    kelvin_per_min = None if hottest_c is None else 60.0 * _slope(seconds, peaks)
    by_area = area_per_min / asked.area_per_min
    by_heat = 0.0 if kelvin_per_min is None else kelvin_per_min / asked.kelvin_per_min
    rate = max(by_area, by_heat, 0.0)
    flickers = [mark.flicker for mark in marks if mark.flicker is not None]
    flicker = min(float(np.median(flickers)), 1.0) if flickers else 0.0
    half = FLICKER_GREY if hottest_c is None else FLICKER
    no_body = hottest_c is not None and hottest_c >= BODY_C and by_area >= by_heat
    doubled = log2(max(1.0, float(pixels[-BINS:].mean()) / max(1, begun_px))) if no_body else 0.0
    return Growth(
        window_s=float(seconds[-1] - seconds[0]),
        area_per_min=area_per_min,
        kelvin_per_min=kelvin_per_min,
        flicker=flicker,
        grows=rate / (1.0 + rate),
        steady=_steady(pixels if by_area >= by_heat else peaks),
        stays=stays,
        margin=margin(float(np.percentile(peaks, 90)), level),
        alive=max(flicker / (flicker + half), 1.0 - exp(-doubled / TIMES)),
    )


def _slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Of the straight line that fits best, by the second."""
    apart = x - x.mean()
    return float(np.dot(apart, y - y.mean()) / max(float(np.dot(apart, apart)), 1e-9))


def _steady(values: npt.NDArray[np.float64]) -> float:
    """Kendall's rank correlation with time of the means of eight stretches, 0 where it falls."""
    means = np.array([part.mean() for part in np.array_split(values, BINS)])
    signs = np.sign(means[None, :] - means[:, None])
    upper = signs[np.triu_indices(BINS, 1)]
    return max(0.0, float(upper.mean()))
