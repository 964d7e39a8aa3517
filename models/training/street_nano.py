"""`street-nano`: people and vehicles in pictures of fixed street cameras."""

import numpy as np

from edge.samples import random_scene, render
from edge.values.frame import Pixels, Size
from models.training.augment import Variety
from models.training.data import LABELS
from models.training.network import Shape
from models.training.recipe import Noted, Recipe, Rendered, Taught
from models.training.synthetic import View
from models.training.train import Schedule, Stage

SELF_TEST_SEED = 6


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
        "the publisher) and 427 of cars (RobertLucian/license-plate-dataset, MIT), labelled by YOLOX-nano, "
        "DEIMv2 femto and atto, NanoDet-m, FastestDet; 128 of COCO train2017 with labels (CC-BY-4.0, "
        "pictures under Flickr terms); 1,300 rendered pictures. A tenth of the street and car scenes, a "
        "third of COCO held back."
    ),
    self_test=street_scene,
    shape=Shape(),
    variety=Variety(),
    schedule=Schedule(pictures=104_000, pace=1.5e-3),
    further=Schedule(pictures=40_000, pace=5e-4, warm_up=1_000),
    # small pictures first: half the arithmetic while the network learns what a person looks like
    stages=(Stage(320, 192, until=0.5), Stage(416, 256)),
    real=(
        Taught("street_pedestrians", 0.28),
        Taught("cars_with_plates", 0.10),
        Noted("coco_train128", 0.16, "coco_train128_labels"),
    ),
    rendered=(
        Rendered("synthetic", 600, 1, share=0.13),
        Rendered("above", 200, 2, View.ABOVE, share=0.05),
        Rendered("nobody", 500, 3, View.NOBODY, share=0.18),
    ),
    deserted=0.10,
    limits=(
        "Where posts, bins and trees stand just where people would, it still takes some for persons.",
        "People of less than about 15 pixels in the 416-pixel picture, sitting, lying, half hidden or close "
        "up are often missed.",
        "In a dense crowd it finds next to nobody (12 of 458): count those with a density model.",
        "Bicycles, motorcycles, buses and trucks are rare in what it learnt from: build no rule on them.",
        "It was shown no thermal pictures, no fisheye, and hardly any rain, snow or fog.",
        "Figures on street_pedestrians and cars_with_plates are agreement with teachers, not truth.",
    ),
    rendered_choice=(Rendered("nobody_choice", 300, 98, View.NOBODY),),
    rendered_test=(Rendered("synthetic_test", 150, 99), Rendered("nobody_test", 300, 97, View.NOBODY)),
    clips=True,
)
