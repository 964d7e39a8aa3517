"""Laws over the whole file: ids that stand twice, doors that two cameras share, and what recording wants.

Law: they are asked of the file as it is written, as far as it can be read, so that a mistake elsewhere hides
none of them; what cannot be read is no mistake of theirs.
"""

from collections.abc import Iterator, Mapping

from edge.config.cross import nearest
from edge.config.placed import Mistake, twice
from edge.config.sent import door

Written = Mapping[str, object]


def mistakes(written: object) -> Iterator[Mistake]:
    """All that is wrong, each at its key."""
    if not isinstance(written, Mapping):
        return
    cameras, rules = _all(written, "cameras"), _all(written, "rules")
    yield from twice(_ids("cameras", cameras), "cameras")
    yield from twice(_ids("rules", rules), "rules")
    yield from _doors(cameras)
    if written.get("footage") is not None:
        yield from _footage(written, cameras)


def _all(written: Written, key: str) -> list[tuple[int, Written]]:
    """The mappings of a list, with their places in it."""
    there = written.get(key)
    numbered = enumerate(there) if isinstance(there, list) else ()
    return [(index, each) for index, each in numbered if isinstance(each, Mapping)]


def _ids(key: str, all_: list[tuple[int, Written]]) -> list[tuple[tuple[str | int, ...], str]]:
    return [((key, index, "id"), name) for index, each in all_ if isinstance(name := each.get("id"), str)]


def _streams(camera: Written) -> Mapping[str, str]:
    """The streams of a camera by what they are for."""
    source = camera.get("source")
    named = source if isinstance(source, Mapping) else {"detect": source}
    return {use: url for use, url in named.items() if isinstance(url, str)}


def _doors(cameras: list[tuple[int, Written]]) -> Iterator[Mistake]:
    """Two cameras, each with a stream, that listen at the same door."""
    taken: dict[str, object] = {}
    for index, camera in cameras:
        for url in _streams(camera).values():
            at, name = _door(url), camera.get("id")
            if at is not None and (first := taken.setdefault(at, name)) != name:
                told = f"cameras {first} and {name} both listen at {at}: give each a port of its own"
                yield ("cameras", index, "source"), told


def _door(url: str) -> str | None:
    try:
        return door(url)
    except ValueError:  # told by who reads the camera
        return None


def _footage(written: Written, cameras: list[tuple[int, Written]]) -> Iterator[Mistake]:
    """Footage without a policy, or of cameras that send no stream for it."""
    if written.get("policy") is None:
        yield ("footage",), "recording wants the key policy, a signed policy of the state"
    recorded = {str(camera.get("id")) for _, camera in cameras if "record" in _streams(camera)}
    if not recorded:
        wanted = "no camera has a stream to record: write source: {detect: URL, record: URL}"
        yield ("footage",), wanted
    section = written["footage"]
    on_hold = section.get("on_hold") if isinstance(section, Mapping) else None
    for index, name in enumerate(on_hold if isinstance(on_hold, list) else ()):
        if recorded and isinstance(name, str) and name not in recorded:
            told = f"no camera {name} has a stream to record{nearest(name, recorded)}"
            yield ("footage", "on_hold", index), told
