"""Whether a log is whole: its chain, its own heads, and the heads that somebody else kept.

Law: names the first entry that does not fit, as exactly as the heads allow: the chain finds what was changed
by hand, the box's own heads what was cut off or written anew without its key, a witness's heads what was
rolled back or forked with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from edge.audit import line as lines
from edge.audit.head import SignedHead
from edge.audit.merkle import Frontier, Hash
from edge.ports import Verifier
from edge.values.audit import Action


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that does not fit.

    Attributes:
        index: the first entry that does not fit, or may not.
        told: what is wrong, in words.
    """

    index: int
    told: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A head, and who kept it: `the box` or `the witness`."""

    head: SignedHead
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        size: complete entries that were read.
        root: over them.
        heads: how many heads were compared.
        torn: bytes after the last complete entry.
        misfit: None where all fits.
        unsigned: entries at the end that no head covers; the box signs one after each entry.
    """

    size: int
    root: Hash
    heads: int
    torn: int
    misfit: Misfit | None
    unsigned: int


@dataclass(slots=True)
class _Reading:
    """What is known while the log is read."""

    frontier: Frontier = field(default_factory=Frontier)
    previous: str = lines.NOTHING
    roots: dict[int, Hash] = field(default_factory=dict)
    misfit: Misfit | None = None


def verify(
    log: Iterable[bytes], heads: Sequence[Kept], key: bytes, origin: str, verifier: Verifier
) -> Verdict:
    """Judge a log.

    Args:
        log: its lines with their ends; the last may be torn.
        heads: to compare with, in any order.
        key: public key of the box.
        origin: name of the log.
        verifier: checks the heads' signatures.
    """
    reading, torn = _Reading(), 0
    wanted = {kept.head.head.size for kept in heads}
    for raw in log:
        if not raw.endswith(b"\n"):
            torn = len(raw)
            break
        _read(reading, raw[:-1], origin)
        if reading.frontier.size in wanted:
            reading.roots[reading.frontier.size] = reading.frontier.root()
    chain = reading.misfit  # heads over the entry that it names cannot fit, those before it must
    before = [kept for kept in heads if chain is None or kept.head.head.size <= chain.index]
    misfit = _compare(reading, before, key, origin, verifier) or chain
    size = reading.frontier.size
    unsigned = 0 if misfit else size - max(wanted, default=0)
    return Verdict(size, reading.frontier.root(), len(heads), torn, misfit, unsigned)


def _read(reading: _Reading, raw: bytes, origin: str) -> None:
    index = reading.frontier.size
    leaf = lines.hash_of(raw)
    reading.frontier.append(leaf)
    if reading.misfit is None:
        reading.misfit = _misfit(raw, index, reading.previous, origin)
    reading.previous = leaf.hex()


def _misfit(raw: bytes, index: int, previous: str, origin: str) -> Misfit | None:
    try:
        logged = lines.read(raw)
    except ValueError as failure:
        return Misfit(index, f"entry {index} is no entry: {failure}")
    if logged.index != index:
        return Misfit(index, f"entry {index} is missing: the entry in its place says it is {logged.index}")
    if logged.previous != previous:
        changed = max(0, index - 1)
        return Misfit(changed, f"entry {changed} was changed: entry {index} says otherwise of it")
    if (index == 0) is not (logged.entry.action is Action.LOG_BEGUN):
        return Misfit(
            index, f"entry {index} is {logged.entry.action}: a log begins once, with {Action.LOG_BEGUN}"
        )
    if index == 0 and logged.entry.subject != origin:
        return Misfit(0, f"entry 0 begins the log {logged.entry.subject}, wanted {origin}")
    return None


def _compare(
    reading: _Reading, heads: Sequence[Kept], key: bytes, origin: str, verifier: Verifier
) -> Misfit | None:
    """The first head that does not fit, after the last that does."""
    fits = 0
    for kept in sorted(heads, key=lambda kept: kept.head.head.size):
        head = kept.head.head
        if head.origin != origin:
            return Misfit(
                fits,
                f"a head of size {head.size}, kept by {kept.by}, is of {head.origin}: wanted {origin}",
            )
        if not kept.head.is_signed_by(key, verifier):
            return Misfit(
                fits, f"a head of size {head.size}, kept by {kept.by}, is not signed by the log's key"
            )
        if head.size > reading.frontier.size:
            size = reading.frontier.size
            return Misfit(size, f"entry {size} is missing: {kept.by} kept a head over {head.size} entries")
        if head.size and reading.roots[head.size] != head.root:
            where = (
                f"entry {fits}" if head.size - fits <= 1 else f"one of the entries {fits} to {head.size - 1}"
            )
            return Misfit(
                fits, f"{where} is another: {kept.by} kept a head over {head.size} entries that differs"
            )
        fits = head.size
    return None
