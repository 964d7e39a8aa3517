"""Wiring of packages of evidence: pictures and where they came from, the audit log, keys, the archive.

Law: on the box the log has the entry `exported` before there is a package, and the package proves that entry.
Off the box there is only a copy of the log, to which nothing can be added; the package is then proven by the
release of the keys alone. No pictures are packed for a request for which no key was released, and no original
for a request that is not for originals: a copy is made here, and none is taken from elsewhere.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from edge.adapters import evidence_file
from edge.adapters.audit_log import LOG
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer
from edge.audit.line import Logged
from edge.audit.merkle import inclusion, leaf_hash
from edge.config.request import SignedRequest
from edge.config.spec import NodeSpec
from edge.governance.canonical import Plain
from edge.governance.policy import StatePolicy
from edge.governance.release import check_slot
from edge.run import evidence
from edge.run.release import released_for
from edge.run.wiring import auditing
from edge.run.wiring.copying import Copyist
from edge.run.wiring.exporting import owner_of, utc
from edge.run.wiring.opening import Sealed, opened_by_two
from edge.run.wiring.vaulting import node_of
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError, RefusedError
from edge.values.evidence import BESIDE, FOOTAGE, REDACTED, Opened, Provenance, Told
from edge.values.moment import rfc3339
from edge.values.refusal import Refusal
from edge.values.segment import SegmentId


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a package.

    Attributes:
        content: its bytes.
        told: what the manifest says of it: `origin` where that is known, and `redaction` of a copy.
    """

    content: bytes = field(repr=False)
    told: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Book:
    """The log that a package refers to: the box's own, or a copy of it where `node` is None."""

    folder: Path
    node: NodeSpec | None

    def enter(self, actor: str, action: Action, asked: SignedRequest, words: str) -> bool:
        """Enter what is done for a request, on the box; whether it was entered.

        Raises:
            StorageError: it cannot be entered, so it may not happen.
        """
        if self.node is None:
            return False
        subject, case = asked.request.sha256(), asked.request.case
        with auditing.journal(self.node, actor) as pen:
            pen.audit.append(AuditEntry(SystemClock().now(), actor, action, subject, case, words))
        return True

    @contextmanager
    def refusals(self, actor: str, asked: SignedRequest) -> Iterator[None]:
        """Whatever is refused within is entered on the box, and is refused."""
        try:
            yield
        except RefusedError as refused:
            self.enter(actor, Action.DENIED, asked, refused.reason)
            raise


def book_of(audit: Path | None, config: Path | None) -> Book:
    """The log of a box, by its configuration, or a copy of it.

    Raises:
        ConfigError: neither is given, or both, or the configuration is wrong.
    """
    if config is not None and audit is None:
        node = node_of(config)
        return Book(auditing.folder_of(node), node)
    if audit is None or config is not None:
        raise ConfigError("wanted --config on the box itself, or --audit with a copy of its log: one of them")
    return Book(audit, None)


def originals(files: Sequence[Path], asked: SignedRequest, book: Book) -> dict[str, Picture]:
    """Opened footage by its name in the package.

    Raises:
        AuditError: no key was released for this request.
        ConfigError: a file cannot be read, or what stands beside it is of another one.
        RefusedError: it is of another camera or time than the request, or originals were not agreed.
    """
    if files and not asked.request.original:
        raise RefusedError(
            f"{files[0]}: this request is not for original pictures: give --sealed files, of which a "
            "redacted copy is packed, or have both sign a request with --original",
            Refusal.NO_ORIGINALS,
        )
    _check_released(bool(files), asked, book)
    return {f"{FOOTAGE}{each.name}": _picture(each, asked, book) for each in files}


def unsealed(sealed: Sealed, asked: SignedRequest, book: Book, copyist: Copyist) -> dict[str, Picture]:
    """Sealed footage by its name in the package: a redacted copy of it, or itself where that was agreed.

    Raises:
        AuditError: no key was released for this request.
        FootageError: keys and files do not fit.
        ModelError: the model is not accepted, or not allowed by the policy.
        RefusedError: the request does not cover a file.
    """
    _check_released(True, asked, book)
    return dict(_packed(each, asked, book, copyist) for each in opened_by_two(sealed, asked))


