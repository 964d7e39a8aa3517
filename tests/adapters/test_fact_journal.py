"""A fusion's memory on disk: what was committed is there again, and nothing else."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.adapters.fact_journal import FactJournal, told
from edge.adapters.fact_lines import fact_of, line_of
from edge.fusion.facts import Fact
from edge.privacy.fusion_reports import fused
from edge.privacy.spec import Origin
from edge.values.errors import StorageError
from tests.fakes.fusing import DEAF, at, fusion, loud, reading, rule, seen, smoke, well

ORIGIN = Origin("north", "fusion-1")
FACTS = st.one_of(
    st.builds(reading, st.floats(0, 1e6), st.just("noise-1"), st.floats(-1e3, 1e3)),
    st.builds(seen, st.floats(0, 1e6), st.integers(0, 40), st.integers(0, 9), lasts=st.booleans()),
    st.builds(well, st.floats(0, 1e6), sees=st.booleans()),
)


@given(FACTS)
@settings(max_examples=50, deadline=None)
def test_a_fact_is_read_back_as_it_was_written(fact: Fact) -> None:
    assert fact_of(line_of(fact)) == fact


@given(st.lists(FACTS, max_size=20))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_fusion_goes_on_from_its_memory(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Fact]
) -> None:
    path = tmp_path_factory.mktemp("fusion") / "facts.db"
    first = fusion(rule(loud(), "noisy"), rule(smoke(), "smoky"))
    first.judge(at(-1))
    for fact in facts:
        first.hear(fact, DEAF)
    first.judge(at(1e5))
    journal = FactJournal(path)
    journal.commit(first.saved(), first.facts(), ())
    journal.compact(first.saved(), first.facts())
    journal.close()
    again = FactJournal(path)
    remembered = again.load()
    again.close()
    assert remembered is not None
    second = fusion(rule(loud(), "noisy"), rule(smoke(), "smoky"))
    second.restore(*remembered)
    assert second.saved() == first.saved()
    assert set(second.facts()) == set(first.facts())
    third = fusion(rule(loud(), "noisy"), rule(smoke(), "smoky"))
    third.restore(second.saved(), second.facts())
    assert len(third.facts()) == len(second.facts())  # memory does not grow from start to start
    assert second.judge(at(2e6)) == first.judge(at(2e6))


def test_messages_are_found_by_their_event_and_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    made = fusion(rule(loud()))
    made.judge(at(-1))
    for fact in (reading(1, "noise-1", 90.0), reading(5, "noise-1", 40.0)):
        made.hear(fact, DEAF)
    messages = [fused(ORIGIN, event) for event in made.judge(at(20))]
    journal = FactJournal(path)
    assert journal.load() is None
    for _ in range(2):  # as after a crash between the outbox and here
        journal.commit(made.saved(), (), messages)
    assert told(path, messages[0].event_id) == [message.body for message in messages]
    assert told(path, "another") == []
    journal.close()


def test_a_memory_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nothing\.db"):
        told(tmp_path / "nothing.db", "x")
    path = tmp_path / "facts.db"
    FactJournal(path).close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO standing VALUES (1, '{}')")
    with pytest.raises(StorageError, match="move it away to begin anew"):
        FactJournal(path).load()
