"""Whether the public may be told what a policy says: it is the state's, signed, and the one this box goes by.

Law: who reads a sign or a report takes it for the rules that hold. A policy that nobody signed, that no box
took, or that was followed by another one is none of them.
"""

from datetime import UTC, date, datetime

from edge.config.spec import NodeSpec
from edge.governance.month import Month
from edge.run.wiring import auditing, governing
from edge.values.audit import Action
from edge.values.errors import PolicyError
from edge.values.moment import NS_PER_S


def check(node: NodeSpec, month: Month | None = None) -> None:
    """Pass in silence if the configuration's policy is in force on this box.

    Args:
        node: the box.
        month: that is told about: a policy that expired after its end still speaks for it.

    Raises:
        PolicyError: it is not; the text says why, and what mends it.
    """
    box = f"{node.region}/{node.node}"
    if node.policy_ref is None:
        raise PolicyError(
            f"{box}: the public is told who is responsible, which stands in a policy of the state: name one"
        )
    over = None if month is None else _day(month.end_ns)
    governing.admit(node, expired_too=over is not None and node.policy.expires >= over)
    last = governing.remembered(node)
    if last is None or last.sha256 != node.policy_sha256:
        holds = "has accepted none yet" if last is None else f"goes by version {last.version}"
        raise PolicyError(
            f"{node.policy_ref.file}: version {node.policy.version} is signed, but {box} {holds}: "
            "start the box with it, or reload it"
        )


def since(node: NodeSpec) -> date | None:
    """First day from which on the box went by its policy without a break; None where it never did.

    Raises:
        AuditError: the audit log cannot be understood.
        StorageError: it cannot be read.
    """
    began: int | None = None
    for logged in auditing.entries(auditing.folder_of(node)):
        entry = logged.entry
        if entry.action is not Action.POLICY_ACCEPTED:
            continue
        if entry.subject != node.policy_sha256:
            began = None
        elif began is None:
            began = entry.moment.utc_ns
    return None if began is None else _day(began)


def _day(utc_ns: int) -> date:
    return datetime.fromtimestamp(utc_ns / NS_PER_S, UTC).date()
