"""Wiring of the policy: judged before anything starts, and remembered so that no older one comes back."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from edge.adapters.audit_log import find_last
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.adapters.policy_memory import PolicyMemory
from edge.config import policy as policy_files
from edge.config.policy import SignedPolicy
from edge.config.spec import NodeSpec
from edge.governance import plain
from edge.governance.acceptance import Remembered, Signature, accept, signers
from edge.governance.policy import StatePolicy
from edge.ports import Audit, Clock
from edge.run.term import Term, ended
from edge.run.wiring import auditing
from edge.values.audit import Action, AuditEntry
from edge.values.errors import PolicyError
from edge.values.moment import NS_PER_S
from edge.values.policy_fault import PolicyFault

ACTOR = "run"
SAID = re.compile(r"version (?P<version>[0-9]{1,9}), roots (?P<roots>[0-9a-f]{64})")
"""Words of an entry about an accepted policy."""


def clock() -> Clock:
    """Tells the time by this box, and whether it is right."""
    return SystemClock()


def today() -> date:
    """The day by this box's clock, UTC."""
    return datetime.fromtimestamp(SystemClock().now().utc_ns / NS_PER_S, UTC).date()


def remembered(node: NodeSpec) -> Remembered | None:
    """The last policy that this box accepted; None for a box that never had one.

    The audit log has the last word: a kept file that is not what it says is as good as lost.

    Raises:
        PolicyError: the kept file cannot be read.
        StorageError: the audit log cannot be read.
    """
    return remembered_beside(auditing.folder_of(node))


def remembered_beside(record: Path) -> Remembered | None:
    """The same, of the box that keeps its audit log in this folder.

    Raises:
        PolicyError: the kept file cannot be read.
        StorageError: the audit log cannot be read.
    """
    kept = PolicyMemory(record.parent).last()
    memory = None if kept is None else Remembered.of(policy_files.load(kept).policy)
    told = _told(find_last(record, Action.POLICY_ACCEPTED))
    return memory if told is None or (memory and memory.sha256 == told.sha256) else told


def _told(entry: AuditEntry | None) -> Remembered | None:
    """What an entry tells of an accepted policy; None where the built-in one was."""
    said = None if entry is None else SAID.fullmatch(entry.words)
    if entry is None or said is None:
        return None
    return Remembered(int(said["version"]), entry.subject, said["roots"], None)


def ran_out(node: NodeSpec) -> bool:
    """Whether this box found the configuration's policy over before, and took none since.

    Raises:
        StorageError: the audit log cannot be read.
    """
    last = find_last(auditing.folder_of(node), Action.POLICY_ACCEPTED, Action.POLICY_EXPIRED)
    return last is not None and (last.action, last.subject) == (Action.POLICY_EXPIRED, node.policy_sha256)


def admit(node: NodeSpec, *, expired_too: bool = False) -> None:
    """Pass in silence if the configuration's policy may hold on this box.

    Args:
        node: the box.
        expired_too: whether the policy that the box took while it held still counts after its last day.

    Raises:
        PolicyError: it may not, or there is none although this box once had one.
    """
    last, ref, day = remembered(node), node.policy_ref, today()
    if expired_too and last is not None and last.sha256 == node.policy_sha256:
        day = min(day, node.policy.expires - timedelta(days=1))
    if ref is not None:
        accept(node.policy, ref.signatures, last, ref.roots, day, Ed25519Verifier())
    elif last is not None:
        raise PolicyError(
            f"policy: this box is governed by policy version {last.version}, and the configuration names "
            "none: write the key policy back",
            PolicyFault.NONE_NAMED,
        )


