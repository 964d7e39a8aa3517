"""Places that cannot be drawn are refused with words that name them."""

import pytest

from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec, area_of

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (((0.1, 0.1), (0.9, 0.9)), "at least 3 vertices, got 2"),
        (((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)), "in the order in which you would walk"),
        (((0.2, 0.2), (0.5, 0.5), (0.8, 0.8)), "got 3 on one straight line"),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.5)), "do not cross"),
        (((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.5, 0.1)), "do not cross"),
        (((0.1, 0.1), (0.1, 0.1), (0.9, 0.1), (0.5, 0.5)), "apart from each other"),
        (((0.1, 0.1), (0.105, 0.1), (0.105, 0.105)), "area of at least 0.0001"),
        (((0.1, 0.1), (1.2, 0.1), (0.5, 0.5)), "unit square, got (1.2, 0.1)"),
        (((0.1, 0.1), (float("nan"), 0.1), (0.5, 0.5)), "unit square"),
    ],
    ids=["two", "bow tie", "straight", "folded", "touches itself", "doubled", "tiny", "outside", "nan"],
)
def test_a_zone_that_is_no_area_is_refused(polygon: tuple[tuple[float, float], ...], words: str) -> None:
    with pytest.raises(ValueError, match="zone 'yard' wants") as refusal:
        ZoneSpec("yard", polygon)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((0.1, 0.1),), "at least 2 points, got 1"),
        (((0.1, 0.1), (0.105, 0.1)), "apart from each other"),
        (((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)), "do not cross"),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.1)), "do not cross"),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.1)), "do not cross"),
        (((0.1, -0.1), (0.9, 0.1)), "unit square, got (0.1, -0.1)"),
    ],
    ids=["one", "tiny", "crossing", "folded", "closed", "outside"],
)
def test_a_line_that_has_no_sides_is_refused(points: tuple[tuple[float, float], ...], words: str) -> None:
    with pytest.raises(ValueError, match="line 'gate' wants") as refusal:
        LineSpec("gate", points)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"zones": (ZoneSpec("a", SQUARE), ZoneSpec("a", SQUARE))}, "'a' twice"),
        ({"zones": (ZoneSpec("a", SQUARE),), "lines": (LineSpec("a", SQUARE[:2]),)}, "'a' twice"),
        ({"zones": (ZoneSpec("a", SQUARE, frozenset({"persn"})),)}, "'a' wants classes"),
        ({"masks": (SQUARE[:2],)}, "mask 0 wants at least 3"),
        ({"margin": -0.1}, "margin"),
        ({"line_margin": 0.6}, "line_margin"),
        ({"lost_grace_s": float("nan")}, "lost_grace_s"),
    ],
)
def test_a_scene_that_contradicts_itself_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SceneSpec(("person",), **settings)


def test_a_bent_zone_and_a_bent_line_are_fine() -> None:
    hook = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.7, 0.9), (0.7, 0.3), (0.1, 0.3))
    assert ZoneSpec("hook", hook).polygon == hook
    assert LineSpec("bent", hook).points == hook
    assert area_of(hook) == pytest.approx(0.28)
