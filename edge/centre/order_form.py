"""What is filled in at the command line for a command, as the form that a box understands.

Law: a form is whole before anything is sent; what is missing or does not belong to the verb is told by the
option's name.
"""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import cast

from edge.config import policy as files
from edge.config import request as requests
from edge.config import times
from edge.config.policy import SignedPolicy
from edge.config.software import load_release
from edge.governance import plain
from edge.governance.amendment import changes, only_entry
from edge.privacy.canonical import JsonObject
from edge.values.command import Verb
from edge.values.errors import ConfigError
from edge.values.moment import rfc3339


@dataclass(frozen=True, slots=True)
class Filled:
    """Options of the verb `command`, by their names; empty where they were not given."""

    camera: tuple[str, ...] = ()
    case: str = ""
    authority: str = ""
    review: str = ""
    begin: str = ""
    end: str = ""
    hold: str = ""
    reason: str = ""
    policy: Path | None = None
    after: Path | None = None
    model: str = ""
    sha256: str = ""
    request: Path | None = None
    release: Path | None = None


WANTED: dict[Verb, frozenset[str]] = {
    Verb.HOLD: frozenset({"case", "authority", "review", "begin", "end"}),
    Verb.RELEASE: frozenset({"hold", "reason"}),
    **dict.fromkeys((Verb.POLICY, Verb.MASK, Verb.RETENTION), frozenset({"policy", "after"})),
    Verb.MODEL: frozenset({"model", "sha256"}),
    Verb.EXPORT: frozenset({"request"}),
    Verb.UPDATE: frozenset({"release"}),
}
WITH_CAMERAS = frozenset({Verb.PANIC, Verb.HOLD})
OPTIONS = {"begin": "--from", "end": "--to"}


def details(verb: Verb, filled: Filled) -> JsonObject:
    """What the form of this verb wants beside what every command says.

    Raises:
        ConfigError: an option is missing, does not belong to the verb, or is wrong.
        PolicyError: a policy cannot be read.
    """
    _check(verb, filled)
    match verb:
        case Verb.PANIC:
            return {"cameras": list(filled.camera)}
        case Verb.HOLD:
            return _hold(filled)
        case Verb.RELEASE | Verb.MODEL:
            return {name: getattr(filled, name) for name in WANTED[verb]}
        case Verb.POLICY | Verb.MASK | Verb.RETENTION:
            assert filled.policy is not None
            assert filled.after is not None
            return _amendment(verb, files.load(filled.after), files.load(filled.policy))
        case Verb.UPDATE | Verb.EXPORT:
            return _of_file(verb, filled.release or filled.request or Path())
        case _:
            return {}


def _of_file(verb: Verb, file: Path) -> JsonObject:
    """What a release, or a request that two people signed, says of itself."""
    if verb is Verb.UPDATE:
        release, _ = load_release(file)
        return {"version": release.version, "number": release.sequence, "sha256": release.sha256}
    asked = requests.parse(files.text_of(file).decode(errors="replace"), str(file))
    if len(asked.signatures) < 2:
        raise ConfigError(f"--request: {file}: nobody approved it; first: safecity-edge export approve")
    signed = [{"signer": each.signer, "ed25519": each.value.hex()} for each in asked.signatures]
    return {"request": cast("JsonObject", asdict(asked.request)), "approvals": cast("JsonObject", signed)}


def _hold(filled: Filled) -> JsonObject:
    return {
        "case": filled.case,
        "authority": filled.authority,
        "review": filled.review,
        "cameras": list(filled.camera),
        "begin": rfc3339(times.utc_ns("--from", filled.begin)),
        "end": rfc3339(times.utc_ns("--to", filled.end)),
    }


def _check(verb: Verb, filled: Filled) -> None:
    wanted, may = WANTED.get(verb, frozenset[str]()), {"camera"} if verb in WITH_CAMERAS else set[str]()
    given = {each.name for each in fields(Filled) if getattr(filled, each.name)}
    if missing := sorted(wanted - given):
        raise ConfigError(f"{verb} wants {', '.join(map(_option, missing))}")
    if more := sorted(given - wanted - may):
        raise ConfigError(f"{_option(more[0])} does not belong to {verb}")


def _option(name: str) -> str:
    return OPTIONS.get(name, f"--{name}")


def _amendment(verb: Verb, old: SignedPolicy, new: SignedPolicy) -> JsonObject:
    if not new.signatures:
        raise ConfigError("--policy: nobody signed it; first: safecity-edge policy sign")
    said: JsonObject = {
        "base": plain.sha256(old.policy),
        "result": plain.sha256(new.policy),
        "version": new.policy.version,
        "begins": new.policy.issued.isoformat(),
        "approvals": [{"signer": each.signer, "ed25519": each.value.hex()} for each in new.signatures],
    }
    return said | _changes(verb, old, new)


def _changes(verb: Verb, old: SignedPolicy, new: SignedPolicy) -> JsonObject:
    if verb is Verb.POLICY:
        return {"changes": cast("JsonObject", changes(old.policy, new.policy))}
    mask = verb is Verb.MASK
    entry = only_entry(old.policy, new.policy, "masks" if mask else "retention")
    if entry is None or (entry.value is None and not mask):
        told = ", ".join(changes(old.policy, new.policy)) or "nothing"
        one = "the masks of one camera" if mask else "how long one class of footage is kept"
        raise ConfigError(
            f"{verb} changes {one} and nothing else; what differs: {told}. Order policy instead"
        )
    if mask:
        return {"camera": entry.name, "polygons": cast("JsonObject", entry.value or [])}
    return {"footage": entry.name, **cast("JsonObject", entry.value)}
