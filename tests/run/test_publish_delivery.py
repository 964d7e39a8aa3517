"""What each verdict means: holding, waiting, resting, giving up, and what breaks connections."""

from edge.run.publish_delivery import Delivery
from edge.run.publish_pace import Pace
from edge.values.delivery import Judgement, Pending, Reply, Settlement, Verdict
from edge.values.lanes import FREE, Passage

PACE = Pace(grace_s=5.0, unheard_s=10.0, retry_s=0.5, settle_s=0.0, tries=3)


def pending(key: int, retain: bool = False, size: int = 2) -> Pending:
    return Pending(key, "t", b"{" + b" " * (size - 2) + b"}", retain, None, 0)


def of_camera(key: int) -> Pending:
    return Pending(key, "safecity/v1/r/n/event/c1/zone-entry", b"{}", False, None, 0)


def begun(*keys: int, at_s: float = 0.0) -> Delivery:
    delivery = Delivery(PACE)
    delivery.connected(at_s)
    delivery.went_out([pending(key) for key in keys], at_s)
    return delivery


def reply(*verdicts: tuple[int, Judgement], quiet_s: float = 0.0) -> Reply:
    return Reply(tuple(Verdict(key, judgement) for key, judgement in verdicts), quiet_s)


def test_a_row_goes_only_after_the_broker_was_heard_of_once_the_grace_is_over() -> None:
    delivery = begun(1)
    assert not delivery.judge(reply((1, Judgement.SENT)), 1.0)
    assert not delivery.judge(reply(quiet_s=5.0), 10.0)
    assert delivery.judge(reply(quiet_s=0.0), 10.0) == Settlement(sent=frozenset({1}))


def test_what_was_acknowledged_within_the_grace_goes_again_when_the_connection_breaks() -> None:
    delivery = begun(1, 2, 3)
    delivery.judge(reply((1, Judgement.SENT)), 1.0)
    delivery.judge(reply((2, Judgement.SENT)), 5.0)
    assert delivery.judge(reply(), 6.0) == Settlement(sent=frozenset({1}))
    assert delivery.lost() == Settlement(back=frozenset({2, 3}))


def test_an_orderly_end_settles_what_was_acknowledged() -> None:
    delivery = begun(1, 2)
    delivery.judge(reply((1, Judgement.SENT)), 1.0)
    assert delivery.left() == Settlement(sent=frozenset({1}), back=frozenset({2}))


def test_nothing_follows_until_the_first_word_on_a_lane() -> None:
    delivery = begun(1)
    assert delivery.room(0.0) == 0
    delivery.judge(reply((1, Judgement.SENT)), 0.1)
    assert delivery.room(0.1) == 20


def test_a_message_that_nobody_hears_waits_for_a_subscriber_and_then_counts_as_sent() -> None:
    delivery = begun(1)
    assert delivery.judge(reply((1, Judgement.UNHEARD)), 0.1) == Settlement(back=frozenset({1}))
    assert delivery.passage(0.2).resting == {"t"}
    assert delivery.passage(0.7) == Passage(frozenset())
    delivery.went_out([pending(1)], 10.0)
    assert not delivery.judge(reply((1, Judgement.UNHEARD)), 10.0)
    assert (delivery.tally.sent, delivery.tally.unheard) == (1, 1)
    assert delivery.passage(10.0) == FREE


def test_after_somebody_was_heard_a_topic_without_listeners_holds_up_nothing() -> None:
    delivery = begun(1)
    delivery.judge(reply((1, Judgement.SENT)), 0.1)
    delivery.went_out([pending(2)], 0.2)
    assert not delivery.judge(reply((2, Judgement.UNHEARD)), 0.3)
    assert delivery.tally.unheard == 1


def test_what_goes_again_is_counted_and_what_others_passed_is_not() -> None:
    delivery = begun(1)
    delivery.judge(reply((1, Judgement.UNHEARD)), 0.1)
    delivery.went_out([of_camera(7)], 0.1)
    delivery.judge(reply((7, Judgement.SENT)), 0.2)
    assert delivery.tally.resent == 0
    delivery.went_out([pending(1)], 0.6)
    delivery.judge(reply((1, Judgement.SENT)), 0.7)
    delivery.went_out([pending(2)], 0.8)
    assert delivery.tally.resent == 1


