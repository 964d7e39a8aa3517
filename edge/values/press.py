"""A press of a panic button, by whatever way it came."""

import re
from dataclasses import dataclass

from edge.values import json_text
from edge.values.footage_state import Trigger
from edge.values.hold import HOLD_ID

CAMERA = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MOST_CAMERAS = 64


@dataclass(frozen=True, slots=True)
class Press:
    """One press.

    Attributes:
        id: 12 hexadecimal digits; the alarm and its hold are called so.
        trigger: how it came.
        cameras: ids; none means all.
        by: who or what pressed.
        utc_ns: when, ns since the Unix epoch.
    """

    id: str
    trigger: Trigger
    cameras: tuple[str, ...]
    by: str
    utc_ns: int

    def __post_init__(self) -> None:
        if HOLD_ID.fullmatch(self.id) is None or not 0 < len(self.by) <= 80 or self.utc_ns < 0:
            raise ValueError(f"a press wants an id, somebody who pressed and a time, got {self.id!r}")
        wrong = [name for name in self.cameras if CAMERA.fullmatch(name) is None]
        if wrong or len(self.cameras) > MOST_CAMERAS:
            raise ValueError(f"a press wants at most {MOST_CAMERAS} ids of cameras, got {self.cameras!r}")


def cameras_in(request: bytes) -> tuple[str, ...]:
    """The cameras that a request names, `{"cameras": ["plaza"]}`; none, or nothing at all, means all.

    Raises:
        ValueError: it is of another form.
    """
    told = json_text.read(request or b"{}")
    named = told.get("cameras", []) if isinstance(told, dict) and not told.keys() - {"cameras"} else None
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise ValueError('wanted {"cameras": [ids]}, {} or nothing')
    return tuple(named)
