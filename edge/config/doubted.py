"""Cameras of a file in which something is wrong, as far as rules over them can be judged all the same.

Law: a mistake of a camera hides no mistake of a rule, and makes none: what is not certain is not told. A
camera is judged by the keys that rules look at; where one of those is wrong, only the names of its places
count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from edge.config.places import Camera

_READ_BY_RULES = ("id", "detect_fps", "zones", "lines", "ground", "thermal", "moving", "flight")
_SOME_SOURCE = "some.mp4"


@dataclass(frozen=True, slots=True)
class Doubted:
    """A camera of which no more is known than its id and what its places are called."""

    id: str
    zones: frozenset[str]
    lines: frozenset[str]


def cameras_in(written: object) -> tuple[Camera | Doubted, ...] | None:
    """The cameras of a file's mapping, each as far as it can be read; None where there is none to be read."""
    cameras = written.get("cameras") if isinstance(written, Mapping) else None
    found = tuple(map(_read, cameras)) if isinstance(cameras, list) else ()
    return tuple(camera for camera in found if camera is not None) if found and all(found) else None


def _read(written: object) -> Camera | Doubted | None:
    if not isinstance(written, Mapping) or not isinstance(written.get("id"), str):
        return None
    kept = {key: written[key] for key in _READ_BY_RULES if key in written}
    source = written.get("source") if "flight" in written else _SOME_SOURCE
    try:
        return Camera.model_validate({"source": source, **kept})
    except ValidationError:
        zones, lines = (frozenset(_names(written, key)) for key in ("zones", "lines"))
        return Doubted(written["id"], zones, lines)


def _names(written: Mapping[str, object], key: str) -> Iterator[str]:
    """What the places are called that are drawn on the picture or on the map."""
    for drawn in (written, written.get("flight")):
        places = drawn.get(key) if isinstance(drawn, Mapping) else None
        for place in places if isinstance(places, list) else ():
            if isinstance(place, Mapping) and isinstance(place.get("id"), str):
                yield place["id"]
