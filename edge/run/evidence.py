"""A package of evidence: which files it has, what its manifest says, and whether a copy is what was made.

Law: every file is named in the manifest with its hash, and the manifest is signed; a file that is not named
makes the package wrong, and so does one that is neither a paper nor a picture. No original picture is in it
unless the request asked for originals and both who signed may agree; a redacted copy says how it was made.
Reading and writing archives is the business of `edge.run.wiring`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from edge.audit import line as lines
from edge.audit.head import parse as parse_head
from edge.audit.merkle import included, leaf_hash
from edge.config import policy as policies
from edge.config import request as requests
from edge.governance import canonical, plain
from edge.governance import request as exports
from edge.governance.acceptance import QUORUM, signers
from edge.governance.canonical import Plain
from edge.governance.policy import StatePolicy
from edge.ports import Verifier
from edge.run.evidence_origin import check_released, clocks, origins_in, redacted_by
from edge.values import json_text
from edge.values.audit import AuditEntry
from edge.values.errors import AuditError, PolicyError
from edge.values.evidence import FOOTAGE, PICTURES, Told

DOMAIN = "safecity evidence v1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
REQUEST, POLICY, POLICY_SIG = "request.json", "policy.yaml", "policy.yaml.sig"
AUDIT, HEAD = "audit.jsonl", "audit.head"
PAPERS = (REQUEST, POLICY, POLICY_SIG, AUDIT, HEAD)
"""Files that every package has, beside manifest and signature."""

NONE_GIVEN = "no pictures: none were put in"
ORIGINALS = "original pictures: both who signed agreed"
COPY = "a redacted copy: people, vehicles and all that is not the street are filled"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified package proves, in words."""

    case: str
    camera: str
    span: str
    asked: str
    approved: str
    made_by: str
    pictures: str
    redacted_by: str
    clocks: str
    files: int
    entries: int
    roots: str


def manifest(
    request: exports.ExportRequest,
    made: str,
    clock: str,
    files: Mapping[str, Told],
    pictures_told: Mapping[str, Mapping[str, Plain]],
) -> bytes:
    """The manifest of a package of these files, and of where their pictures came from."""
    listed: list[Plain] = [
        {"name": name, "size": told.size, "sha256": told.sha256, **pictures_told.get(name, {})}
        for name, told in sorted(files.items())
    ]
    said: dict[str, Plain] = {
        "format": DOMAIN,
        "case": request.case,
        "request_sha256": request.sha256(),
        "policy_sha256": request.policy_sha256,
        "made": made,
        "clock": clock,
        "pictures": pictures(files),
        "files": listed,
    }
    return canonical.encode(said)


def pictures(names: Iterable[str]) -> str:
    """What a package of these files says about its pictures."""
    folders = {folder for folder in PICTURES for name in names if name.startswith(folder)}
    return ORIGINALS if FOOTAGE in folders else COPY if folders else NONE_GIVEN


def to_sign(manifest_bytes: bytes) -> bytes:
    """What the signature on a manifest covers."""
    return DOMAIN.encode() + b"\n" + manifest_bytes


def signature(signer: str, value: bytes) -> bytes:
    """The signature file of a package."""
    return json.dumps({"signer": signer, "ed25519": value.hex()}).encode() + b"\n"


def excerpt(log: Sequence[bytes], proofs: Mapping[int, Sequence[bytes]]) -> bytes:
    """Entries of a log, by index, with their proofs of inclusion: one JSON object a line."""
    told = (
        {"index": index, "line": log[index].decode(), "proof": [each.hex() for each in proof]}
        for index, proof in sorted(proofs.items())
    )
    return b"".join(json.dumps(each, sort_keys=True).encode() + b"\n" for each in told)


def verified(files: Mapping[str, Told], verifier: Verifier, roots: str = "", key: bytes = b"") -> Proof:
    """Judge a package.

    Args:
        files: all of it, by name.
        verifier: checks signatures.
        roots: fingerprint of the policy's roots, where the verifier knows it; "" if not.
        key: public key of the box's audit log, where the verifier knows it; empty if not.

    Raises:
        AuditError: it is not what was made; the text names the first file that differs.
    """
    said = _manifest(files)
    _check_files(files, said)
    policy = _policy(files, verifier, roots)
    made_by = _signed(files, policy, verifier)
    asked = requests.parse(files[REQUEST].content.decode(), REQUEST)
    try:
        one, other = exports.judge(
            asked.request, asked.signatures, policy, plain.sha256(policy), str(said["made"]), verifier
        )
    except PolicyError as failure:
        raise AuditError(f"{REQUEST}: {failure}") from failure
    shown = [name for name in files if name.startswith(PICTURES)]
    if not asked.request.original and (bare := [name for name in shown if name.startswith(FOOTAGE)]):
        raise AuditError(f"{bare[0]}: pictures are here, and the request is not for originals")
    entries = _audit(files, asked.request.case, verifier, key)
    origins = origins_in(said)
    check_released(shown, origins, entries, asked.request.sha256())
    span = f"{asked.request.begin} to {asked.request.end}"
    return Proof(
        case=asked.request.case,
        camera=f"{asked.request.node}/{asked.request.camera}",
        span=span,
        asked=f"{one.id} ({one.role})",
        approved=f"{other.id} ({other.role})",
        made_by=made_by,
        pictures=pictures(shown),
        redacted_by=redacted_by(said, policy),
        clocks=clocks(shown, origins),
        files=len(files),
        entries=len(entries),
        roots=plain.roots_sha256(policy),
    )