def _packed(opened: Opened, asked: SignedRequest, book: Book, copyist: Copyist) -> tuple[str, Picture]:
    name, origin = f"{opened.origin.segment}.mp4", _origin(opened.origin, book)
    if asked.request.original:
        return f"{FOOTAGE}{name}", Picture(opened.content, {"origin": origin})
    copy = copyist.copy(opened)
    of = origin | {"original_sha256": opened.origin.sha256}
    return f"{REDACTED}{name}", Picture(copy.content, {"origin": of, "redaction": {**asdict(copy.redacting)}})


def _check_released(wanted: bool, asked: SignedRequest, book: Book) -> None:
    if wanted and not any(released_for(each.entry, asked.request.sha256()) for each in book_entries(book)):
        raise AuditError(
            f"{book.folder}: no key was released for this request: was the footage opened for another one?"
        )


def book_entries(book: Book) -> Iterator[Logged]:
    """The entries of the log.

    Raises:
        AuditError: one of them is none.
        StorageError: it cannot be read.
    """
    return auditing.entries(book.folder)


def _picture(file: Path, asked: SignedRequest, book: Book) -> Picture:
    content, beside = _content(file), file.with_name(file.name + BESIDE)
    if not beside.exists():
        return Picture(content, {})
    try:
        said = Provenance.parse(_content(beside))
        slot = SegmentId.parse(said.segment).slot
    except ValueError as failure:
        raise ConfigError(
            f"{beside}: wanted what `footage open` wrote beside {file.name}: {failure}"
        ) from failure
    if said.sha256 != hashlib.sha256(content).hexdigest():
        raise ConfigError(f"{file} is not what was opened: {beside.name} is of another file")
    check_slot(asked.request, slot)
    return Picture(content, {"origin": _origin(said, book)})


def _origin(said: Provenance, book: Book) -> dict[str, Plain]:
    """Where footage came from, and which model watched then where the log tells it."""
    origin: dict[str, Plain] = {**asdict(said)}
    del origin["sha256"]
    model = _model(book, said.began)
    return origin if model is None else {**origin, "model_sha256": model}


def _model(book: Book, began: str) -> str | None:
    """SHA-256 of the weights that watched when the segment began; None where the log does not tell."""
    found = None
    for logged in book_entries(book):
        if logged.entry.action is Action.MODEL_ACCEPTED and rfc3339(logged.entry.moment.utc_ns) <= began:
            found = logged.entry.subject
    return found


def pack(
    out: Path,
    asked: SignedRequest,
    policy: StatePolicy,
    papers: Mapping[str, bytes],
    key: Path,
    shown: Mapping[str, Picture],
) -> int:
    """Make a package; how many files are in it.

    Raises:
        ConfigError: a file cannot be read, or the package is there already.
    """
    signer = Ed25519Signer.read(key)
    party = owner_of(policy, signer.key, key)
    files = dict(papers) | {name: each.content for name, each in shown.items()}
    told = {name: Told(len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in files.items()}
    said = {name: each.told for name, each in shown.items()}
    manifest = evidence.manifest(asked.request, utc(), SystemClock().now().trust.value, told, said)
    signature = evidence.signature(party.id, signer.sign(evidence.to_sign(manifest)))
    whole = {evidence.MANIFEST: manifest, evidence.SIGNATURE: signature, **files}
    evidence_file.write(out, whole, asked.request.recipient)
    return len(whole)


def excerpt(book: Book, case: str) -> tuple[bytes, bytes]:
    """A case's entries of a log with their proofs, and the head over them.

    Raises:
        AuditError: the log does not fit, or has no entry of the case.
    """
    folder = book.folder
    head = auditing.head(folder)
    verdict = auditing.judged(folder, None, "")
    if verdict.misfit is not None:
        raise AuditError(f"{folder}: {verdict.misfit.told}")
    rows = (folder / LOG).read_bytes().splitlines()[: head.head.size]
    leaves = [leaf_hash(raw) for raw in rows]
    mine = [each.index for each in book_entries(book) if each.entry.case == case and each.index < len(rows)]
    if not mine:
        raise AuditError(
            f"{folder}: wanted an entry of the case {case}, found none: was anything released for it?"
        )
    return evidence.excerpt(rows, {index: inclusion(leaves, index) for index in mine}), head.note()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise ConfigError(f"{path} cannot be read: {failure.strerror}") from failure
