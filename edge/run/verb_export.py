"""The verbs `export …` and `evidence …`: ask, approve, make a package, verify one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from edge.config import policy as policies
from edge.config.request import SignedRequest
from edge.governance.policy import StatePolicy
from edge.governance.request import ExportRequest
from edge.governance.rights import Action as Right
from edge.run import evidence
from edge.run.bare import USUAL_MODEL
from edge.run.wiring import exporting, packing
from edge.run.wiring.copying import copyist_of
from edge.run.wiring.opening import Sealed
from edge.values.audit import Action as Done
from edge.values.errors import ConfigError, StorageError


def request(out: Path, asked: ExportRequest, policy: Path, key: Path) -> None:
    """Write a request, signed by who asks.

    Raises:
        ConfigError: the key is nobody's, or there is such a file already.
        PolicyError: the policy or this person does not allow it.
    """
    signed = exporting.sign(
        SignedRequest(asked, ()), exporting.held_policy(policy), key, Right.REQUEST_EXPORT
    )
    _write(out, signed.text(), fresh=True)
    print(f"{out}: asked by {signed.signatures[0].signer}; another role approves: export approve {out}")


def approve(file: Path, policy: Path, key: Path) -> None:
    """Add the signature of who approves; tells what was agreed.

    Raises:
        ConfigError: the key is nobody's.
        PolicyError: the request, the policy or this person does not allow it.
    """
    state = exporting.held_policy(policy)
    signed = exporting.sign(exporting.read_request(file), state, key, Right.APPROVE_EXPORT)
    one, other = exporting.agreed(signed, state)
    _write(file, signed.text(), fresh=False)
    print(f"{file}: asked by {one.id} ({one.role}), approved by {other.id} ({other.role})")
    print(f"  {_told(signed.request)}")


def show(file: Path, policy: Path) -> None:
    """Tell what is asked, and whether two agreed.

    Raises:
        PolicyError: nothing may leave; the text says why.
    """
    signed = exporting.read_request(file)
    print(_told(signed.request))
    one, other = exporting.agreed(signed, exporting.held_policy(policy))
    print(f"agreed: asked by {one.id} ({one.role}), approved by {other.id} ({other.role})")


@dataclass(frozen=True, slots=True)
class Packing:
    """What is packed, for whom, by whom.

    Attributes:
        out: the new package.
        request: the approved request.
        policy: that holds.
        audit: copy of the box's audit folder, off the box.
        config: of the box, on it.
        key: of who packs.
        opened: original footage that was opened, where originals were agreed.
        sealed: footage that is opened here; a redacted copy is packed unless originals were agreed.
        model: that looks for people and vehicles, off the box.
    """

    out: Path
    request: Path
    policy: Path
    audit: Path | None
    config: Path | None
    key: Path
    opened: Sequence[Path] = ()
    sealed: Sealed | None = None
    model: str = USUAL_MODEL


def pack(job: Packing) -> None:
    """Make a package for the recipient of an approved request.

    Raises:
        AuditError: the log does not fit, has no entry of the case, or no key was released for the request.
        ConfigError: a file is wrong, or the package is there already.
        FootageError: keys and sealed files do not fit.
        RefusedError: nothing may leave, or no original pictures may.
    """
    signed, state, book = (
        exporting.read_request(job.request),
        exporting.held_policy(job.policy),
        packing.book_of(job.audit, job.config),
    )
    if job.out.exists():
        raise ConfigError(f"{job.out} is there already; a package is never overwritten")
    packer = exporting.packer(state, job.key)
    with book.refusals(packer.id, signed):
        exporting.agreed(signed, state)
        shown = _shown(job, signed, state, book)
    told = f"{evidence.pictures(shown).partition(':')[0]}, {len(shown)} files, to {signed.request.recipient}"
    entered = book.enter(packer.id, Done.EXPORTED, signed, told)
    papers = _papers(job, packing.excerpt(book, signed.request.case))
    count = packing.pack(job.out, signed, state, papers, job.key, shown)
    print(f"{job.out}: {count} files, sealed to {signed.request.recipient}")
    print(f"  {evidence.pictures(shown)}")
    if not entered:
        print("  not in the box's log: that was a copy; on the box, --config enters it there")


def _shown(
    job: Packing, signed: SignedRequest, state: StatePolicy, book: packing.Book
) -> dict[str, packing.Picture]:
    """The pictures that leave."""
    shown = packing.originals(job.opened, signed, book)
    if job.sealed is None:
        return shown
    copyist = copyist_of(state, signed.request.camera, job.config, job.model)
    return shown | packing.unsealed(job.sealed, signed, book, copyist)


def _papers(job: Packing, excerpt: tuple[bytes, bytes]) -> dict[str, bytes]:
    entries, head = excerpt
    return {
        evidence.REQUEST: job.request.read_bytes(),
        evidence.POLICY: policies.text_of(job.policy),
        evidence.POLICY_SIG: policies.text_of(policies.signatures_path(job.policy)),
        evidence.AUDIT: entries,
        evidence.HEAD: head,
    }


def verify(package: Path, identity: Path | None, roots: str, key: str, as_json: bool) -> None:
    """Judge a package offline, and tell what it proves.

    Raises:
        AuditError: it is not what was made; the text names the first file that differs.
        ConfigError: it cannot be read or opened.
    """
    found = exporting.proven(package, identity, roots, key)
    if as_json:
        print(json.dumps(asdict(found)))
        return
    print(f"{package}: whole, {found.files} files")
    for name, said in asdict(found).items():
        print(f"  {name.replace('_', ' '):10} {said}")
    if not roots or not key:
        print("  compare the roots and the log's key with what you were told: --roots, --log-key")


def _told(asked: ExportRequest) -> str:
    pictures = "ORIGINAL pictures" if asked.original else "a redacted copy"
    return (
        f"case {asked.case}: {pictures} of {asked.node}/{asked.camera}, {asked.begin} to {asked.end}, "
        f"for {asked.purpose}, to {asked.recipient}, good until {asked.expires}"
    )


def _write(file: Path, text: str, *, fresh: bool) -> None:
    try:
        with file.open("x" if fresh else "w", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as failure:
        raise ConfigError(f"{file} is there already; a request is never overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{file} cannot be written: {failure.strerror}") from failure
