import numpy as np

from edge.detect.fastestdet import decode, shapes
from edge.values.frame import Size

SIZE = Size(64, 32)  # one grid of 4x2


def test_shape() -> None:
    assert shapes(SIZE, 2) == ((1, 7, 2, 4),)


def test_one_object_by_hand() -> None:
    out = np.zeros((1, 7, 2, 4), np.float32)
    # column 2, row 1: centre ((2 + 0.5)/4·64, (1 + 0)/2·32), size (0.5·64, 0.5·32), score 0.8^0.6 · 0.8^0.4
    out[0, :, 1, 2] = [0.8, np.arctanh(0.5), 0, 0, 0, 0.2, 0.8]
    found = decode([out], SIZE, 0.5)
    np.testing.assert_allclose(found.boxes, [[24, 8, 56, 24]], rtol=1e-6)
    np.testing.assert_allclose(found.scores, [0.8], rtol=1e-6)
    assert found.classes.tolist() == [1]


def test_objectness_and_class_decide_together() -> None:
    out = np.zeros((1, 7, 2, 4), np.float32)
    out[0, :, 0, 0] = [1.0, 0, 0, 0, 0, 0.2, 0.1]  # 1^0.6 · 0.2^0.4 = 0.525
    out[0, :, 0, 1] = [0.3, 0, 0, 0, 0, 1.0, 0.0]  # 0.3^0.6 = 0.486
    found = decode([out], SIZE, 0.5)
    np.testing.assert_allclose(found.scores, [0.2**0.4], rtol=1e-6)
