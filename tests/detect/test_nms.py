import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.detect.nms import iou_matrix, suppress


def overlap(a: list[float], b: list[float]) -> float:
    """Intersection over union of two boxes, the slow way."""
    wide = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    high = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = wide * high
    either = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both
    return both / either if either else 0.0


def greedy(boxes: np.ndarray, classes: np.ndarray, within: float, across: float) -> list[int]:
    """Non-maximum suppression as the textbooks write it."""
    kept: list[int] = []
    for i, box in enumerate(boxes.tolist()):
        limits = [(within if classes[k] == classes[i] else across, boxes[k].tolist()) for k in kept]
        if all(overlap(box, other) <= limit for limit, other in limits):
            kept.append(i)
    return kept


BOX = st.tuples(*(st.integers(0, 30) for _ in range(2)), *(st.integers(1, 12) for _ in range(2)))


def test_overlap_by_hand() -> None:
    a = np.array([[0, 0, 10, 10], [0, 0, 0, 0]], np.float32)
    b = np.array([[5, 0, 15, 10], [20, 20, 30, 30], [0, 0, 10, 10], [3, 3, 3, 3]], np.float32)
    np.testing.assert_allclose(iou_matrix(a, b), [[1 / 3, 0, 1, 0], [0, 0, 0, 0]], rtol=1e-6)


def test_a_box_that_went_suppresses_nobody() -> None:
    boxes = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], np.float32)
    assert suppress(boxes, np.zeros(3), 0.4, 1).tolist() == [0, 2]


def test_classes_have_limits_of_their_own() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 9]], np.float32)
    assert suppress(boxes, np.array([0, 1, 0]), 0.5, 0.95).tolist() == [0, 1]
    assert suppress(boxes, np.array([0, 1, 0]), 0.5, 0.85).tolist() == [0]
    assert suppress(boxes, np.array([0, 1, 0]), 1, 1).tolist() == [0, 1, 2]


@given(
    st.lists(st.tuples(BOX, st.integers(0, 2)), max_size=90),
    st.sampled_from([0.1001, 0.3001, 0.4501, 0.7001]),
    st.sampled_from([0.5501, 0.9001, 1.0]),
)
@settings(max_examples=80, deadline=None)
def test_the_same_boxes_stay_as_in_the_textbook(
    rows: list[tuple[tuple[int, int, int, int], int]], within: float, across: float
) -> None:
    boxes = np.array([[x, y, x + w, y + h] for (x, y, w, h), _ in rows], np.float32).reshape(-1, 4)
    classes = np.array([c for _, c in rows])
    assert suppress(boxes, classes, within, across).tolist() == greedy(boxes, classes, within, across)


def test_many_boxes_are_the_same_as_in_the_textbook() -> None:
    rng = np.random.default_rng(7)
    corner = rng.uniform(0, 60, (700, 2))
    boxes = np.hstack([corner, corner + rng.uniform(4, 20, (700, 2))]).astype(np.float32)
    classes = rng.integers(0, 3, 700)
    stay = suppress(boxes, classes, 0.3, 0.6).tolist()
    assert stay == greedy(boxes, classes, 0.3, 0.6)
    assert 128 < len(stay) < 600
