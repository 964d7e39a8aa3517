"""Sealed chunks: they come back as they were, and no change, move or cut of a byte goes unnoticed."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.adapters import sealing
from edge.adapters.sealing import CHUNK_BYTES, KEY_BYTES, PREFIX_BYTES, TAG_BYTES, derived, opened, sealed
from edge.values.errors import FootageError

KEY = bytearray(range(KEY_BYTES))
PREFIX = b"\7" * PREFIX_BYTES
STEP = CHUNK_BYTES + TAG_BYTES
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5)


def sealed_all(content: bytes, bound: bytes = b"header") -> bytes:
    return b"".join(sealed(memoryview(content), KEY, PREFIX, bound))


def opened_all(content: bytes, key: bytearray = KEY, bound: bytes = b"header") -> bytes:
    return b"".join(opened(memoryview(content), key, PREFIX, bound))


def text(size: int) -> bytes:
    return hashlib.shake_128(str(size).encode()).digest(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_is_opened(size: int) -> None:
    assert opened_all(sealed_all(text(size))) == text(size)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_it_can_be_read(size: int) -> None:
    closed = sealed_all(text(size))
    assert len(closed) == size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))
    assert size < 16 or text(size)[:16] not in closed


SEALED = sealed_all(text(SIZES[-1]))


@settings(max_examples=60)
@given(st.integers(0, len(SEALED) * 8 - 1))
def test_a_flipped_bit_is_noticed(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FootageError, match="chunk"):
        opened_all(bytes(changed))


@pytest.mark.parametrize("length", [0, TAG_BYTES, STEP, 2 * STEP, 3 * STEP, len(SEALED) - 1])
def test_a_cut_is_noticed_also_between_chunks(length: int) -> None:
    with pytest.raises(FootageError):
        opened_all(SEALED[:length])


def test_chunks_cannot_change_places_or_be_repeated() -> None:
    one, two, rest = SEALED[:STEP], SEALED[STEP : 2 * STEP], SEALED[2 * STEP :]
    for moved in (two + one + rest, one + one + rest, one + two + rest + rest):
        with pytest.raises(FootageError):
            opened_all(moved)


def test_another_key_or_another_header_opens_nothing() -> None:
    with pytest.raises(FootageError):
        opened_all(SEALED, key=bytearray(KEY_BYTES))
    with pytest.raises(FootageError):
        opened_all(SEALED, bound=b"another header")


def test_mutant_without_the_mark_of_the_last_chunk_a_cut_goes_unnoticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "_nonce", lambda prefix, number, _: prefix + number.to_bytes(5, "big"))
    unmarked = sealed_all(text(SIZES[-1]))
    assert opened_all(unmarked[: 2 * STEP]) == text(SIZES[-1])[: 2 * CHUNK_BYTES]


def test_keys_of_different_names_have_nothing_in_common() -> None:
    secret = bytearray(b"s" * 64)
    assert len({bytes(derived(secret, salt, info)) for salt in (b"", b"1") for info in (b"a", b"b")}) == 4
