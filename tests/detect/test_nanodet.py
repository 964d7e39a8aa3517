import numpy as np

from edge.detect.nanodet import decode, distances_of, shapes
from edge.values.frame import Size

SIZE = Size(64, 32)  # grids of 8x4, 4x2 and 2x1
BINS = 4


def sure(*distances: int) -> list[float]:
    """Logits of which softmax is 1 at the given bins, for left, top, right, bottom."""
    return [1000.0 if at == distance else 0.0 for distance in distances for at in range(BINS)]


def outputs() -> list[np.ndarray]:
    cells = (32, 8, 2)
    return [
        *(np.zeros((1, n, 2), np.float32) for n in cells),
        *(np.zeros((1, n, 4 * BINS), np.float32) for n in cells),
    ]


def test_shapes() -> None:
    assert shapes(SIZE, 2) == ((1, 32, 2), (1, 8, 2), (1, 2, 2), (1, 32, None), (1, 8, None), (1, 2, None))


def test_distance_is_the_mean_of_softmax() -> None:
    even = np.zeros((1, 4 * BINS), np.float32)
    np.testing.assert_allclose(distances_of(even), [[1.5] * 4])  # (0 + 1 + 2 + 3) / 4
    half = np.full((1, 4, BINS), -1000, np.float32)
    half[:, :, 1:3] = 3
    np.testing.assert_allclose(distances_of(half.reshape(1, -1)), [[1.5] * 4])
    np.testing.assert_allclose(distances_of(np.array([sure(0, 1, 2, 3)], np.float32)), [[0, 1, 2, 3]])


def test_one_object_of_each_grid_by_hand() -> None:
    out = outputs()
    out[0][0, 10] = [0.2, 0.9]  # stride 8, column 2, row 1: middle (20, 12)
    out[3][0, 10] = sure(2, 1, 1, 0)
    out[1][0, 7] = [0.8, 0.1]  # stride 16, column 3, row 1: middle (56, 24)
    out[4][0, 7] = sure(1, 1, 0, 0)
    out[2][0, 0] = [0.6, 0.7]  # stride 32, column 0, row 0: middle (16, 16)
    out[5][0, 0] = sure(0, 0, 1, 0)
    found = decode(out, SIZE, 0.5)
    np.testing.assert_allclose(found.boxes, [[4, 4, 28, 12], [40, 8, 56, 24], [16, 16, 48, 16]])
    np.testing.assert_allclose(found.scores, [0.9, 0.8, 0.7])
    assert found.classes.tolist() == [1, 0, 1]


def test_nothing_is_found_in_nothing() -> None:
    assert len(decode(outputs(), SIZE, 0.5)) == 0
