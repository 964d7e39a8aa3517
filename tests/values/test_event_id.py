"""Ids of events are UUIDs of version 8, made of the names alone."""

from hashlib import sha256
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from edge.values.event_id import event_id


@given(st.lists(st.text()))
def test_an_id_is_a_uuid_of_the_first_122_free_bits(names: list[str]) -> None:
    told = UUID(event_id(*names))
    assert (told.version, told.variant, str(told)) == (8, RFC_4122, event_id(*names))
    free = ~(0xF000 << 64 | 0xC000 << 48)
    assert told.int & free == int.from_bytes(sha256("\x1f".join(names).encode()).digest()[:16]) & free


def test_other_names_have_another_id() -> None:
    assert event_id("node", "camera", "1") != event_id("node", "camera", "2")
    assert event_id("node", "camera", "1") == event_id("node", "camera", "1")
