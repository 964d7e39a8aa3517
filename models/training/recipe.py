"""What `street-nano` is made of: which pictures in which shares, which stages, which thresholds are tried."""

from dataclasses import dataclass
from pathlib import Path

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
    Set("street_pedestrians", 0.36),
    Set("cars_with_plates", 0.16),
    Set("coco_train128", 0.19, "coco_train128_labels"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A set of rendered pictures: its name, their number and seed, its share, and whether they look down."""

    name: str
    count: int
    seed: int
    share: float
    above: bool = False


RENDERED = (Rendered("synthetic", 1000, 1, 0.20), Rendered("above", 300, 2, 0.09, above=True))
CLIPS = Path(__file__).parents[2] / "sample_videos"
RENDERED_TEST = Rendered("synthetic_test", 150, 99, 0.0)

STAGES = (
    # small pictures first: half the arithmetic while the network learns what a person looks like
    Plan(width=320, height=192, steps=6500, until=3300, batch=16, pace=1.5e-3),
    Plan(width=WIDTH, height=HEIGHT, steps=6500, batch=16, pace=1.5e-3),
)
