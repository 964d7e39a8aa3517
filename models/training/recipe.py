"""What `street-nano` is made of: which pictures in which shares, which stages, which thresholds are tried."""

from dataclasses import dataclass

from models.training.augment import Recipe
from models.training.network import Shape
from models.training.train import Plan

SEED = 1
SPLIT_SEED = 7
HELD_BACK = 0.10
"""Share of the teacher-labelled pictures that is never trained on, by whole scenes."""
WIDTH, HEIGHT = 416, 256
SHAPE = Shape()
AUGMENT = Recipe()


@dataclass(frozen=True, slots=True)
class Set:
    """A folder of pictures, its share of those drawn, and the folder of its labels (None: ask teachers)."""

    folder: str
    share: float
    labels: str | None = None


SETS = (
    Set("street_pedestrians", 0.40),
    Set("cars_with_plates", 0.13),
    Set("coco_train128", 0.20, "coco_train128_labels"),
)
SYNTHETIC, SYNTHETIC_TEST = 1000, 150
SYNTHETIC_SHARE = 0.27

STAGES = (
    # small pictures first: half the arithmetic while the network learns what a person looks like
    Plan(width=320, height=192, steps=7000, until=3500, batch=16, pace=1.5e-3),
    Plan(width=WIDTH, height=HEIGHT, steps=7000, until=7000, batch=16, pace=1.5e-3),
)
