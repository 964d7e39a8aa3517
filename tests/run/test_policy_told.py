"""What a box's births say of its policy, and when they are to be said again."""

from datetime import UTC, date, datetime

import pytest

from edge.run.policy_told import PolicyTold
from edge.run.term import Term
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.values.policy_term import PolicyStanding, PolicyTerm
from tests.fakes.policies import a_policy

EXPIRES = date(2027, 3, 1)


class Days:
    """A clock that goes by days."""

    def __init__(self, begin: datetime) -> None:
        self.at = Moment(0, int(begin.timestamp()) * NS_PER_S, ClockTrust.SYNCED)

    def now(self) -> Moment:
        return self.at

    def pass_by(self, days: float) -> None:
        self.at = self.at.plus(days * 86_400)


def test_a_birth_is_said_again_when_the_end_comes_near_and_not_each_day() -> None:
    days = Days(datetime(2027, 1, 29, 12, tzinfo=UTC))
    told = PolicyTold(a_policy(expires=EXPIRES), Term(days.now), over=False)
    assert told.tell() == PolicyTerm(3, EXPIRES, PolicyStanding.HOLDS)
    news = []
    for _ in range(20):
        days.pass_by(1)
        told.look()
        news.append(told.changed() and told.tell())
    assert [each for each in news if each] == [PolicyTerm(3, EXPIRES, PolicyStanding.ENDS_SOON)]
    assert news.index(PolicyTerm(3, EXPIRES, PolicyStanding.ENDS_SOON)) == 0


@pytest.mark.parametrize("over", [True, False])
def test_that_it_is_over_is_the_supervisors_word(over: bool) -> None:
    days = Days(datetime(2027, 3, 2, tzinfo=UTC))
    term = PolicyTold(a_policy(expires=EXPIRES), Term(days.now), over).tell()
    assert term is not None
    assert term.standing is (PolicyStanding.OVER if over else PolicyStanding.ENDS_SOON)


def test_of_the_built_in_policy_nothing_is_said() -> None:
    told = PolicyTold(None, Term(Days(datetime(2027, 3, 2, tzinfo=UTC)).now), over=False)
    told.look()
    assert (told.tell(), told.changed()) == (None, False)
