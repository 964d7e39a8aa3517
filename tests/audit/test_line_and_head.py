"""An entry has one writing, and a head is a signed note that other tools can read."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.audit import head as heads
from edge.audit import line as lines
from edge.audit.head import Head
from edge.audit.line import Logged
from edge.values.audit import Action, AuditEntry
from edge.values.moment import ClockTrust, Moment
from tests.fakes.policies import FakeKeys

WORD = st.text(
    st.characters(categories=("L", "N", "P"), include_characters=" "), min_size=1, max_size=40
).filter(str.isprintable)
ENTRIES = st.builds(
    AuditEntry,
    st.builds(
        Moment,
        st.integers(0, 2**50).map(lambda us: us * 1000),
        st.integers(0, 2**62),
        st.sampled_from(ClockTrust),
    ),
    WORD,
    st.sampled_from(Action),
    WORD,
    WORD,
    WORD,
)
ENTRY = AuditEntry(
    Moment(1_000, 1_800_000_000_123_456_789, ClockTrust.SYNCED), "box", Action.STARTED, "north/a"
)


@given(ENTRIES, st.integers(0, 10**9))
def test_an_entry_comes_back_from_its_line(entry: AuditEntry, index: int) -> None:
    logged = Logged(index, "a" * 64, entry)
    raw = lines.write(logged)
    assert raw.isascii()
    assert b"\n" not in raw
    assert lines.read(raw) == logged
    assert raw.startswith(lines.begins(entry.action))


def test_a_line_looks_like_this() -> None:
    assert lines.write(Logged(0, lines.NOTHING, ENTRY)).decode() == (
        '{"action":"started","actor":"box","case":"","clock":"synced","index":0,"mono_us":1,'
        f'"previous":"{"0" * 64}","subject":"north/a","utc":"2027-01-15T08:00:00.123456789Z","words":""}}'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1},
        {"index": True},
        {"index": "0"},
        {"mono_us": 1.0},
        {"action": "eaten"},
        {"actor": ""},
        {"actor": None},
        {"clock": "believed"},
        {"utc": "2027-01-15T08:00:00Z"},
        {"utc": "2027-13-15T08:00:00.000000000Z"},
        {"previous": "x"},
        {"words": "two\nlines"},
        {"more": "x"},
    ],
)
def test_what_no_entry_says_is_no_line(change: dict[str, object]) -> None:
    said = json.loads(lines.write(Logged(0, lines.NOTHING, ENTRY))) | change
    with pytest.raises(ValueError):
        lines.read(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"action"', b"null", b"[" * 3000])
def test_other_bytes_are_no_line(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"no JSON|not the keys"):
        lines.read(raw)


def test_another_layout_of_the_same_is_no_line() -> None:
    raw = lines.write(Logged(0, lines.NOTHING, ENTRY))
    with pytest.raises(ValueError, match="not written as"):
        lines.read(json.dumps(json.loads(raw)).encode())


def test_a_head_is_a_note_that_comes_back() -> None:
    keys = FakeKeys("box")
    signed = heads.signed(Head("safecity/north/box-1", 7, b"\x01" * 32), keys)
    text, _, signature = signed.note().decode().partition("\n\n")
    assert text == f"safecity/north/box-1\n7\n{base64.b64encode(bytes([1] * 32)).decode()}"
    assert signature.startswith("\u2014 safecity/north/box-1 ")
    assert heads.parse(signed.note()) == signed
    assert heads.parse_all(signed.note() * 3) == (signed,) * 3
    assert signed.is_signed_by(keys.key, keys)
    assert not signed.is_signed_by(FakeKeys("other").key, keys)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"7", b"8"), (b"7", b"07"), (b"7", b"-7"), (b"-1\n7", b"-2\n7"), (b"\n\n", b"\n"), (b"\xe2", b"x")],
)
def test_a_changed_head_is_none_or_not_signed(old: bytes, new: bytes) -> None:
    keys = FakeKeys("box")
    note = heads.signed(Head("safecity/north/box-1", 7, b"\x01" * 32), keys).note().replace(old, new, 1)
    try:
        assert not heads.parse(note).is_signed_by(keys.key, keys)
    except ValueError as failure:
        assert "a head wants" in str(failure)


def test_a_verifier_key_comes_back_and_a_mistyped_one_does_not() -> None:
    text = heads.verifier_key("safecity/north/box-1", b"k" * 32)
    assert heads.parse_key(text) == ("safecity/north/box-1", b"k" * 32)
    for wrong in (text + "=", text[:-4] + "AAA=", text.replace("north", "south"), "", "a+b", "a+b+c"):
        with pytest.raises(ValueError, match="a verifier key wants"):
            heads.parse_key(wrong)


def test_the_key_id_is_that_of_signed_note() -> None:
    """The example key of golang.org/x/mod/sumdb/note, whose hash is in its name."""
    name, key = heads.parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (name, len(key)) == ("PeterNeumann", 32)
