"""Items: bags, suitcases and the like, as bodies of a few capsules."""

import numpy as np

from edge.samples.capsule import F32, Capsules
from edge.samples.scene import Item, ItemKind

PLAIN: F32 = np.ones((4, 4), np.float32)
"""Cloth without a pattern."""

_Rod = tuple[tuple[float, float, float], tuple[float, float, float], float, int]
"""Two ends, a radius, and the row of the palette; metres."""

_RODS: dict[ItemKind, tuple[_Rod, ...]] = {
    ItemKind.BAG: (
        ((-0.17, 0.0, 0.15), (0.17, 0.0, 0.15), 0.15, 0),
        ((-0.10, 0.0, 0.31), (0.10, 0.0, 0.31), 0.02, 1),
    ),
    ItemKind.SUITCASE: (
        *(((x, 0.0, 0.11), (x, 0.0, 0.55), 0.11, 0) for x in (-0.12, -0.04, 0.04, 0.12)),
        ((-0.08, 0.0, 0.65), (0.08, 0.0, 0.65), 0.02, 1),
    ),
    ItemKind.PARCEL: tuple(((x, 0.0, 0.1), (x, 0.0, 0.2), 0.1, 0) for x in (-0.1, 0.0, 0.1)),
    ItemKind.PLANT: (
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.3), 0.16, 1),
        ((0.0, 0.0, 0.5), (0.0, 0.0, 0.7), 0.25, 0),
    ),
}


def item_body(item: Item) -> Capsules:
    """The shape of an item where it stands."""
    rods, place = _RODS[item.kind], np.array([item.x_m, item.y_m, 0.0])
    return Capsules(
        np.array([rod[0] for rod in rods]) + place,
        np.array([rod[1] for rod in rods]) + place,
        np.array([(rod[2], rod[2]) for rod in rods]),
        np.array([rod[3] for rod in rods]),
    )


def item_palette(item: Item) -> F32:
    """Its colour, and that of its handle or pot."""
    return np.array([item.colour, [0.08, 0.07, 0.07]], np.float32)
