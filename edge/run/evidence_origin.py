"""Where the pictures of a package came from, how copies were made, and whether keys were released for them.

Law: what the manifest tells of a picture's origin was signed by who packed; what the log tells of the keys is
proven by the log. Both must agree, or the package is wrong. A redacted copy tells its origin and its making,
and was made with a model that the policy allows.
"""

from collections.abc import Mapping, Sequence

from edge.governance.policy import StatePolicy
from edge.run.release import released_for
from edge.values.audit import AuditEntry
from edge.values.errors import AuditError
from edge.values.evidence import REDACTED, Redacting
from edge.values.segment import SegmentId

Origins = Mapping[str, Mapping[str, str]]
"""What the manifest tells of a file's origin, by the file's name."""


def origins_in(manifest: Mapping[str, object]) -> Origins:
    """Of those files of which the manifest tells it."""
    listed = manifest["files"]
    assert isinstance(listed, list)
    return {str(each["name"]): each["origin"] for each in listed if "origin" in each}


def redacted_by(manifest: Mapping[str, object], policy: StatePolicy) -> str:
    """How the redacted copies of a package were made, in words.

    Raises:
        AuditError: of one it is not told, or the policy does not allow its model; the text names the file.
    """
    listed = manifest["files"]
    assert isinstance(listed, list)
    copies = {each["name"]: _made(each) for each in listed if each["name"].startswith(REDACTED)}
    for name, made in copies.items():
        if policy.models is not None and made.model_sha256 not in {each.sha256 for each in policy.models}:
            raise AuditError(f"{name}: made with {made.model}, which the policy does not allow")
    if not copies:
        return "no redacted copy"
    filled = sum(made.filled_permille for made in copies.values()) / len(copies) / 10
    models = ", ".join(sorted({f"{made.model} ({made.model_sha256[:16]}…)" for made in copies.values()}))
    return f"{models}; {filled:.0f} % of the area is filled"


def _made(listed: Mapping[str, object]) -> Redacting:
    try:
        if "origin" not in listed:
            raise ValueError("its origin is missing")
        return Redacting.parse(listed.get("redaction"))
    except ValueError as failure:
        raise AuditError(
            f"{listed['name']}: wanted in the manifest how this copy was made: {failure}"
        ) from failure


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
