import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.values.spans import Spans

SETS = st.sets(st.integers(0, 60))
RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda at: (at[0], at[0] + at[1])))


def listed(spans: Spans) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


@given(SETS)
def test_it_holds_exactly_the_numbers_it_was_given(numbers: set[int]) -> None:
    spans = Spans.numbers(numbers)
    assert listed(spans) == numbers
    assert [number for number in range(70) if number in spans] == sorted(numbers)
    assert spans.count == len(numbers)
    assert bool(spans) is bool(numbers)


@given(RANGES)
def test_ranges_in_any_order_become_few_that_do_not_touch(ranges: list[tuple[int, int]]) -> None:
    spans = Spans.of(ranges)
    assert listed(spans) == {n for first, last in ranges for n in range(first, last + 1)}
    assert Spans.of(reversed(spans.ranges)) == spans == Spans(spans.ranges)


@given(SETS, SETS)
def test_the_union_holds_what_either_holds(one: set[int], other: set[int]) -> None:
    assert listed(Spans.numbers(one) | Spans.numbers(other)) == one | other


@given(SETS)
def test_holes_and_numbers_together_are_everything_below_the_highest(numbers: set[int]) -> None:
    spans = Spans.numbers(numbers)
    everything = set(range(max(numbers) + 1)) if numbers else set()
    assert listed(spans.holes()) == everything - numbers
    assert spans.upto == min(set(range(62)) - numbers)


@given(SETS, st.integers(0, 62))
def test_the_range_around_a_number_is_as_long_as_it_can_be(numbers: set[int], number: int) -> None:
    around = Spans.numbers(numbers).around(number)
    if number not in numbers:
        assert around is None
    else:
        assert around is not None
        first, last = around
        assert first <= number <= last
        assert set(range(first, last + 1)) <= numbers
        assert not {first - 1, last + 1} & numbers


@given(SETS, st.integers(0, 60), st.integers(0, 60))
def test_a_cut_holds_what_lies_in_it(numbers: set[int], one: int, other: int) -> None:
    first, last = sorted((one, other))
    assert listed(Spans.numbers(numbers).within(first, last)) == {n for n in numbers if first <= n <= last}


@pytest.mark.parametrize("ranges", [((3, 2),), ((-1, 2),), ((0, 2), (3, 4)), ((5, 6), (1, 2))])
def test_ranges_that_are_no_set_are_refused(ranges: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match=r"wants? "):
        Spans(ranges)
