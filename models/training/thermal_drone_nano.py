"""`thermal-drone-nano`: people, bicycles and vehicles in infrared pictures from above.

Trained on crops at the pictures' own scale: a person of 15 pixels stays one, and a step costs a quarter of
what whole pictures would cost. It starts best from `street-nano` (`--from models/street-nano`): over the
first 800 pictures the box loss was 0.38, and 1.21 with a smaller network that started from nothing.
"""

from dataclasses import replace

from models.training.augment import Variety
from models.training.network import Shape
from models.training.recipe import Listed, Recipe
from models.training.thermal_scene import thermal_scene
from models.training.train import Schedule, Stage

VARIETY = Variety(
    four=0.25,
    nine=0.0,
    plain=0.0,
    close=0.0,
    least_scale=0.75,
    most_scale=1.5,
    own_pixels=True,
    grey=1.0,
    night=0.0,
)
CALM = replace(VARIETY, four=0.0, least_scale=0.9, most_scale=1.25, blur=0.05, noise=0.1, jpeg=0.1)
"""The last quarter of a further training sees pictures nearly as they come (YOLOX, Ge et al. 2021)."""

RECIPE = Recipe(
    name="thermal-drone-nano",
    labels=("person", "bicycle", "car", "other-vehicle"),
    width=640,
    height=512,
    side=640,
    data=(
        "2,029 thermal pictures from a drone at 60 to 130 m with drawn labels (HIT-UAV, Suo et al., "
        "Scientific Data 10:227, 2023; CC-BY-4.0), 1 in 12 of them held back to choose thresholds. Reported "
        "on the 290 pictures of its validation split, which are of the same flights. Started from the "
        "weights of street-nano."
    ),
    self_test=thermal_scene,
    shape=Shape(classes=4),
    variety=VARIETY,
    limits=(
        "The validation pictures are of the same flights as the training ones: elsewhere expect less.",
        "People of less than about 10 pixels are mostly missed, and so are people close together.",
        "Cars as warm as the road are missed; buses and lorries are mostly called cars.",
        "Other vehicles are told rarely: build no rule on them.",
        "White must be warm; it never saw black-hot or coloured pictures, nor a view from a wall or mast.",
    ),
    schedule=Schedule(pictures=120_000, pace=1.5e-3),
    further=Schedule(pictures=60_000, pace=8e-4, warm_up=800),
    stages=(Stage(320, 256, batch=8),),
    further_stages=(Stage(320, 256, until=0.75, batch=8), Stage(320, 256, batch=8, variety=CALM)),
    tempting=0.3,
    real=(
        Listed(
            "thermal_drone/train",
            "thermal_drone/val",
            1.0,
            (
                ("Person", "person"),
                ("Bicycle", "bicycle"),
                ("Car", "car"),
                ("OtherVehicle", "other-vehicle"),
            ),
        ),
    ),
)
