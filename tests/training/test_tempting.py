"""What a model invents: a cut is around what is found where nothing is, and keeps what else is there."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.values.detections import Detections
from models.training.data import Labelled, Shelf
from models.training.tempting import HEIGHT, MOST, TEMPTS, WIDTH, tempting

CAR = (300.0, 200.0, 340.0, 240.0)


def picture(*boxes: tuple[float, float, float, float], wide: int = 640, high: int = 512) -> Labelled:
    rows = np.array(boxes, np.float32).reshape(-1, 4)
    pixels = np.zeros((high, wide, 3), np.uint8)
    return Labelled("yard", pixels, rows, np.full(len(rows), 2, np.int64), np.ones(len(rows), np.float32))


def found(*boxes: tuple[float, float, float, float], score: float = 0.5) -> Detections:
    return Detections.of(np.array(boxes, np.float32).reshape(-1, 4), [score] * len(boxes), [2] * len(boxes))


def test_what_is_there_tempts_nobody_and_neither_does_what_hardly_looks_like_it() -> None:
    yard = Shelf([picture(CAR)])
    assert len(tempting(yard, [found(CAR)])) == 0
    assert len(tempting(yard, [found((305, 205, 350, 240))])) == 0  # badly boxed, but there
    assert len(tempting(yard, [found((100, 100, 140, 140), score=TEMPTS - 0.01)])) == 0


def test_a_lid_that_is_taken_for_a_car_is_in_the_middle_of_a_cut_with_the_car_beside_it() -> None:
    yard = picture(CAR)
    yard.pixels[130:150, 260:280] = 255
    cut = tempting(Shelf([yard]), [found((260, 130, 280, 150))])[0]
    assert cut.pixels.shape == (HEIGHT, WIDTH, 3)
    rows, columns = np.nonzero(cut.pixels[:, :, 0])
    assert (rows.mean(), columns.mean()) == (139.5, WIDTH / 2 - 0.5)  # the picture begins above
    assert (cut.boxes == np.array(CAR) - [90, 0, 90, 0]).all() and cut.kinds.tolist() == [2]


def test_of_one_picture_only_the_worst_are_learnt() -> None:
    lids = [(20.0 * k, 10.0, 20.0 * k + 10, 20.0) for k in range(9)]
    assert len(tempting(Shelf([picture(), picture()]), [found(*lids), Detections.none()])) == MOST


@given(
    x=st.floats(0, 620),
    y=st.floats(0, 490),
    wide=st.sampled_from((200, 640)),
    high=st.sampled_from((150, 512)),
)
def test_a_cut_lies_in_its_picture(x: float, y: float, wide: int, high: int) -> None:
    box = (min(x, wide - 8), min(y, high - 8), min(x, wide - 8) + 6, min(y, high - 8) + 6)
    cut = tempting(Shelf([picture(wide=wide, high=high)]), [found(box)])[0]
    assert cut.pixels.shape == (min(high, HEIGHT), min(wide, WIDTH), 3)
