"""What the recorder believes of holds and of the disk where nobody can say."""

from pathlib import Path

import pytest

from edge.adapters.footage_room import FootageRoom
from edge.run.wiring import recording
from edge.values.errors import StorageError
from edge.values.hold import Hold, HoldOrigin
from tests.fakes.vaults import moment, stretch


@pytest.fixture
def room(tmp_path: Path) -> FootageRoom:
    return FootageRoom(tmp_path / "footage")


def test_what_a_hold_covers_is_held_and_nothing_else(room: FootageRoom) -> None:
    held = recording._held(room)
    assert not held(stretch())
    hold = Hold(
        "0123456789ab", HoldOrigin.AUTHORITY, "A-17", "City court", "2026-06-01", ("plaza",),
        moment(0).utc_ns, moment(30).utc_ns, moment(0), "officer", None,
    )  # fmt: skip
    room.holdings.place(hold)
    assert held(stretch())
    assert not held(stretch(40))
    assert not held(stretch(camera="gate"))


def test_where_nobody_can_say_what_is_held_everything_is(
    room: FootageRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> list[Hold]:
        raise StorageError("the row of a hold is damaged")

    monkeypatch.setattr(room.holdings, "holds", damaged)
    assert recording._held(room)(stretch())
