"""Waits double up to a bound, are jittered, and begin anew after success."""

import random

from edge.run.backoff import Backoff


def test_waits_double_to_the_bound_and_never_stop() -> None:
    backoff = Backoff(random.Random(1))
    waits = [backoff.next_s() for _ in range(200)]
    for wait, full in zip(waits, [min(60.0, 2.0**n) for n in range(200)], strict=True):
        assert full / 2 <= wait <= full
    assert len(set(waits[10:])) > 100


def test_success_begins_anew() -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(10):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 1.0
