"""What a receipt, or none, means for messages that are out."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.run.publish_pace import Pace
from edge.run.publish_receipts import Patience, ReceiptDelivery
from edge.values.delivery import Judgement, Pending, Reply, Settlement, Verdict
from edge.values.receipt import Receipt
from edge.values.spans import Spans

BOOT = "boot-1"
PATIENCE = Patience(least=4, most=64, alarms=100, receipt_s=5.0, most_s=40.0, rejoin_s=2.0)
NOTHING = Settlement()


def pending(key: int) -> Pending:
    return Pending(key, "t", b"{}", False, None, 0, BOOT, key)


def sent(*keys: int) -> Reply:
    return Reply(tuple(Verdict(key, Judgement.SENT) for key in keys), 0.0)


def receipted(*keys: int) -> Reply:
    return Reply((), 0.0, (Receipt(BOOT, Spans.numbers(keys)),))


def delivery(patience: Patience = PATIENCE) -> ReceiptDelivery:
    made = ReceiptDelivery(Pace(), patience)
    made.connected(0.0)
    return made


def send(to: ReceiptDelivery, keys: Sequence[int], now_s: float) -> None:
    to.went_out([pending(key) for key in keys], now_s)
    assert to.judge(sent(*keys), now_s).sent == frozenset()


def test_what_the_broker_took_is_not_delivered_before_the_receipt() -> None:
    one = delivery()
    send(one, [0, 1], 0.0)
    assert one.judge(Reply((), 0.0), 4.0) == NOTHING
    settled = one.judge(receipted(0), 4.0)
    assert settled.receipts == (Receipt(BOOT, Spans(((0, 0),))),)
    assert (one.unreceipted, one.tally.received, one.tally.resent) == (1, 1, 0)


def test_what_goes_again_is_counted_and_what_overtakes_is_not() -> None:
    one = delivery()
    send(one, [100], 0.0)
    send(one, [0, 1], 0.0)
    assert one.tally.resent == 0
    one.judge(Reply((), 0.0), 5.5)
    send(one, [0, 1, 100, 101], 6.0)
    assert one.tally.resent == 3


def test_without_a_receipt_it_goes_again_later_and_later() -> None:
    one = delivery()
    at_s = 0.0
    for wait_s in (5.0, 10.0, 20.0, 40.0, 40.0):
        send(one, [0], at_s)
        assert one.judge(Reply((), 0.0), at_s + wait_s - 0.1) == NOTHING
        at_s += wait_s + 0.3
        assert one.judge(Reply((), 0.0), at_s) == Settlement(back=frozenset({0}))
    send(one, [0], at_s)
    one.judge(receipted(7), at_s + 1.0)  # the centre is back: it will have told by then what it has
    assert one.judge(Reply((), 0.0), at_s + 2.9) == NOTHING
    assert one.judge(Reply((), 0.0), at_s + 3.3) == Settlement(back=frozenset({0}))


def test_a_full_window_stops_the_backlog_and_never_live_alarms() -> None:
    one = delivery()
    assert not one.urgent_only
    send(one, [0, 1, 2, 3], 0.0)
    assert one.urgent_only
    assert one.room(0.0) > 0
    send(one, list(range(100, 196)), 0.0)
    assert one.room(0.0) == 0


def test_the_window_grows_with_receipts_and_halves_without() -> None:
    one = delivery()
    key = 0
    for size in (4, 8, 16, 32, 64, 64):
        assert window(one, key) == size
        key += size
        one.judge(receipted(*range(key)), 0.0)
    send(one, [key], 0.0)
    one.judge(Reply((), 0.0), 6.0)
    assert window(one, key + 1, 6.0) == 32


def window(one: ReceiptDelivery, key: int, now_s: float = 0.0) -> int:
    """How many go out until only alarms may."""
    first = key
    while not one.urgent_only:
        send(one, [key], now_s)
        key += 1
    return key - first


def test_a_new_connection_waits_for_what_the_centre_says_before_it_sends_again() -> None:
    one = delivery()
    send(one, [0, 1, 2], 0.0)
    one.went_out([pending(3)], 0.5)
    assert one.lost() == Settlement(back=frozenset({3}))
    one.connected(1.0)
    one.judge(receipted(0, 1), 1.5)
    assert one.judge(Reply((), 0.0), 2.9) == NOTHING
    assert one.judge(Reply((), 0.0), 3.2) == Settlement(back=frozenset({2}))


def test_a_new_connection_begins_with_the_least_window_and_puts_nothing_off() -> None:
    one = delivery()
    for key in range(20):
        send(one, [key], 0.0)
        one.judge(receipted(key), 0.0)
    send(one, [20], 0.0)
    one.lost()
    one.connected(4.0)
    assert one.judge(Reply((), 0.0), 5.2) == Settlement(back=frozenset({20})), "it was due at 5 s before"
    one.lost()
    one.connected(6.0)
    assert window(one, 21, 6.0) == PATIENCE.least


def test_a_receipt_that_overtakes_the_brokers_word_counts() -> None:
    one = delivery()
    one.went_out([pending(0)], 0.0)
    one.judge(receipted(0), 0.1)
    one.judge(sent(0), 0.2)
    assert one.unreceipted == 0
    assert one.judge(Reply((), 0.0), 100.0) == NOTHING


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 5)),
        st.tuples(st.just("sent"), st.integers(1, 9)),
        st.tuples(st.just("receipt"), st.integers(0, 40)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
        st.tuples(st.just("break"), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=200)
@given(STEPS)
def test_whatever_happens_each_message_is_out_or_back_or_receipted_and_never_two_of_them(
    steps: list[tuple[str, int]],
) -> None:
    one = delivery()
    now_s, following = 0.0, 0
    back: set[int] = set()
    out: set[int] = set()
    unjudged: list[int] = []
    gone: set[int] = set()

    def settle(settlement: Settlement) -> None:
        assert not settlement.sent
        numbers = {n for each in settlement.receipts for f, t in each.numbers for n in range(f, t + 1)}
        assert settlement.back <= out
        out.difference_update(settlement.back)
        back.update(settlement.back)
        gone.update(numbers)
        back.difference_update(numbers)
        out.difference_update(numbers - set(unjudged))

    for step, count in steps:
        now_s += 0.3
        match step:
            case "send":
                keys = sorted(back - gone)[:count] or list(range(following, following + count))
                following = max(following, keys[-1] + 1)
                back.difference_update(keys)
                out.update(keys)
                unjudged += keys
                one.went_out([pending(key) for key in keys], now_s)
            case "sent":
                judged, unjudged[:] = unjudged[:count], unjudged[count:]
                settle(one.judge(sent(*judged), now_s))
                out.difference_update(set(judged) & gone)
            case "receipt" if count < following:
                settle(one.judge(receipted(count), now_s))
            case "wait":
                now_s += count
                settle(one.judge(Reply((), 0.0), now_s))
            case "break":
                settlement = one.lost()
                assert settlement.back | settlement.denied | settlement.refused >= set(unjudged) - gone
                out.difference_update(unjudged)
                back.update(set(unjudged) - gone)
                unjudged.clear()
                one.connected(now_s)
        assert one.unreceipted + one.in_flight == len(out | set(unjudged))
