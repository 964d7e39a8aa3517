"""JSON from outside, as plain data.

Law: it is read, or refused with `ValueError`, however deep it is nested. Python's reader calls itself for
each bracket, and a kilobyte of them ends in a `RecursionError` that nobody would think of.
"""

import json
from typing import Any


def read(text: str | bytes) -> Any:
    """What the text says.

    Raises:
        ValueError: it is no JSON, no UTF-8, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
