"""Where the pictures of a package came from, and whether the box released the keys for them.

Law: what the manifest tells of a picture's origin was signed by who packed; what the log tells of the keys is
proven by the log. Both must agree, or the package is wrong.
"""

from collections.abc import Mapping, Sequence

from edge.run.release import released_for
from edge.values.audit import AuditEntry
from edge.values.errors import AuditError
from edge.values.segment import SegmentId

Origins = Mapping[str, Mapping[str, str]]
"""What the manifest tells of a file's origin, by the file's name."""


def origins_in(manifest: Mapping[str, object]) -> Origins:
    """Of those files of which the manifest tells it."""
    listed = manifest["files"]
    assert isinstance(listed, list)
    return {str(each["name"]): each["origin"] for each in listed if "origin" in each}


def check_released(
    shown: Sequence[str], origins: Origins, entries: Sequence[AuditEntry], request_sha256: str
) -> None:
    """Pass in silence if keys were released for this request, and those of every slot that is known.

    Args:
        shown: names of the pictures.
        origins: where they came from.
        entries: of the case, proven to be in the log.
        request_sha256: hash of the request.

    Raises:
        AuditError: one was not; the text names the file.
    """
    slots = {each.subject for each in entries if released_for(each, request_sha256)}
    for name in shown:
        if not slots:
            raise AuditError(f"{name}: no key was released for this request")
        if name in origins and (slot := _slot(name, origins[name])) not in slots:
            raise AuditError(f"{name}: the key of slot {slot} was not released for this request")


def clocks(shown: Sequence[str], origins: Origins) -> str:
    """What stood behind the times of the pictures, with how many of them."""
    said = [origins[name].get("clock", "not told") if name in origins else "not told" for name in shown]
    return ", ".join(f"{said.count(clock)} {clock}" for clock in sorted(set(said))) or "no pictures"


def _slot(name: str, origin: Mapping[str, str]) -> str:
    try:
        return str(SegmentId.parse(origin["segment"]).slot)
    except (ValueError, KeyError, TypeError) as failure:
        raise AuditError(
            f"{name}: wanted where it came from in the manifest, got something else"
        ) from failure
