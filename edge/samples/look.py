"""Looks: build, skin, hair and clothes of a person, cast by chance from wide ranges."""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from edge.samples.scene import Carries

F32 = npt.NDArray[np.float32]


class Material(IntEnum):
    """Rows of a person's palette."""

    SKIN = 0
    HAIR = 1
    TOP = 2
    SLEEVE = 3
    LEGS = 4
    SHIN = 5
    SHOES = 6
    BAG = 7
    HAT = 8
    DARK = 9


_SKIN = np.array(
    [[0.96, 0.80, 0.70], [0.90, 0.72, 0.58], [0.80, 0.60, 0.46], [0.66, 0.46, 0.33], [0.48, 0.32, 0.23]],
    np.float32,
)
_HAIR = np.array(
    [[0.07, 0.06, 0.06], [0.16, 0.11, 0.08], [0.32, 0.21, 0.13], [0.62, 0.50, 0.33], [0.55, 0.54, 0.53]],
    np.float32,
)
_CLOTH = np.array(
    [
        [0.08, 0.08, 0.09], [0.14, 0.16, 0.22], [0.22, 0.23, 0.25], [0.42, 0.43, 0.45], [0.90, 0.90, 0.88],
        [0.12, 0.20, 0.40], [0.30, 0.42, 0.60], [0.55, 0.68, 0.80], [0.55, 0.12, 0.13], [0.78, 0.22, 0.20],
        [0.24, 0.34, 0.22], [0.40, 0.42, 0.26], [0.70, 0.62, 0.48], [0.45, 0.33, 0.22], [0.85, 0.72, 0.30],
        [0.82, 0.55, 0.60], [0.45, 0.28, 0.48], [0.20, 0.45, 0.47], [0.88, 0.45, 0.18], [0.75, 0.76, 0.74],
    ], np.float32,
)  # fmt: skip
_TROUSERS = np.array(
    [
        [0.09, 0.09, 0.10], [0.13, 0.16, 0.26], [0.20, 0.28, 0.42], [0.30, 0.38, 0.50], [0.25, 0.25, 0.26],
        [0.45, 0.44, 0.42], [0.62, 0.55, 0.43], [0.35, 0.30, 0.22], [0.16, 0.12, 0.10], [0.80, 0.78, 0.74],
    ], np.float32,
)  # fmt: skip
_VEST = np.array([0.80, 0.95, 0.15], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a person looks.

    Attributes:
        height_m: from sole to crown.
        build: width of the body, 1 for an average one.
        palette: float32 materials×3, RGB 0..1.
        skirt_m: length of a skirt or coat below the hip, 0 for none.
        long_hair: hair falls on the shoulders.
        hat: wears a hat, cap or hood.
        carries: what is in the hand or on the back.
        stripes: bands on the upper garment per metre, 0 for none.
    """

    height_m: float
    build: float
    palette: F32
    skirt_m: float
    long_hair: bool
    hat: bool
    carries: Carries
    stripes: float


def cast_look(rng: np.random.Generator, carries: Carries = Carries.ANY, child: bool = False) -> Look:
    """Somebody by chance."""
    woman = bool(rng.random() < 0.5)
    height = rng.normal(1.66 if woman else 1.77, 0.065) if not child else rng.uniform(1.0, 1.4)
    skirt = float(rng.choice([0.0, 0.45, 0.6, 0.85], p=[0.7, 0.12, 0.1, 0.08])) if woman else 0.0
    if not woman and rng.random() < 0.12:
        skirt = 0.35  # a coat
    if carries is Carries.ANY:
        options = [Carries.NOTHING, Carries.BACKPACK, Carries.HANDBAG, Carries.SHOPPING]
        carries = options[int(rng.choice(4, p=[0.55, 0.2, 0.15, 0.1]))]
    return Look(
        height_m=float(np.clip(height, 1.0, 1.98)),
        build=float(np.clip(rng.normal(1.0, 0.11), 0.8, 1.4)),
        palette=_palette(rng, woman, skirt > 0),
        skirt_m=skirt,
        long_hair=bool(rng.random() < (0.65 if woman else 0.06)),
        hat=bool(rng.random() < 0.11),
        carries=carries,
        stripes=float(rng.uniform(8, 20)) if rng.random() < 0.12 else 0.0,
    )


def in_vest(look: Look) -> Look:
    """The same person in a yellow vest over what they wear."""
    palette = look.palette.copy()
    palette[Material.TOP] = _VEST
    return replace(look, palette=palette)


def _vary(rng: np.random.Generator, table: F32) -> F32:
    colour = table[int(rng.integers(len(table)))] * rng.uniform(0.8, 1.15) + rng.normal(0, 0.025, 3)
    return np.asarray(np.clip(colour, 0.03, 0.97), np.float32)


def _palette(rng: np.random.Generator, woman: bool, skirt: bool) -> F32:
    skin, top, legs = _vary(rng, _SKIN), _vary(rng, _CLOTH), _vary(rng, _TROUSERS)
    if skirt and rng.random() < 0.5:
        legs = top
    short_sleeves, bare_shins = rng.random() < 0.4, rng.random() < (0.55 if skirt else 0.14)
    shoes = _vary(rng, _CLOTH) if rng.random() < 0.12 else _vary(rng, _TROUSERS[[0, 0, 4, 8, 8, 9]])
    hair = _vary(rng, _HAIR[: 4 if woman else 5])
    rows = [skin, hair, top, skin if short_sleeves else top, legs, skin if bare_shins else legs]
    return np.stack([*rows, shoes, _vary(rng, _CLOTH), _vary(rng, _CLOTH), hair * np.float32(0.4)])
