"""What the measurements of a camera mean, in words: can it do this job, why, and how is it mended.

Law: a verdict names the number, the bound, and what to do. What could not be measured is said to be unknown,
never to be good.
"""

from dataclasses import dataclass
from enum import StrEnum

from edge.suitability.density import STATURE_M, Heights, Step
from edge.suitability.picture import Quality

DOUBT = 0.10
"""Share by which pixels per metre may be wrong: adults differ by 6 %, and boxes end below the feet."""

ROOM = 1.2
"""How much taller than the smallest found a person must be: people bend, and are half hidden."""

DARK, BRIGHT = 40.0, 215.0
CLIPPED = 0.20
FLAT = 8.0
"""Brightness and contrast, of 255: the sample clips by day and night have means of 74 to 114 and contrasts of
40 to 51; a motorway in flat light has 12."""

SOFT, BLURRED = 0.72, 0.60
"""Sharpness of the sample clips is 0.83 to 0.86, of real clips 0.87 to 0.94; with a blur of σ = 1.5 pixels
0.62 to 0.74, of σ = 2 0.52 to 0.61."""

BLOCKY = 2.0
"""Blockiness of untouched clips is 0.9 to 1.2; of the same as JPEG of quality 20 1.6 to 6.6."""

STARVED = 0.01
"""Bits for each pixel of H.264 below which a moving street falls to pieces."""


class Verdict(StrEnum):
    """Whether it will do."""

    GOOD = "ok"
    DOUBTFUL = "warn"
    BAD = "fail"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing about a camera: what was found, whether it will do, and how to mend it."""

    part: str
    found: str
    verdict: Verdict
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """How people appear in a zone.

    Attributes:
        name: of the zone.
        far, near: pixels per metre at its farthest and nearest edge; None where unknown.
        known_by: how they are known, in words.
    """

    name: str
    far: float | None
    near: float | None
    known_by: str


def of_place(place: Place, to_input: float, smallest: float | None) -> Aspect:
    """Whether the model can find people in a zone.

    Args:
        place: how people appear there.
        to_input: pixels of the model's input for each pixel of the camera.
        smallest: height of the smallest person that the model finds, pixels of its input; None where unknown.
    """
    part = f"zone {place.name}"
    if place.far is None or place.near is None:
        advice = "let people walk there while this runs (--seconds 60), or measure the ground"
        return Aspect(part, f"pixels per metre unknown: {place.known_by}", Verdict.DOUBTFUL, advice)
    tall = STATURE_M * place.far * to_input
    steps = " to ".join(dict.fromkeys((_named(place.far), _named(place.near))))
    found = f"{place.far:.0f} to {place.near:.0f} pixels per metre ({steps}), {place.known_by}"
    if smallest is None:
        return Aspect(part, f"{found}; how small people the model finds is unknown", Verdict.DOUBTFUL)
    found += f"; a person far away is {tall:.0f} px high to the model, that finds them from {smallest:.0f} px"
    if tall >= ROOM * smallest:
        return Aspect(part, found, Verdict.GOOD)
    more = ROOM * smallest / max(tall, 1e-6)
    advice = (
        f"show people {more:.1f} times as large: zoom in, hang it nearer, or take a model with a larger input"
    )
    return Aspect(part, found, Verdict.DOUBTFUL if tall >= smallest else Verdict.BAD, advice)


def _named(px_per_m: float) -> str:
    step = Step.of(px_per_m)
    return f"below {Step.OVERVIEW.name.capitalize()}" if step is Step.BELOW else step.name.capitalize()


def of_light(quality: Quality) -> Aspect:
    """Whether there is light enough, and not too much."""
    clipped = f"{quality.clipped:.0%} black or white"
    found = f"mean {quality.mean:.0f} of 255, contrast {quality.contrast:.0f}, {clipped}"
    if quality.mean < DARK / 2 or quality.contrast < FLAT / 2:
        return Aspect("light", found, Verdict.BAD, "too dark to find people: add light, or go infrared")
    if quality.mean < DARK:
        return Aspect("light", found, Verdict.DOUBTFUL, "dark: add light, or let the camera expose longer")
    if quality.mean > BRIGHT or quality.clipped > CLIPPED:
        return Aspect("light", found, Verdict.DOUBTFUL, "against the light: turn it, or switch its WDR on")
    if quality.contrast < FLAT:
        return Aspect("light", found, Verdict.DOUBTFUL, "flat: fog, a dirty dome, or light from the front")
    return Aspect("light", found, Verdict.GOOD)


def of_focus(quality: Quality) -> Aspect:
    """Whether the picture is sharp."""
    found = f"sharpness {quality.sharpness:.2f} (sharp from {SOFT}, blurred below {BLURRED})"
    if quality.sharpness < BLURRED:
        return Aspect("focus", found, Verdict.BAD, "blurred: set the focus, clean the dome, or fix its mount")
    if quality.sharpness < SOFT:
        advice = "soft: set the focus; or the stream was made larger than the sensor sees"
        return Aspect("focus", found, Verdict.DOUBTFUL, advice)
    return Aspect("focus", found, Verdict.GOOD)


def of_compression(quality: Quality, bits_per_pixel: float | None) -> Aspect:
    """Whether the encoder leaves enough of the picture."""
    bits = "" if bits_per_pixel is None else f"{bits_per_pixel:.3f} bits a pixel, "
    found = f"{bits}blockiness {quality.blockiness:.1f} (visible from {BLOCKY:.0f})"
    if quality.blockiness >= BLOCKY:
        advice = "raise the bit rate or the quality of this stream, or lower its frame rate"
        return Aspect("compression", found, Verdict.DOUBTFUL, advice)
    if bits_per_pixel is not None and bits_per_pixel < STARVED:
        advice = "few bits: fine while little moves, raise the bit rate if people dissolve when they walk"
        return Aspect("compression", found, Verdict.DOUBTFUL, advice)
    return Aspect("compression", found, Verdict.GOOD)


def in_words(camera: str, aspects: tuple[Aspect, ...]) -> Aspect:
    """The sum of it: whether this camera can find and follow people where it should."""
    bad = [aspect.part for aspect in aspects if aspect.verdict is Verdict.BAD]
    doubtful = [aspect.part for aspect in aspects if aspect.verdict is Verdict.DOUBTFUL]
    part = f"camera {camera}"
    if bad:
        return Aspect(
            part, f"cannot do this job: {', '.join(bad)}", Verdict.BAD, "mend what is marked fail first"
        )
    if doubtful:
        return Aspect(part, f"can do this job with doubts: {', '.join(doubtful)}", Verdict.DOUBTFUL)
    return Aspect(part, "can find and follow people in its zones", Verdict.GOOD)


def known_by(heights: Heights, far: float, near: float) -> str:
    """How pixels per metre are known, in words."""
    doubt = f"±{100 * max(DOUBT, heights.error):.0f} %"
    told = f"from {heights.sightings} sightings of people, taken for {STATURE_M:.2f} m ({doubt})"
    beyond = far < heights.lowest - 0.05 or near > heights.highest + 0.05
    return f"{told}, nobody was seen in part of it" if beyond else told
