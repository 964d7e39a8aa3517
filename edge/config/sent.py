"""Streams that are sent to a port of this box: MPEG-TS over UDP, as aircraft and encoders send it.

Law: such a stream comes to one reader. Whoever opens a port that another has open takes its pictures away.
"""

import re

_SENT = re.compile(r"^udp://(?P<host>@?(?:[\w.-]*|\[[0-9a-fA-F:.]+\])):(?P<port>\d{1,5})(?:\?\S*)?$")
_ANY = frozenset({"0.0.0.0", "[::]"})  # noqa: S104
WANTED = (
    "udp://@:PORT for what is sent to this box, or udp://@GROUP:PORT for a multicast group, and after that "
    "?sources=ADDRESS for one sender alone, or ?localaddr=ADDRESS for one network"
)


def door(url: str) -> str | None:
    """Where a stream comes in, such as `239.1.1.1:5000` or `:5000`; None where the box fetches it.

    Raises:
        ValueError: it names no port; the text says what was wanted.
    """
    if not url.lower().startswith("udp://"):
        return None
    found = _SENT.fullmatch(url)
    if found is None or not 1 <= int(found["port"]) <= 65_535:
        raise ValueError(f"wanted {WANTED}, got {url!r}")
    host = found["host"].removeprefix("@")
    return f"{'' if host in _ANY else host}:{int(found['port'])}"


def check_sent(camera: str, detect: str, record: str | None) -> None:
    """Raise `ValueError` if a camera's stream names no port, or is to be read twice."""
    if door(detect) is not None and record is not None and door(record) == door(detect):
        raise ValueError(
            f"source: camera {camera} is sent to {door(detect)} once, and detect and record would each want "
            "it: have it sent to a second port for record"
        )
    if record is not None:
        door(record)