def test_a_busy_broker_is_given_ever_more_time_and_no_message_is_given_up() -> None:
    delivery, now_s, pauses = begun(), 0.0, []
    for _ in range(12):
        delivery.went_out([pending(1)], now_s)
        assert delivery.judge(reply((1, Judgement.BUSY)), now_s) == Settlement(back=frozenset({1}))
        began_s = now_s
        while not delivery.room(now_s):
            now_s += 0.5
        pauses.append(now_s - began_s)
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert pauses[-1] == 60.0


def test_a_message_refused_again_and_again_is_given_up() -> None:
    delivery = begun()
    for _ in range(2):
        delivery.went_out([pending(1)], 0.0)
        assert delivery.judge(reply((1, Judgement.REFUSED)), 0.0) == Settlement(back=frozenset({1}))
    delivery.went_out([pending(1)], 0.0)
    assert delivery.judge(reply((1, Judgement.REFUSED)), 0.0) == Settlement(refused=frozenset({1}))
    assert delivery.tally.given_up == 1


def break_on(delivery: Delivery, message: Pending, times: int) -> list[Settlement]:
    settlements = []
    for _ in range(times):
        delivery.connected(0.0)
        delivery.went_out([message], 0.0)
        settlements.append(delivery.lost())
    return settlements


def test_a_large_message_that_alone_breaks_every_connection_is_given_up() -> None:
    *before, last = break_on(Delivery(PACE), pending(1, size=20_000), 3)
    assert before == [Settlement(back=frozenset({1}))] * 2
    assert last == Settlement(refused=frozenset({1}))


def test_a_small_one_rests_instead_because_brokers_hang_up_on_what_they_forbid() -> None:
    *_, last = break_on(Delivery(PACE), pending(1), 3)
    assert last == Settlement(denied=frozenset({1}))


def test_any_verdict_clears_a_message_of_breaking_connections() -> None:
    delivery = Delivery(PACE)
    break_on(delivery, pending(1, size=20_000), 2)
    delivery.connected(0.0)
    delivery.went_out([pending(1, size=20_000)], 0.0)
    delivery.judge(reply((1, Judgement.UNHEARD)), 0.1)
    (last,) = break_on(delivery, pending(1, size=20_000), 1)
    assert last == Settlement(back=frozenset({1}))


def test_what_was_in_flight_when_two_connections_in_a_row_broke_goes_one_at_a_time() -> None:
    delivery = Delivery(PACE)
    for key in (1, 2):
        delivery.connected(0.0)
        delivery.went_out([pending(key)], 0.0)
        delivery.judge(reply((key, Judgement.SENT)), 0.0)
        assert delivery.room(0.0) == 20
        delivery.went_out([pending(8), pending(9)], 0.0)
        delivery.lost()
    delivery.connected(0.0)
    assert delivery.room(0.0) == 1
    delivery.went_out([pending(8)], 0.0)
    delivery.judge(reply((8, Judgement.SENT)), 0.0)
    assert delivery.room(0.0) == 1
    delivery.went_out([pending(9)], 0.0)
    delivery.judge(reply((9, Judgement.SENT)), 0.0)
    assert delivery.room(0.0) == 20


def test_a_suspect_that_is_never_seen_again_slows_nothing_down_for_ever() -> None:
    delivery = Delivery(PACE)
    for _ in range(2):
        delivery.connected(0.0)
        delivery.went_out([pending(8), of_camera(9)], 0.0)
        delivery.lost()
    delivery.connected(100.0)
    careful_s = PACE.unheard_s + PACE.answer_s
    assert delivery.room(100.0 + careful_s - 0.1) == 1
    assert delivery.room(100.0 + careful_s) == 20


def test_an_unanswered_message_makes_the_connection_overdue() -> None:
    delivery = begun(1)
    assert not delivery.overdue(20.0)
    assert delivery.overdue(20.1)
    assert not begun().overdue(1000.0)


def test_verdicts_on_messages_that_are_not_out_mean_nothing() -> None:
    assert not begun(1).judge(reply((9, Judgement.POISON)), 0.0)
