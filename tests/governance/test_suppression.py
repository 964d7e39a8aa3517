"""A withheld count does not come back, by any arithmetic that knows all that is shown and the algorithm."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.governance import suppression
from edge.governance.suppression import Table, for_the_public

NAMES = ("a", "b", "c", "d")


def hidden(least: int, rows: int, most: int) -> None:
    """The invariant, by trying all tables: a withheld count can be so many things that it is not told."""
    known: dict[Table, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=rows):
        known[for_the_public(dict(zip(NAMES, counts, strict=False)), least)].append(counts)
    checked = 0
    for table, tables in known.items():
        if sum(tables[0]) + least > most:
            continue  # tables beyond `most` would show the same
        for at, (_, count) in enumerate(table.rows):
            if count is None:
                checked += 1
                left = {counts[at] for counts in tables}
                assert len(left) >= max(2, least - 1), f"{table}: row {at} can only be {sorted(left)}"
    assert checked > 10


@pytest.mark.parametrize(
    ("least", "rows", "most"), [(2, 2, 24), (3, 2, 30), (3, 3, 24), (4, 3, 24), (3, 4, 16)]
)
def test_a_withheld_count_cannot_be_worked_out(least: int, rows: int, most: int) -> None:
    hidden(least, rows, most)


def test_without_a_second_count_withheld_it_can_and_the_check_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_small(counts: dict[str, int], least: int) -> frozenset[str]:
        return frozenset(name for name, count in counts.items() if count < least)

    monkeypatch.setattr(suppression, "_withheld", only_small)
    with pytest.raises(AssertionError, match="can only be"):
        hidden(3, 3, 24)


def test_hiding_the_smallest_of_the_others_gives_away_and_the_check_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another mutant: exactly one other is withheld, whatever its size."""

    def one_more(counts: dict[str, int], least: int) -> frozenset[str]:
        small = [name for name, count in counts.items() if count < least]
        others = sorted((count, name) for name, count in counts.items() if count >= least)
        return frozenset(small + [name for _, name in others[:1]] if small else [])

    monkeypatch.setattr(suppression, "_withheld", one_more)
    with pytest.raises(AssertionError, match="can only be"):
        hidden(3, 3, 24)


COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 60), min_size=1)


@given(counts=COUNTS, least=st.integers(1, 20))
def test_nothing_small_is_ever_shown_and_nothing_is_made_up(counts: dict[str, int], least: int) -> None:
    table, total = for_the_public(counts, least), sum(counts.values())
    assert [name for name, _ in table.rows] == list(counts)
    for name, count in table.rows:
        assert count in (None, counts[name])
        assert count is None or count >= least or total == 0 or least == 1
    assert table.total == (None if 0 < total < least else total)


def test_what_is_large_enough_is_shown_as_it_is() -> None:
    assert for_the_public({"a": 12, "b": 10}, 10) == Table((("a", 12), ("b", 10)), 22)
    assert for_the_public({"a": 0, "b": 0}, 10) == Table((("a", 0), ("b", 0)), 0)
    assert not for_the_public({"a": 3, "b": 0}, 1).withholds


def test_the_least_that_hides_is_withheld() -> None:
    table = for_the_public({"a": 40, "b": 3, "c": 50, "d": 60}, 10)
    assert table.rows == (("a", None), ("b", None), ("c", 50), ("d", 60))
    assert table.total == 153


def test_a_negative_count_is_named() -> None:
    with pytest.raises(ValueError, match="b: a count wants to be at least 0, got -1"):
        for_the_public({"a": 1, "b": -1}, 3)
