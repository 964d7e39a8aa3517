"""Heat: what a thermal camera counted, what counts as hot, and what is hot in its picture.

Law: degrees are told only where counts were calibrated. Elsewhere there is contrast, in shares of the grey
scale, and nothing is a temperature.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from edge.values.moment import Moment

Counts = npt.NDArray[np.uint16]
"""What each pixel of a thermal camera counted, uint16 h×w, hot is high; 0..255 of a grey picture."""

ZERO_C = 273.15
"""0 °C in kelvin."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a count means: kelvin = count * `kelvin_per_count` + `kelvin_at_zero`."""

    kelvin_per_count: float
    kelvin_at_zero: float = 0.0

    def __post_init__(self) -> None:
        if not 1e-4 <= self.kelvin_per_count <= 10 or not -1000 <= self.kelvin_at_zero <= 1000:
            raise ValueError(
                "a thermal scale wants kelvin_per_count of 0.0001..10 and kelvin_at_zero of -1000..1000, got "
                f"{self.kelvin_per_count:g} and {self.kelvin_at_zero:g}"
            )


@dataclass(frozen=True, slots=True)
class Growing:
    """How fast something must grow to be fire-like.

    Attributes:
        area_per_min: its area by the minute, in shares of itself.
        kelvin_per_min: or its hottest, kelvin by the minute.
    """

    area_per_min: float = 1.0
    kelvin_per_min: float = 60.0

    def __post_init__(self) -> None:
        if not 0.05 <= self.area_per_min <= 60 or not 1 <= self.kelvin_per_min <= 6000:
            raise ValueError(
                "growing wants area_per_min of 0.05..60 and kelvin_per_min of 1..6000, got "
                f"{self.area_per_min:g} and {self.kelvin_per_min:g}"
            )


@dataclass(frozen=True, slots=True)
class Level:
    """What counts as hot: exactly one of the first three.

    Attributes:
        above_c: degrees Celsius.
        above_k: kelvin above what was usual there.
        contrast: shares of the grey scale above what was usual there; for cameras that are not calibrated.
        min_px: pixels of the camera that must be so hot.
        growing: how fast it must grow; None where it need not.
    """

    above_c: float | None = None
    above_k: float | None = None
    contrast: float | None = None
    min_px: int = 4
    growing: Growing | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.above_c, self.above_k, self.contrast) if value is not None]
        if len(given) != 1:
            raise ValueError(f"wanted exactly one of above_c, above_k and contrast, got {len(given)}")
        if self.above_c is not None and not -40 <= self.above_c <= 2000:
            raise ValueError(f"wanted above_c of -40..2000 °C, got {self.above_c:g}")
        if self.above_k is not None and not 2 <= self.above_k <= 1000:
            raise ValueError(f"wanted above_k of 2..1000 K, got {self.above_k:g}")
        if self.contrast is not None and not 0.05 <= self.contrast <= 0.9:
            raise ValueError(f"wanted contrast of 0.05..0.9, got {self.contrast:g}")
        if not 1 <= self.min_px <= 100_000:
            raise ValueError(f"wanted min_px of 1..100000, got {self.min_px}")

    @property
    def relative(self) -> bool:
        """Whether it is about what was usual there."""
        return self.above_c is None

    @property
    def calibrated(self) -> bool:
        """Whether it wants a camera that measures temperatures."""
        return self.contrast is None


@dataclass(frozen=True, slots=True)
class Growth:
    """How something hot changes, and why that looks like a fire: each term 0..1, 1 is all that fire could do.

    Attributes:
        window_s: over how long it was seen.
        area_per_min: growth of its area by the minute, in shares of its mean area.
        kelvin_per_min: of its hottest; None where the camera is not calibrated.
        flicker: how unsteady its pixels are from look to look, in shares of their excess.
        grows: whether it is fast: r / (1 + r), where r is the growth in shares of what is wanted.
        steady: whether it grows all the time, and not by one step.
        stays: whether what was hot before still is: what moves leaves its place.
        margin: whether it is much hotter than what counts, as a roof in the sun is not.
        alive: whether it flickers, or has grown many times over.
    """

    window_s: float
    area_per_min: float
    kelvin_per_min: float | None
    flicker: float
    grows: float
    steady: float
    stays: float
    margin: float
    alive: float

    @property
    def terms(self) -> dict[str, float]:
        """The terms by name."""
        return {name: getattr(self, name) for name in LEAST}

    @property
    def confidence(self) -> float:
        """Their geometric mean: none can be made good for by the others."""
        return _mean(tuple(self.terms.values()))

    @property
    def fire_like(self) -> bool:
        """Whether each of them is large enough."""
        return all(self.terms[name] >= least for name, least in LEAST.items())


LEAST_K, LEAST_CONTRAST = 1.0, 0.02
"""So little hotter or colder is noise: kelvin, or shares of the grey scale."""
LEAST = {"grows": 0.5, "steady": 0.6, "stays": 0.6, "margin": 0.6, "alive": 0.5}
"""Least value of each term of something fire-like."""


@dataclass(frozen=True, slots=True)
class HotTerms:
    """What makes a hot spot believable, each 0..1.

    Attributes:
        size: in how many pixels it is seen, n / (n + min_px).
        margin: how far it is beyond what counts, at least 0.05.
        stood: how long it has been there, 1 - exp(-s / 5 s), at least 0.05.
    """

    size: float
    margin: float
    stood: float

    @property
    def confidence(self) -> float:
        """Their geometric mean."""
        return _mean(tuple(getattr(self, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Spot:
    """Something hot at one moment.

    Attributes:
        id: unique within the watch that found it, never reused.
        box: corners x1 y1 x2 y2 in the unit square of the picture.
        since: when it was first so hot.
        stood_s: for how long, seconds.
        pixels: how many pixels of the camera are so hot.
        share: the same as a share of the picture.
        excess: how far its hottest pixel is above what was usual: kelvin, or shares of the grey scale.
        hottest_c: its hottest pixel, °C; None where the camera is not calibrated.
        terms: why it is believed.
        growth: how it changes; None where nobody asked, or it is too new.
        body: a person, vehicle or animal that is followed covers it.
        settled: it has been there for so long that it is taken for a part of the place from now on.
    """

    id: int
    box: tuple[float, float, float, float]
    since: Moment
    stood_s: float
    pixels: int
    share: float
    excess: float
    hottest_c: float | None
    terms: HotTerms
    growth: Growth | None = None
    body: bool = False
    settled: bool = False

    @property
    def confidence(self) -> float:
        """How sure: that it grows as a fire does, where that was asked; else that it is hot."""
        return self.terms.confidence if self.growth is None else self.growth.confidence

    def differs(self, told: "Spot") -> bool:
        """Whether it is news after that one was told: larger, smaller, hotter or colder by a tenth, and by
        more than noise."""
        larger = abs(self.pixels - told.pixels) >= max(2, 0.1 * told.pixels)
        least = LEAST_CONTRAST if told.hottest_c is None else LEAST_K
        return larger or abs(self.excess - told.excess) >= max(least, 0.1 * abs(told.excess))


def _mean(terms: tuple[float, ...]) -> float:
    product = 1.0
    for term in terms:
        product *= min(max(term, 0.0), 1.0)
    return float(product ** (1 / len(terms)))
