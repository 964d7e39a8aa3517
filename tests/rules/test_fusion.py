"""Which of boxes and density map counts, and within which interval."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.density import Level, crowd
from edge.rules.fusion import Blend, Estimate, by_boxes, by_map, fused
from edge.values.crowd import UNMEASURED, Basis, DensityTable, Floor, Heads, Mapped, MapSource

FLOOR = Floor(20.0, 1.0)
SOURCE = MapSource("crowd", "ab" * 32, 0.3)
PEOPLE = st.floats(0, 500)
ERROR = st.floats(0.05, 0.9)


def of(boxes: float, told: float, error: float = 0.3) -> tuple[Estimate, Basis]:
    mapped = Mapped(told, 1.0, MapSource("crowd", "ab" * 32, error))
    return fused(by_boxes(Heads(boxes, 0.2), FLOOR, 0.25), by_map(mapped, FLOOR), Blend())


def test_where_people_stand_loosely_the_boxes_count_alone() -> None:
    alone = by_boxes(Heads(6, 0.2), FLOOR, 0.25)
    assert of(6, 9) == (alone, Basis.BOXES)
    assert of(6, 0) == (alone, Basis.BOXES)


def test_where_they_stand_densely_the_map_counts_alone() -> None:
    found, basis = of(11, 60)
    assert basis is Basis.MAP
    assert found.best == pytest.approx(3.0)
    assert found.low == pytest.approx(3.0 * (1 - 0.311), abs=0.01)
    assert found.high == pytest.approx(3.0 * (1 + 0.311), abs=0.01)


def test_between_them_both_count_and_the_interval_holds_what_both_allow() -> None:
    boxes, told = by_boxes(Heads(8, 0.2), FLOOR, 0.25), by_map(Mapped(15, 0.0, SOURCE), FLOOR)
    found, basis = of(8, 15)
    assert basis is Basis.BOTH
    assert found.best == pytest.approx(0.4 + 0.5 * 0.35)
    assert (found.low, found.high) == (boxes.low, max(boxes.high, told.high))


def test_who_is_seen_is_there_whatever_the_map_says() -> None:
    found, basis = of(40, 3)
    assert basis is Basis.MAP and found.best == pytest.approx(2.0)


@given(PEOPLE, PEOPLE, st.booleans())
def test_a_map_that_nobody_measured_takes_nothing_from_what_the_boxes_leave_open(
    boxes, told, countless
) -> None:
    alone = replace(by_boxes(Heads(boxes, 0.2), FLOOR, 0.25), countless=countless)
    mapped = Mapped(told, 1.0, MapSource("crowd", "ab" * 32, UNMEASURED))
    found, _ = fused(alone, by_map(mapped, FLOOR), Blend())
    assert found.low <= alone.low and alone.high <= found.high
    assert found.countless is countless
    assert found.low <= found.best + 1e-9 and found.best <= found.high + 1e-9


def test_a_map_that_was_measured_counts_a_crowd_that_boxes_cannot_take_apart() -> None:
    alone = replace(by_boxes(Heads(2, 0.2), FLOOR, 0.25), countless=True)
    for error, known in ((0.3, True), (UNMEASURED, False)):
        found, basis = fused(
            alone, by_map(Mapped(60, 1.0, MapSource("crowd", "ab" * 32, error)), FLOOR), Blend()
        )
        assert (basis, found.countless) == (Basis.MAP, not known)
        assert found.best == pytest.approx(3.0)


def test_without_a_map_nothing_changes() -> None:
    boxes = by_boxes(Heads(40, 0.2), FLOOR, 0.25)
    assert fused(boxes, None, Blend()) == (boxes, Basis.BOXES)


@given(PEOPLE, PEOPLE, ERROR)
def test_the_best_estimate_lies_in_its_interval_and_is_never_below_the_boxes(boxes, told, error) -> None:
    found, _ = of(boxes, told, error)
    assert 0 <= found.low <= found.best + 1e-9 and found.best <= found.high + 1e-9
    assert found.best >= boxes / FLOOR.m2 - 1e-9


@given(PEOPLE, PEOPLE)
def test_one_more_person_on_the_map_never_lowers_the_estimate_nor_makes_it_jump(boxes, told) -> None:
    (one, _), (other, _) = of(boxes, told), of(boxes, told + 0.01)
    assert one.best <= other.best + 1e-9
    assert (
        other.best - one.best <= 0.01 / FLOOR.m2 + 0.01 / FLOOR.m2 / 0.5 * max(told, boxes) / FLOOR.m2 + 1e-6
    )


@pytest.mark.parametrize(("sparse", "dense"), [(1.0, 1.0), (2.0, 1.0), (-0.1, 1.0)])
def test_a_blend_wants_its_thresholds_in_order(sparse: float, dense: float) -> None:
    with pytest.raises(ValueError, match="sparse_below < dense_from"):
        Blend(sparse, dense)


def test_a_crowd_says_what_it_was_counted_by_and_what_the_map_told() -> None:
    level, mapped = Level(DensityTable.STANDING), Mapped(120, 4.0, SOURCE)
    found = crowd(Heads(12, 0.5), FLOOR, 0.25, level, mapped)
    assert (found.basis, found.mapped, found.level) == (Basis.MAP, mapped, "pressed")
    sparse = crowd(Heads(2, 0.5), FLOOR, 0.25, Level(DensityTable.STANDING), Mapped(3, 4.0, SOURCE))
    assert (sparse.basis, sparse.per_m2) == (Basis.BOXES, 0.1)
    assert sparse.mapped is not None
