"""Who reads a box's own record: a person of the policy with that right, who proves it with a key.

Law: fails closed. On a box of the state nobody reads the record through this program without a name in it,
and who is refused is in it too. A copy is read by whoever has it: to make one is what files are guarded for.
"""

from pathlib import Path

from edge.governance.policy import StatePolicy
from edge.governance.rights import RIGHTS, Action
from edge.run.wiring import auditing, governing, standing
from edge.values.audit import Action as Done
from edge.values.errors import PolicyError, RefusedError
from edge.values.refusal import Refusal


def reader(folder: Path, key: Path | None) -> str:
    """By which name somebody reads the record in a folder; "" for the machine's own name for them.

    A policy that has expired still says who may read: the record outlives it.

    Raises:
        ConfigError: the key cannot be read.
        PolicyError: the policy that the box accepted last is lost.
        RefusedError: who reads may not; the record tells of that.
        StorageError: the record cannot be read, or the refusal not be entered.
    """
    policy = _policy(folder) if auditing.is_own(folder) else None
    return "" if policy is None else _person(folder, policy, key)


def _person(folder: Path, policy: StatePolicy, key: Path | None) -> str:
    who = standing.NOBODY
    try:
        if key is None:
            roles = ", ".join(sorted(RIGHTS[Action.READ_AUDIT]))
            raise RefusedError(
                f"{folder}: this box's own record is read with a key of one of {roles}: give --key FILE",
                Refusal.STRANGER,
            )
        party = standing.owner(policy, key)
        who = party.id
        standing.check(policy, party, Action.READ_AUDIT)
    except RefusedError as refused:
        auditing.note_in(folder, who, Done.DENIED, Action.READ_AUDIT, refused.reason)
        raise
    return party.id


def _policy(folder: Path) -> StatePolicy | None:
    """The policy that the box goes by; None for a box that never had one."""
    last = governing.remembered_beside(folder.resolve())
    if last is not None and last.policy is None:
        raise PolicyError(
            f"{folder}: policy version {last.version}, which says who may read, is not kept beside this "
            "record any more: start the box, or read a copy of the record"
        )
    return None if last is None else last.policy
