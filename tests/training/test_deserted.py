"""Real places without people: nobody may be in a cut, not even by doubt."""

import numpy as np
import pytest

from models.training.data import LABELS, Labelled, Shelf
from models.training.deserted import deserted

CAR = LABELS.index("car")


def picture(
    *boxes: tuple[float, float, float, float], kinds: tuple[int, ...], score: float = 1.0
) -> Labelled:
    pixels = np.random.default_rng(1).integers(0, 256, (280, 448, 3), dtype=np.uint8)
    rows = np.array(boxes, np.float32).reshape(-1, 4)
    return Labelled("street", pixels, rows, np.array(kinds, np.int64), np.full(len(kinds), score, np.float32))


def test_a_picture_of_nobody_is_taken_whole() -> None:
    empty = picture((10, 10, 60, 40), kinds=(CAR,))
    assert deserted(Shelf([empty]), 1)[0] is empty


@pytest.mark.parametrize("score", [1.0, 0.11])
def test_no_cut_holds_a_person_however_doubtful(score: float) -> None:
    for seed in range(20):
        street = picture((300, 60, 340, 200), kinds=(0,), score=score)
        street.pixels[60:200, 300:340] = 255
        cuts = deserted(Shelf([street]), seed)
        for i in range(len(cuts)):
            assert not (cuts[i].kinds == 0).any()
            assert not (cuts[i].pixels == 255).all(axis=2).any(), "a piece of the person is in the cut"


def test_a_crowded_picture_gives_none() -> None:
    crowd = picture((0, 0, 448, 280), kinds=(0,))
    assert len(deserted(Shelf([crowd]), 1)) == 0


def test_a_cut_keeps_the_vehicles_that_stand_in_it() -> None:
    street = picture((20, 100, 120, 180), (400, 60, 440, 200), kinds=(CAR, 0))
    found = [cut for seed in range(10) for cut in [deserted(Shelf([street]), seed)[0]] if len(cut.kinds)]
    assert found
    for cut in found:
        height, width = cut.pixels.shape[:2]
        assert (cut.kinds == CAR).all()
        assert (
            (cut.boxes >= 0).all()
            and (cut.boxes[:, [0, 2]] <= width).all()
            and (cut.boxes[:, [1, 3]] <= height).all()
        )
