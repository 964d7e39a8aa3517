import pytest

from edge.privacy import Pseudonyms
from edge.values.moment import Moment
from tests.fakes.privacy import SEED, START


def names(seed: bytes = SEED, camera: str = "plaza", period_s: float = 60.0) -> Pseudonyms:
    return Pseudonyms(seed, camera, period_s)


def test_a_track_keeps_its_name_within_a_period_and_another_track_has_another():
    given = names()
    first = given.name(7, START)
    assert given.name(7, START.plus(59.9)) == first
    assert given.name(8, START.plus(59.9)) != first


def test_names_are_eight_letters_and_digits():
    assert all(len(names().name(track, START)) == 8 for track in (0, 1, -1, 2**63 - 1))
    assert names().name(7, START).isalnum()


def test_every_name_is_new_in_the_next_period():
    given = names()
    before = {given.name(track, START) for track in range(200)}
    after = {given.name(track, START.plus(60)) for track in range(200)}
    assert len(before) == len(after) == 200
    assert not before & after


def test_periods_without_a_question_turn_the_key_as_well():
    asked, silent = names(), names()
    for step in range(5):
        asked.name(1, START.plus(60.0 * step))
    silent.name(1, START)
    assert asked.name(1, START.plus(300)) == silent.name(1, START.plus(300))


def test_an_old_key_is_gone_so_that_an_old_name_cannot_be_made_again():
    given = names()
    old = given.name(7, START)
    present = given.name(7, START.plus(61))
    assert given.name(7, START) == present != old


def test_no_state_of_the_object_holds_an_old_key():
    given = names()
    given.name(7, START)
    old_key = given._key
    given.name(7, START.plus(60))
    assert all(old_key not in (value, repr(value)) for value in vars(given).values())
    assert old_key.hex() not in repr(given)


def test_cameras_and_runs_cannot_be_linked_and_a_replay_is_the_same():
    mine = names().name(7, START)
    assert names(camera="street").name(7, START) != mine
    assert names(seed=b"another run's random seed bytes.").name(7, START) != mine
    assert names().name(7, START) == mine


def test_periods_follow_the_monotonic_clock_not_the_wall():
    given = names()
    first = given.name(7, START)
    stepped = Moment(START.mono_ns + 1, START.utc_ns + 10**15)
    assert given.name(7, stepped) == first


def test_a_weak_seed_and_an_empty_period_are_refused():
    with pytest.raises(ValueError, match="16 bytes or more, got 4"):
        Pseudonyms(b"weak", "plaza", 60.0)
    with pytest.raises(ValueError, match="more than 0 s, got 0"):
        names(period_s=0)
