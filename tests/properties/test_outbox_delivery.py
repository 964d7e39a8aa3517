"""Whatever a broker answers, and whenever it goes: each message that went out is settled exactly once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.run.publish_delivery import Delivery
from edge.run.publish_pace import Pace
from edge.values.delivery import Judgement, Pending, Reply, Settlement, Verdict

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 25)),
        st.tuples(st.just("judge"), st.lists(st.sampled_from(list(Judgement)), min_size=1, max_size=10)),
        st.tuples(st.just("lose"), st.none()),
        st.tuples(st.just("leave"), st.none()),
        st.tuples(st.just("wait"), st.floats(0.0, 20.0)),
    ),
    max_size=40,
)


def pending(key: int) -> Pending:
    return Pending(key, f"t/{key % 3}", b"{}", key % 5 == 0, None, 0)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_each_message_is_settled_exactly_once_and_the_window_is_kept(steps: list[tuple[str, object]]) -> None:
    delivery, now_s, key = Delivery(Pace()), 0.0, 0
    out: set[int] = set()
    unjudged: list[int] = []
    delivery.connected(now_s)

    def settled(settlement: Settlement) -> None:
        parts = (settlement.sent, settlement.refused, settlement.denied, settlement.back)
        everything = [one for part in parts for one in part]
        assert len(everything) == len(set(everything))
        assert set(everything) <= out
        out.difference_update(everything)

    for step, argument in steps:
        if step == "send":
            fresh = list(range(key, key + min(delivery.room(now_s), int(str(argument)))))
            key += len(fresh)
            out.update(fresh)
            unjudged += fresh
            delivery.went_out([pending(one) for one in fresh], now_s)
            assert len(unjudged) <= 20
        elif step == "judge" and isinstance(argument, list):
            judged, unjudged = unjudged[: len(argument)], unjudged[len(argument) :]
            verdicts = tuple(Verdict(one, what) for one, what in zip(judged, argument, strict=False))
            settled(delivery.judge(Reply(verdicts, 0.0), now_s))
        elif step == "wait":
            now_s += float(str(argument))
        else:
            settled(delivery.lost() if step == "lose" else delivery.left())
            unjudged.clear()
            assert not out
            assert delivery.idle
            delivery.connected(now_s)
    settled(delivery.lost())
    assert not out
