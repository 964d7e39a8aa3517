"""Figures count what they should, and thresholds come from the pictures of the choice alone."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch: pip install 'safecity-edge[train]'")

from edge.values.detections import Detections
from models.training.card import thresholds, trades
from models.training.data import ANY, Labelled, Shelf
from models.training.score import false_per_thousand, precisions, rates
from models.training.shelves import Held
from models.training.street_nano import RECIPE

PERSON, CAR = RECIPE.labels.index("person"), RECIPE.labels.index("car")
BOX = (100.0, 60.0, 140.0, 160.0)


def picture(grey, *things):
    """A grey picture of one level with some labels: pairs of kind and box."""
    boxes = np.array([box for _, box in things], np.float32).reshape(-1, 4)
    kinds = np.array([kind for kind, _ in things], np.int64)
    scores = np.where(kinds == ANY, 0.1, 1.0).astype(np.float32)
    return Labelled("p", np.full((234, 416, 3), grey, np.uint8), boxes, kinds, scores)


class ByGrey:
    """A detector that finds what it was told to find in pictures of a grey level."""

    last_failure = ""

    def __init__(self, found):
        self._found = found

    def answer(self, pixels):
        rows = self._found.get(int(pixels[0, 0, 0]), [])
        return Detections.of([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def test_what_lies_in_a_place_open_to_all_is_neither_missed_nor_wrong():
    shelf = Shelf([picture(1, (PERSON, BOX), (ANY, (200.0, 0.0, 400.0, 200.0)))])
    right = Detections.of([BOX], [0.5], [PERSON])
    with_extra = Detections.of([(220.0, 20.0, 240.0, 60.0), BOX], [0.9, 0.5], [PERSON, PERSON])
    with_wrong = Detections.of([(10.0, 20.0, 40.0, 60.0), BOX], [0.9, 0.5], [PERSON, PERSON])
    for found, wanted in ((right, 1.0), (with_extra, 1.0), (with_wrong, 0.5)):
        assert precisions([found], shelf, 6, 416.0)[PERSON] == wanted
    assert rates([with_wrong], shelf, PERSON, 0.1, 416.0) == (0.5, 1.0)


def test_false_detections_are_counted_from_the_threshold_on():
    found = [Detections.of([BOX], [0.4], [PERSON])] + [Detections.of([], [], [])] * 3
    assert false_per_thousand(found, PERSON, 0.3) == 250.0
    assert false_per_thousand(found, PERSON, 0.5) == 0.0


def choice(deserted):
    streets = Shelf([picture(40, (PERSON, BOX), (CAR, (200.0, 0.0, 300.0, 60.0))) for _ in range(30)])
    return Held({"streets": streets}, Shelf([picture(grey) for grey in deserted]))


def test_a_threshold_rises_until_deserted_places_are_quiet():
    sure = {40: [(BOX, 0.65, PERSON), ((200.0, 0.0, 300.0, 60.0), 0.6, CAR)]}
    calm = thresholds(ByGrey(sure), RECIPE, choice([41] * 50))
    invents = thresholds(ByGrey({**sure, 41: [(BOX, 0.44, PERSON)]}), RECIPE, choice([41] * 50))
    assert calm.of("person") < 0.44 < invents.of("person") <= 0.6
    assert calm.of("car") == invents.of("car")


@pytest.mark.parametrize(("invented", "quiet"), [(1, False), (2, True)])
def test_what_is_invented_weighs_more_than_what_is_found_in_one_picture(invented, quiet):
    """One in 600 places is 1.7 in 1,000; two are more than may be, though half of the people are faint."""
    streets = Shelf([picture(40 + i % 2, (PERSON, BOX)) for i in range(60)])
    held = Held({"streets": streets}, Shelf([picture(51)] * invented + [picture(50)] * (600 - invented)))
    faint, sure = [(BOX, 0.42, PERSON)], [(BOX, 0.65, PERSON)]
    found = ByGrey({40: faint, 41: sure, 51: [(BOX, 0.44, PERSON)]})
    assert (thresholds(found, RECIPE, held).of("person") > 0.44) is quiet


def test_the_card_tells_what_each_threshold_finds_and_invents():
    streets = Shelf([picture(40 + i % 2, (PERSON, BOX)) for i in range(10)])
    found = ByGrey({40: [(BOX, 0.36, PERSON)], 41: [(BOX, 0.65, PERSON)], 51: [(BOX, 0.44, PERSON)]})
    told = {
        t.score: (t.recall, t.invented)
        for t in trades(found, RECIPE, streets, Shelf([picture(50), picture(51)]))
    }
    assert (told[0.35], told[0.4], told[0.45]) == ((1.0, 500.0), (0.5, 500.0), (0.5, 0.0))


def test_a_class_that_is_hardly_shown_is_told_with_care():
    limits = thresholds(ByGrey({}), RECIPE, choice([41]))
    assert limits.of("truck") >= 0.5
