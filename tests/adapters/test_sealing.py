"""Sealed chunks: they come back as they were, and no change, move or cut of a byte goes unnoticed."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.adapters import sealing
from edge.adapters.sealing import (
    CHUNK_BYTES,
    KEY_BYTES,
    PREFIX_BYTES,
    TAG_BYTES,
    Opener,
    Sealer,
    derived,
    opened,
)
from edge.values.errors import FootageError
from tests.fakes.format_one import sealed

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


SAID = [b"one", b"two", b"three"]
PIECES = [text(size) for size in (5, CHUNK_BYTES, 100)]


def sealed_pieces(key: bytearray = KEY) -> list[bytes]:
    sealer = Sealer(key, PREFIX, b"header")
    return [sealer.chunk(piece, said, piece is PIECES[-1]) for piece, said in zip(PIECES, SAID, strict=True)]


def opened_pieces(
    chunks: list[bytes], said: list[bytes], ends: int = 2, bound: bytes = b"header"
) -> list[bytes]:
    opener = Opener(KEY, PREFIX, bound)
    return [
        opener.chunk(chunk, words, at == ends)
        for at, (chunk, words) in enumerate(zip(chunks, said, strict=True))
    ]


def test_pieces_of_any_size_are_opened_as_they_were_sealed() -> None:
    assert opened_pieces(sealed_pieces(), SAID) == PIECES


def test_a_piece_that_is_cut_off_moved_repeated_or_of_another_segment_does_not_open() -> None:
    one, two, three = sealed_pieces()
    other = sealed_pieces(bytearray(KEY_BYTES))[1]
    for chunks, said in (
        ([one, two], SAID[:2]),
        ([two, one, three], [SAID[1], SAID[0], SAID[2]]),
        ([one, one, three], [SAID[0], SAID[0], SAID[2]]),
        ([one, three], [SAID[0], SAID[2]]),
        ([one, other, three], SAID),
    ):
        with pytest.raises(FootageError, match="chunk"):
            opened_pieces(chunks, said, ends=len(chunks) - 1)


def test_what_is_said_about_a_piece_in_the_clear_is_bound_to_it() -> None:
    for said in ([b"One", *SAID[1:]], [*SAID[:2], b"end"]):
        with pytest.raises(FootageError, match="chunk"):
            opened_pieces(sealed_pieces(), said)
    with pytest.raises(FootageError, match="chunk 0"):
        opened_pieces(sealed_pieces(), SAID, bound=b"another header")


def test_after_the_last_piece_nothing_is_sealed_and_so_no_nonce_comes_twice() -> None:
    sealer = Sealer(KEY, PREFIX, b"header")
    sealer.chunk(b"one", b"", last=True)
    with pytest.raises(ValueError, match="after the last"):
        sealer.chunk(b"two", b"", last=False)


def test_mutant_without_the_mark_of_the_last_chunk_a_cut_goes_unnoticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "_nonce", lambda prefix, number, _: prefix + number.to_bytes(5, "big"))
    assert opened_pieces(sealed_pieces()[:2], SAID[:2], ends=1) == PIECES[:2]


def test_mutant_without_a_number_chunks_change_places_and_share_a_nonce(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "_nonce", lambda prefix, _, last: prefix + bytes([0, 0, 0, 0, last]))
    one, two, three = sealed_pieces()
    assert opened_pieces([two, one, three], [SAID[1], SAID[0], SAID[2]])[:2] == [PIECES[1], PIECES[0]]
    mixed = bytes(a ^ b for a, b in zip(one[:5], two, strict=False))
    assert mixed == bytes(a ^ b for a, b in zip(PIECES[0], PIECES[1], strict=False)), "one pad for two texts"


def test_keys_of_different_names_have_nothing_in_common() -> None:
    secret = bytearray(b"s" * 64)
    assert len({bytes(derived(secret, salt, info)) for salt in (b"", b"1") for info in (b"a", b"b")}) == 4
