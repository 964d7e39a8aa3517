"""The contract of a monitoring centre's database, on SQLite and on a real PostgreSQL."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url, text

from edge.adapters.centre_store import CentreStore, engine_of
from edge.adapters.centre_views import CentreViews, Wanted
from edge.messages import examples
from edge.messages.arrival import Arrival, Unfit, understood
from edge.messages.channels import channels, sent
from edge.messages.event import EventMessage
from edge.privacy.spec import Origin
from edge.values.errors import StorageError
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.moment import Moment
from edge.values.policy_term import PolicyStanding, PolicyTerm
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.outbox import BOOT
from tests.fakes.postgres import Postgres
from tests.fakes.sayings import ORIGIN, event_id, real_gap, saying, vitals_of

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.process)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = engine_of(make_url(f"sqlite:///{tmp_path}/centre.db"))
    else:
        made = engine_of(make_url(request.getfixturevalue("postgres").url))
        with made.begin() as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> CentreStore:
    return CentreStore(engine)


def ask(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as db:
        return [tuple(row) for row in db.execute(text(query))]


def came(*sequences: int, boot: str = BOOT, origin: Origin = ORIGIN) -> list[Arrival | Unfit]:
    """An event for each sequence number."""
    messages = [(saying(event_id(0, n), origin=origin), n) for n in sequences]
    return [understood(message.topic, message.stamped(boot, n)) for message, n in messages]


def numbers(ranges: Sequence[tuple[int, int]]) -> tuple[Receipt, ...]:
    return (Receipt(BOOT, Spans(tuple(ranges))),)


def test_what_was_stored_can_be_receipted(store: CentreStore) -> None:
    assert store.commit(came(0, 1, 3), NOW).standings == {ORIGIN: numbers([(0, 1), (3, 3)])}
    assert store.commit(came(2), NOW).standings == {ORIGIN: numbers([(0, 3)])}


def test_what_comes_again_is_stored_once_and_receipted_again(store: CentreStore, engine: Engine) -> None:
    store.commit(came(0, 1, 1), NOW)
    again = store.commit(came(1, 0), NOW)
    assert (again.fresh, again.again) == (0, 2)
    assert again.standings == {ORIGIN: numbers([(0, 1)])}
    assert ask(engine, "SELECT count(*) FROM messages") == [(2,)]


def test_the_bytes_are_kept_as_they_came(store: CentreStore, engine: Engine) -> None:
    (arrival,) = came(5)
    store.commit([arrival], NOW)
    ((payload,),) = ask(engine, "SELECT payload FROM messages")
    assert bytes(payload) == arrival.payload  # type: ignore[call-overload]


def test_an_episode_is_its_latest_revision_whatever_the_order_and_all_revisions_are_kept(
    store: CentreStore, engine: Engine
) -> None:
    name = event_id(1, 1)
    revisions = [saying(name, 0, last=False), saying(name, 1, last=False), saying(name, 2)]
    arrivals = [understood(one.topic, one.stamped(BOOT, n)) for n, one in enumerate(revisions)]
    store.commit([arrivals[1]], NOW)
    store.commit([arrivals[2]], NOW)
    store.commit([arrivals[0]], NOW)
    assert ask(engine, "SELECT event_id, revision, phase, cause FROM episodes") == [
        (name, 2, "end", "cleared")
    ]
    assert ask(engine, "SELECT revision FROM messages ORDER BY revision") == [(0,), (1,), (2,)]


def test_what_was_told_as_lost_needs_no_receipt_any_more_and_is_listed(
    store: CentreStore, engine: Engine
) -> None:
    lost = GapRange(BOOT, 1, 4, 4, GapCause.SHED)
    told = real_gap(GapReport(Moment(0, 1_793_866_931_200_000_000), (lost,)))
    standing = store.commit([*came(0, 6), understood(told.topic, told.stamped(BOOT, 5))], NOW).standings
    assert standing == {ORIGIN: numbers([(0, 6)])}
    (gap,) = CentreViews(engine).gaps(Wanted())
    assert (gap["first"], gap["last"], gap["count"], gap["cause"]) == (1, 4, 4, "shed")


def test_a_range_that_does_not_say_which_are_lost_frees_none_of_them(store: CentreStore) -> None:
    folded = GapRange(BOOT, 1, 4, 2, GapCause.SHED)
    told = real_gap(GapReport(Moment(0, 1_793_866_931_200_000_000), (folded,)))
    standing = store.commit([*came(0, 2), understood(told.topic, told.stamped(BOOT, 5))], NOW).standings
    assert standing == {ORIGIN: numbers([(0, 0), (2, 2), (5, 5)])}


def test_a_hole_that_nobody_told_of_is_listed(store: CentreStore, engine: Engine) -> None:
    store.commit(came(0, 1, 4), NOW)
    (hole,) = CentreViews(engine).gaps(Wanted())
    assert (hole["first"], hole["last"], hole["cause"], hole["told"]) == (2, 3, "missing", None)


def test_a_birth_is_answered_with_what_is_there(store: CentreStore, engine: Engine) -> None:
    vitals = vitals_of(ORIGIN, BOOT)
    assert store.commit([understood(vitals.birth.topic, vitals.birth.body)], NOW).standings == {ORIGIN: ()}
    store.commit(came(0), NOW)
    answer = store.commit([understood(vitals.birth.topic, vitals.birth.body)], NOW)
    assert answer.standings == {ORIGIN: numbers([(0, 0)])}
    store.commit([understood(vitals.will.topic, vitals.will.body)], NOW)
    (node,) = CentreViews(engine).nodes(Wanted())
    assert (node["state"], node["boot"], node["cameras"]) == ("lost", BOOT, 1)
    store.commit([understood(vitals.birth.topic, vitals.birth.body)], NOW)  # an old birth, kept by a broker
    assert CentreViews(engine).states() == [("lost", 1)]
    store.commit([understood(vitals.farewell.topic, vitals.farewell.body)], NOW)  # held up by another broker
    assert CentreViews(engine).states() == [("stopped", 1)]
    later = vitals_of(ORIGIN, "boot-2", 1_793_866_999_000_000_000)
    store.commit([understood(later.birth.topic, later.birth.body)], NOW)
    assert CentreViews(engine).states() == [("online", 1)]


def test_a_boxs_policy_is_what_it_told_last(store: CentreStore, engine: Engine) -> None:
    def born(after_s: int, policy: PolicyTerm | None) -> None:
        birth = vitals_of(ORIGIN, BOOT, 1_793_866_931_000_000_000 + after_s * 10**9, policy).birth
        store.commit([understood(birth.topic, birth.body)], NOW)

    def told() -> tuple[Any, ...]:
        (node,) = CentreViews(engine).nodes(Wanted())
        return node["policy_version"], node["policy_expires"], node["policy_standing"]

    soon = PolicyTerm(7, date(2027, 3, 1), PolicyStanding.ENDS_SOON)
    store.commit(came(0), NOW)
    assert told() == (None, None, None)
    born(0, soon)
    assert told() == (7, "2027-03-01", "ends-soon")
    born(20, PolicyTerm(8, date(2028, 3, 1), PolicyStanding.HOLDS))
    born(10, soon)  # held up by another broker
    assert told() == (8, "2028-03-01", "holds")
    born(30, None)
    assert told() == (None, None, None)


def test_a_cameras_state_is_its_newest(store: CentreStore, engine: Engine) -> None:
    state = examples.camera()
    newer = understood(state.topic, state.stamped(BOOT, 8))
    older = understood(state.topic, state.stamped(BOOT, 7))
    store.commit([newer], NOW)
    store.commit([older], NOW)
    assert ask(engine, "SELECT camera, state, sequence FROM cameras") == [("plaza", "dead", 8)]
    store.commit([understood(state.topic, state.stamped("boot-2", 0))], NOW)
    store.commit([newer], NOW)
    assert ask(engine, "SELECT sequence FROM cameras") == [(0,)], "numbers begin anew with a run"


def test_bad_messages_are_set_aside_with_the_reason_and_bounded(
    store: CentreStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.centre_entry.QUARANTINED_ROWS", 3)
    bad = [understood(f"safecity/v1/r/n/gap/{n}", b"\0nonsense") for n in range(5)]
    assert store.commit([*bad, *came(0)], NOW).unfit == 5
    rows = CentreViews(engine).bad(Wanted())
    assert [row["topic"][-1] for row in rows] == ["4", "3", "2"]
    assert "JSON" in rows[0]["why"]
    assert ask(engine, "SELECT value FROM counters WHERE name = 'quarantined'") == [(5,)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"sequence":"00000000000000000005"', b'"sequence":"99999999999999999999"'),
        (b"2026-11-05T", b"2026-13-45T"),
        (b'"node":"n"', b'"node":"m"'),
        (b'"count":', b'"note":1,"count":'),
    ],
)
def test_what_looks_like_a_message_and_is_none_is_set_aside(
    store: CentreStore, engine: Engine, old: bytes, new: bytes
) -> None:
    (good,) = came(5)
    assert old in good.payload
    done = store.commit([understood(good.topic, good.payload.replace(old, new))], NOW)
    assert (done.fresh, done.unfit) == (0, 1)
    assert ask(engine, "SELECT count(*) FROM messages") == [(0,)]


def test_boxes_and_boots_are_kept_apart(store: CentreStore) -> None:
    other = Origin("r", "m")
    done = store.commit([*came(0), *came(0, origin=other), *came(1, boot="boot-2")], NOW)
    assert done.fresh == 3
    assert {each.boot for each in done.standings[ORIGIN]} == {BOOT, "boot-2"}
    assert len(done.standings[other]) == 1


def test_several_ingesters_store_everything_once_and_end_with_the_whole_truth(engine: Engine) -> None:
    """Each message comes to two of three ingesters, in batches that overlap."""
    boxes = [Origin("r", f"box-{n}") for n in range(4)]
    truths: list[dict[Origin, tuple[Receipt, ...]]] = [{}, {}, {}]
    failures: list[Exception] = []

    def ingest(which: int) -> None:
        own = CentreStore(engine)
        try:
            for start in range(0, 60, 6):
                batch = [
                    arrival
                    for box in (boxes if which % 2 else reversed(boxes))
                    for arrival in came(*range(start, start + 6), origin=box)
                    if int(arrival.message.sequence) % 3 != which  # type: ignore[union-attr]
                ]
                truths[which] |= own.commit(batch, NOW).standings
        except Exception as error:  # noqa: BLE001 (shown by the test)
            failures.append(error)

    CentreStore(engine).prepare()
    threads = [threading.Thread(target=ingest, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert ask(engine, "SELECT count(*) FROM messages") == [(240,)]
    whole = numbers([(0, 59)])
    assert CentreStore(engine).commit(
        [each for box in boxes for each in came(0, origin=box)], NOW
    ).standings == dict.fromkeys(boxes, whole)


@pytest.mark.process
def test_months_are_partitions_and_strange_times_are_kept_too(postgres: Postgres) -> None:
    engine = engine_of(make_url(postgres.url))
    with engine.begin() as db:
        db.execute(text("DROP SCHEMA public CASCADE"))
        db.execute(text("CREATE SCHEMA public"))
    store = CentreStore(engine)
    store.commit(came(0), NOW)
    (strange,) = came(1)
    store.commit([understood(strange.topic, strange.payload.replace(b"2026-11-05T", b"2037-01-05T"))], NOW)
    assert ask(engine, "SELECT count(*) FROM messages_2026_11") == [(1,)]
    assert ask(engine, "SELECT count(*) FROM messages_rest") == [(1,)]
    later = CentreStore(engine)
    later.commit(came(2), datetime(2036, 12, 1, tzinfo=UTC))  # its month cannot get a partition: it is tried
    assert ask(engine, "SELECT count(*) FROM messages") == [(3,)]
    engine.dispose()


def test_a_database_that_is_not_there_is_a_storage_error_without_its_password() -> None:
    away = CentreStore(engine_of(make_url("postgresql+pg8000://u:geheim@127.0.0.1:1/x")))
    with pytest.raises(StorageError) as failure:
        away.commit(came(0), NOW)
    assert "geheim" not in str(failure.value)


def test_whatever_a_box_may_say_is_stored_and_receipted(store: CentreStore) -> None:
    said = [example for channel in channels() if channel.to_centre for _, example in channel.examples]
    numbered = [one for one in said if "sequence" in sent(one)]
    came: list[Arrival | Unfit] = []
    for speaker in ("registan-01", "fusion-1"):
        own = [one for one in numbered if f"/{speaker}/" in one.topic]
        came += [understood(one.topic, one.stamped(BOOT, n)) for n, one in enumerate(own)]
    done = store.commit(came, NOW)
    assert (len(came), done.fresh, done.unfit) == (len(numbered), len(numbered), 0)
    for origin, (receipt,) in done.standings.items():
        own = [each for each in came if isinstance(each, Arrival) and each.origin == origin]
        assert receipt.numbers == Spans(((0, len(own) - 1),))


def test_an_event_of_several_sources_is_among_the_events(store: CentreStore, engine: Engine) -> None:
    made = examples.together()
    store.commit([understood(made.topic, made.stamped(BOOT, 0))], NOW)
    (event,) = CentreViews(engine).events(Wanted())
    assert (event["node"], event["kind"], event["place"]) == ("fusion-1", "fused", "smoke-in-a-crowd")
    assert (event["camera"], event["count"], event["severity"]) == ("smoke-1", 2, "severe")


def test_the_latest_street_of_a_camera_is_kept_whatever_the_order(store: CentreStore, engine: Engine) -> None:
    streets = [
        understood(topic, payload)
        for topic, payload in (
            (examples.street().topic, examples.street().stamped(BOOT, n)) for n in (4, 9, 7)
        )
    ]
    for each in streets:
        store.commit([each], NOW)
    ((payload,),) = ask(engine, "SELECT payload FROM backgrounds")
    assert bytes(payload) == streets[1].payload  # type: ignore[call-overload]
    (row,) = CentreViews(engine).streets(Wanted())
    assert (row["region"], row["node"], row["camera"]) == ("samarkand", "registan-01", "plaza")
    assert CentreViews(engine).streets(Wanted(region="bukhara")) == []


def test_what_the_database_refuses_is_set_aside_and_the_rest_is_stored(
    store: CentreStore, engine: Engine
) -> None:
    """Or one message would hold up all that come after it, for ever."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite refuses no length")
    whole = came(0, 1, 2)
    bad = whole[1]
    assert isinstance(bad, Arrival) and isinstance(bad.message, EventMessage)
    data = bad.message.data.model_copy(update={"camera": "c" * 41})
    whole[1] = replace(bad, message=bad.message.model_copy(update={"data": data}))
    done = store.commit(whole, NOW)
    assert (done.fresh, done.unfit) == (2, 1)
    ((why,),) = ask(engine, "SELECT why FROM quarantine")
    assert "too long" in str(why)


@pytest.mark.process
def test_as_many_statements_go_to_the_database_for_many_boxes_as_for_few(postgres: Postgres) -> None:
    """The driver waits for an answer to each: a statement for each row was most of what an ingester did."""
    engine = engine_of(make_url(postgres.url))
    with engine.begin() as db:
        db.execute(text("DROP SCHEMA public CASCADE"))
        db.execute(text("CREATE SCHEMA public"))
    store = CentreStore(engine)
    store.prepare()
    asked: list[int] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _count(*call: Any) -> None:
        rows, many = call[3], call[5]
        asked.append(len(rows) if many else 1)

    def statements(boxes: int) -> int:
        asked.clear()
        for first in (0, 1, 2, 3):
            store.commit(
                [each for n in range(boxes) for each in came(first, origin=Origin("r", f"{boxes}-{n}"))], NOW
            )
        return sum(asked)

    assert statements(40) == statements(2)
    engine.dispose()
