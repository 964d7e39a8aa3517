"""Bytes have one text."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.values import base64_text

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@given(st.binary(max_size=80))
def test_what_was_written_is_read_and_no_other_text_says_the_same(raw: bytes) -> None:
    text = base64.b64encode(raw).decode()
    assert base64_text.read(text) == base64_text.read(text.encode()) == raw
    last = len(text.rstrip("=")) - 1
    for other in ALPHABET if raw else "":
        changed = text[:last] + other + text[last + 1 :]
        try:
            assert (base64_text.read(changed) == raw) is (changed == text)
        except ValueError:
            assert changed != text


@pytest.mark.parametrize("text", ["QQ", "QR==", "Q Q=", "Q\n==", "QQ===", "é", "AQABf=="])
def test_what_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|padding|Excess|Only|discontinuous"):
        base64_text.read(text)