def _manifest(files: Mapping[str, Told]) -> dict[str, object]:
    for name in (MANIFEST, SIGNATURE, *PAPERS):
        if name not in files:
            raise AuditError(f"{name}: wanted this file in the package, found none")
    try:
        said = json_text.read(files[MANIFEST].content)
        if canonical.encode(said) != files[MANIFEST].content or said["format"] != DOMAIN:
            raise ValueError("not as a manifest is written")
    except (ValueError, TypeError, KeyError) as failure:
        raise AuditError(f"{MANIFEST}: wanted the manifest of a package, got something else") from failure
    return dict(said)


def _check_files(files: Mapping[str, Told], said: Mapping[str, object]) -> None:
    listed = said["files"]
    assert isinstance(listed, list)
    named = {str(each["name"]): each for each in listed}
    for name, told in sorted(files.items()):
        if name in (MANIFEST, SIGNATURE):
            continue
        if name not in PAPERS and not name.startswith(PICTURES):
            raise AuditError(f"{name}: this file has no place in a package")
        if name not in named:
            raise AuditError(f"{name}: this file is not in the manifest")
        if (told.size, told.sha256) != (named[name]["size"], named[name]["sha256"]):
            raise AuditError(f"{name}: changed since the package was made (sha256 {told.sha256})")
    if missing := sorted(set(named) - set(files)):
        raise AuditError(f"{missing[0]}: the manifest names this file, and it is not in the package")


def _policy(files: Mapping[str, Told], verifier: Verifier, roots: str) -> StatePolicy:
    policy = policies.parse(files[POLICY].content, POLICY)
    found = policies.parse_signatures(files[POLICY_SIG].content, POLICY_SIG)
    if len(signers(policy, found, policy.roots, verifier)) < QUORUM and not roots:
        raise AuditError(f"{POLICY_SIG}: wanted {QUORUM} valid signatures of the policy's roots")
    if roots and plain.roots_sha256(policy) != roots:
        raise AuditError(f"{POLICY}: wanted the roots {roots}, got {plain.roots_sha256(policy)}")
    if not signers(policy, found, policy.roots, verifier):
        raise AuditError(f"{POLICY_SIG}: no root of the policy signed it")
    return policy


def _signed(files: Mapping[str, Told], policy: StatePolicy, verifier: Verifier) -> str:
    try:
        said = json_text.read(files[SIGNATURE].content)
        party, signature = policy.party(said["signer"]), bytes.fromhex(said["ed25519"])
    except (ValueError, TypeError, KeyError) as failure:
        raise AuditError(f"{SIGNATURE}: wanted a signature, got something else") from failure
    covered = to_sign(files[MANIFEST].content)
    if party is None or not party.key or not verifier.verify(bytes.fromhex(party.key), covered, signature):
        raise AuditError(f"{MANIFEST}: its signature is not valid, so it was changed or is nobody's")
    return f"{party.id} ({party.role})"


def _audit(files: Mapping[str, Told], case: str, verifier: Verifier, key: bytes) -> list[AuditEntry]:
    """The entries of the case that are proven to be in the log; at least one."""
    try:
        head = parse_head(files[HEAD].content)
        told = [json_text.read(each) for each in files[AUDIT].content.splitlines()]
        found = [
            (each["index"], each["line"].encode(), tuple(map(bytes.fromhex, each["proof"]))) for each in told
        ]
    except (ValueError, TypeError, KeyError) as failure:
        raise AuditError(f"{AUDIT}: wanted entries with proofs, got something else") from failure
    if key and not head.is_signed_by(key, verifier):
        raise AuditError(f"{HEAD}: not signed by the key of the box's log")
    for index, raw, proof in found:
        if not included(leaf_hash(raw), index, head.head.size, proof, head.head.root):
            raise AuditError(f"{AUDIT}: entry {index} is not in the log of {HEAD}")
    mine = [each for each in (lines.read(raw).entry for _, raw, _ in found) if each.case == case]
    if not mine:
        raise AuditError(f"{AUDIT}: wanted an entry of the case {case}, found none")
    return mine
