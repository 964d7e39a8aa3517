"""`street-nano`: people and vehicles in pictures of fixed street cameras."""

import numpy as np

from edge.samples import random_scene, render
from edge.values.frame import Pixels, Size
from models.training.augment import Variety
from models.training.data import LABELS
from models.training.network import Shape
from models.training.recipe import Filmed, Noted, Recipe, Rendered, Taught
from models.training.synthetic import View
from models.training.train import Schedule, Stage

SELF_TEST_SEED = 6
CALM = Variety(four=0.15, nine=0.0, plain=0.4, close=0.05, least_scale=0.9, most_scale=1.5)
"""The last quarter of a further training sees pictures nearly as they come (YOLOX, Ge et al. 2021)."""


def street_scene() -> Pixels:
    """A picture of nobody real, for the self-test."""
    rng = np.random.default_rng(SELF_TEST_SEED)
    scene = random_scene(rng, size=Size(640, 360), people=8, frames=1)
    return next(iter(render(scene, rng)))[0]


RECIPE = Recipe(
    name="street-nano",
    labels=LABELS,
    width=416,
    height=256,
    side=448,
    data=(
        "1,569 street pictures (LS-chen/Pedestrian-behavior-detection-and-prediction, licence not stated by "
        "the publisher), 427 of cars (RobertLucian/license-plate-dataset, MIT), 203 frames of Intel's sample "
        "videos (CC-BY-4.0), labelled by YOLOX-nano, DEIMv2 femto and atto, NanoDet-m, FastestDet; 128 of "
        "COCO with labels (CC-BY-4.0, pictures under Flickr terms); 3,000 rendered. A tenth of the street "
        "and car scenes, a third of COCO and all other clips held back."
    ),
    self_test=street_scene,
    shape=Shape(),
    variety=Variety(),
    schedule=Schedule(pictures=104_000, pace=1.5e-3),
    further=Schedule(pictures=60_000, pace=8e-4, warm_up=1_000),
    # small pictures first: half the arithmetic while the network learns what a person looks like
    stages=(Stage(320, 192, until=0.5), Stage(416, 256)),
    further_stages=(Stage(416, 256, until=0.75), Stage(416, 256, variety=CALM)),
    real=(
        Taught("street_pedestrians", 0.24),
        Taught("cars_with_plates", 0.08),
        Noted("coco_train128", 0.08, "coco_train128_labels"),
        Filmed(
            "real_clips",
            learnt=(("one-by-one-person-detection.mp4", 1.0), ("car-detection.mp4", 0.5)),
            test=(("ahsan_people.mp4", 1.0), ("ahmetozlu_input_video.mp4", 1.0)),
            share=0.08,
        ),
    ),
    rendered=(
        Rendered("synthetic", 600, 1, share=0.12),
        Rendered("dark", 200, 4, View.DARK, share=0.05),
        Rendered("above", 200, 2, View.ABOVE, share=0.04),
        Rendered("nobody", 500, 3, View.NOBODY, share=0.10),
        Rendered("nobody_more", 500, 5, View.NOBODY, share=0.09),
        Rendered("bustle", 1000, 6, View.BUSTLE, share=0.30),
    ),
    deserted=0.08,
    limits=(
        "Where posts, bins and trees stand just where people would, it still takes some for persons.",
        "People of less than about 15 pixels in the 416-pixel picture, sitting, lying, half hidden or close "
        "up are often missed.",
        "In a dense crowd it finds next to nobody: count those with a density model.",
        "Bicycles, motorcycles, buses and trucks are rare in the real pictures it learnt from: try it at "
        "your camera before you build a rule on them.",
        "It was shown no thermal pictures, no fisheye, and hardly any rain, snow or fog.",
        "Figures on street_pedestrians and cars_with_plates are agreement with teachers, not truth.",
    ),
    rendered_choice=(
        Rendered("nobody_choice", 600, 98, View.NOBODY),
        Rendered("nobody_choice_more", 600, 94, View.NOBODY),
        Rendered("bustle_choice", 120, 96, View.BUSTLE),
    ),
    rendered_test=(
        Rendered("synthetic_test", 150, 99),
        Rendered("nobody_test", 600, 97, View.NOBODY),
        *(Rendered(f"nobody_test_{seed}", 600, seed, View.NOBODY) for seed in (301, 302, 303, 304)),
        Rendered("bustle_test", 120, 95, View.BUSTLE),
    ),
    clips=True,
    trades_on="sample clips",
)
