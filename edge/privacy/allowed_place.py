"""What may leave about a place: where how many were, and its picture without its people.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.allowed_common import CLOCK, UNIT, UTC, WHO, words
from edge.privacy.png import MOST_SIDE
from edge.privacy.shapes import Items, Picture, Real, Record, Stepped, Text, Whole
from edge.privacy.spec import NAME, SHA256
from edge.values.heat import STEP_MPS, TURN_DEG

MAX_HEAT_CELLS = 1000

_COLUMN = Whole(0, 1_000_000)
_PEOPLE = Whole(0, 1_000_000)
HEAT = Record(
    {
        **WHO,
        **CLOCK,
        "camera": Text(NAME),
        "place": Record({"kind": words("zone"), "id": Text(NAME)}),
        "from": Text(UTC),
        "until": Text(UTC),
        "corner": Record({"x_m": Real(-1e7, 1e7), "y_m": Real(-1e7, 1e7)}),
        "cell_m": Real(0.0, 1000.0),
        "least": Whole(1, 1000),
        "watched": UNIT,
        "cells": Items(
            Record(
                {"x": _COLUMN, "y": _COLUMN, "people": _PEOPLE},
                {
                    "at_once": _PEOPLE,
                    "toward_deg": Stepped(TURN_DEG, 360 - TURN_DEG),
                    "mps": Stepped(STEP_MPS, 12.0),
                },
            ),
            0,
            MAX_HEAT_CELLS,
        ),
    },
    {"noise": Record({"epsilon": Real(0.0, 100.0), "cells_each": Whole(1, 1000)})},
)

MAX_PICTURE_BYTES = 24 << 10
"""The picture of a street as it travels; in base64 it is half a message of the outbox's usual limit."""

_SIDE = Whole(1, MOST_SIDE)
STREET = Record(
    {
        **WHO,
        **CLOCK,
        "camera": Text(NAME),
        "from": Text(UTC),
        "until": Text(UTC),
        "width": _SIDE,
        "height": _SIDE,
        "px_per_m": Real(0.0, 10_000.0),
        "hidden": UNIT,
        "png": Picture(MAX_PICTURE_BYTES),
        "policy": Record({"sha256": Text(SHA256), "max_px_per_m": Whole(0, 10_000)}),
    }
)
