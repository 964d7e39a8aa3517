"""The verbs `export …` and `evidence …`: ask, approve, make a package, verify one."""

import json
from dataclasses import asdict
from pathlib import Path

from edge.config import policy as policies
from edge.config.request import SignedRequest
from edge.governance.request import ExportRequest
from edge.governance.rights import Action as Right
from edge.run import evidence
from edge.run.wiring import exporting, packing
from edge.values.audit import Action as Done
from edge.values.errors import ConfigError, RefusedError, StorageError
from edge.values.refusal import Refusal


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


def pack(
    out: Path,
    file: Path,
    policy: Path,
    audit: Path | None,
    config: Path | None,
    key: Path,
    footage: list[Path],
) -> None:
    """Make a package for the recipient of an approved request.

    Raises:
        AuditError: the log does not fit, has no entry of the case, or no key was released for the request.
        ConfigError: a file is wrong, or the package is there already.
        RefusedError: nothing may leave, or no pictures may.
    """
    signed, state, book = (
        exporting.read_request(file),
        exporting.held_policy(policy),
        packing.book_of(audit, config),
    )
    if out.exists():
        raise ConfigError(f"{out} is there already; a package is never overwritten")
    packer = exporting.packer(state, key)
    with book.refusals(packer.id, signed):
        exporting.agreed(signed, state)
        _check_originals(signed, footage)
        shown = packing.pictures(footage, signed, book)
    told = f"pictures: {len(shown)}, to {signed.request.recipient}"
    entered = book.enter(packer.id, Done.EXPORTED, signed, told)
    entries, head = packing.excerpt(book, signed.request.case)
    papers = {
        evidence.REQUEST: file.read_bytes(),
        evidence.POLICY: policies.text_of(policy),
        evidence.POLICY_SIG: policies.text_of(policies.signatures_path(policy)),
        evidence.AUDIT: entries,
        evidence.HEAD: head,
    }
    count = packing.pack(out, signed, state, papers, key, shown)
    print(f"{out}: {count} files, sealed to {signed.request.recipient}")
    print(f"  {evidence.pictures(signed.request, shown)}")
    if not entered:
        print("  not in the box's log: that was a copy; on the box, --config enters it there")


def _check_originals(signed: SignedRequest, footage: list[Path]) -> None:
    if footage and not signed.request.original:
        raise RefusedError(
            f"{footage[0]}: this request is not for original pictures: leave --footage out, or have "
            "both sign a request with --original",
            Refusal.NO_ORIGINALS,
        )


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
