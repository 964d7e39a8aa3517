import numpy as np

from edge.detect.yolox import decode, shapes
from edge.values.frame import Size

SIZE = Size(64, 32)  # grids of 8x4, 4x2 and 2x1: 32 + 8 + 2 cells


def table(**rows: list[float]) -> np.ndarray:
    out = np.zeros((1, 42, 7), np.float32)
    for name, values in rows.items():
        out[0, int(name[1:])] = values
    return out


def test_shape() -> None:
    assert shapes(SIZE, 2) == ((1, 42, 7),)


def test_one_object_of_each_grid_by_hand() -> None:
    two = float(np.log(2))
    found = decode(
        [
            table(
                # row 1, column 2 of stride 8: centre ((0.5 + 2)·8, (0.25 + 1)·8), size 2·8 by 1·8
                r10=[0.5, 0.25, two, 0, 0.8, 0.5, 1.0],
                # row 1, column 3 of stride 16: index 32 + 7
                r39=[0, 0, 0, two, 1.0, 0.9, 0.1],
                # row 0, column 1 of stride 32: index 40 + 1
                r41=[-0.5, 0.5, 0, 0, 0.9, 0.3, 0.7],
            )
        ],
        SIZE,
        0.5,
    )
    np.testing.assert_allclose(
        found.boxes, [[12, 6, 28, 14], [40, 0, 56, 32], [0, 0, 32, 32]], rtol=1e-6, atol=1e-5
    )
    np.testing.assert_allclose(found.scores, [0.8, 0.9, 0.63], rtol=1e-6)
    assert found.classes.tolist() == [1, 0, 1]


def test_objectness_times_class_decides() -> None:
    found = decode([table(r0=[0, 0, 0, 0, 0.6, 0.7, 0.1], r1=[0, 0, 0, 0, 0.6, 0.9, 0.1])], SIZE, 0.5)
    np.testing.assert_allclose(found.scores, [0.54], rtol=1e-6)


def test_nothing_is_found_in_nothing() -> None:
    assert len(decode([table()], SIZE, 0.01)) == 0


def test_nan_is_kept_for_the_judge() -> None:
    found = decode([table(r3=[0, 0, 0, 0, np.nan, 0.5, 0.5])], SIZE, 0.5)
    assert np.isnan(found.scores).tolist() == [True]