def admit_alone(node: NodeSpec, actor: str) -> StatePolicy | None:
    """Pass in silence if the policy may hold for a process that nobody supervises, by the rule of a box.

    Returns:
        The policy by whose end the process is to stop; None where it is the built-in one.

    Raises:
        PolicyError: it may not, or is over.
        StorageError: the audit log cannot be read, or its end cannot be entered.
    """
    if node.policy_ref is None:
        admit(node)
        return None
    held = Term(clock().now).judge(node.policy, ran_out(node))
    admit(node, expired_too=held.over)
    if held.over:
        with auditing.journal(node, actor) as journal:
            note_end(node, journal)
        raise ended(held)
    return node.policy


def note_end(node: NodeSpec, journal: auditing.Journal) -> None:
    """Enter once that the policy is over, so that it does not come back with a clock that is set back.

    Raises:
        StorageError: it cannot be entered.
    """
    said = f"version {node.policy.version}, on {node.policy.expires}: nothing is looked at or recorded"
    if not ran_out(node):
        journal.note(Action.POLICY_EXPIRED, node.policy_sha256, said)


def admit_next(node: NodeSpec, policy: StatePolicy, signatures: Sequence[Signature]) -> None:
    """Pass in silence if this box may take this policy after the one that holds.

    Raises:
        PolicyError: it may not, or the box has no policy of the state.
    """
    if node.policy_ref is None:
        raise PolicyError("policy: wanted a box with a policy of the state, got the built-in one")
    accept(policy, signatures, remembered(node), node.policy_ref.roots, today(), Ed25519Verifier())


def admit_and_remember(node: NodeSpec, audit: Audit) -> None:
    """The same, and from now on no older policy is taken.

    Raises:
        PolicyError: it may not hold, or its file changed while it was read.
        StorageError: it cannot be remembered, and so does not hold.
    """
    admit(node)
    last, ref = remembered(node), node.policy_ref
    audit.append(_accepted(node))
    if ref is None or (last is not None and last.policy is not None and last.sha256 == node.policy_sha256):
        return
    text = policy_files.text_of(ref.file)
    if plain.sha256(policy_files.parse(text, str(ref.file))) != node.policy_sha256:
        raise PolicyError(f"{ref.file} changed while it was read: try again")
    PolicyMemory(node.data_dir).keep(text)


def _accepted(node: NodeSpec) -> AuditEntry:
    roots = plain.roots_sha256(node.policy)
    said = f"version {node.policy.version}, roots {roots}" if node.policy_ref else "the built-in policy"
    return AuditEntry(SystemClock().now(), ACTOR, Action.POLICY_ACCEPTED, node.policy_sha256, words=said)


def verifier() -> Ed25519Verifier:
    """Checks signatures."""
    return Ed25519Verifier()


def fresh_key(path: Path) -> bytes:
    """Put a new private key into a new file; its public half.

    Raises:
        ConfigError: there is such a file already.
        StorageError: it cannot be written.
    """
    signer = Ed25519Signer.fresh()
    signer.write(path)
    return signer.key


def sign(policy: StatePolicy, key: Path) -> Signature:
    """The signature of a key's owner on a policy.

    Raises:
        ConfigError: the key cannot be read.
        PolicyError: no root of the policy has this key.
    """
    signer = Ed25519Signer.read(key)
    for root in policy.roots:
        if root.key == signer.key.hex():
            return Signature(root.id, signer.sign(plain.to_sign(policy)))
    known = ", ".join(f"{root.id} {root.key[:12]}…" for root in policy.roots) or "none"
    raise PolicyError(
        f"{key}: its public half {signer.key.hex()[:12]}… is no root of this policy; the roots are: {known}"
    )


def signers_of(signed: SignedPolicy) -> frozenset[str]:
    """Ids of the policy's own roots whose signature on it is valid."""
    return signers(signed.policy, signed.signatures, signed.policy.roots, verifier())


def valid(signed: SignedPolicy) -> tuple[Signature, ...]:
    """The signatures that are valid: those on an earlier text of the policy are not."""
    names = signers_of(signed)
    return tuple(each for each in signed.signatures if each.signer in names)
