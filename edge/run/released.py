"""What the audit log tells of exports and of refusals, for figures.

Law: an export is a request for which keys were released, counted once, in the month of its first release.
"""

import re
from collections.abc import Iterable, Sequence

from edge.governance.month import Month
from edge.governance.transparency import OTHER, Export
from edge.values.audit import Action, AuditEntry
from edge.values.refusal import Refusal

RELEASED = re.compile(r"request (?P<sha256>[0-9a-f]{64}), .*, for (?P<purpose>[a-z0-9-]{1,40})")
"""Words of an entry about a released key; see `edge.run.release`."""

ORIGINAL = ", original pictures"
"""Among the words of an approval, where originals were agreed."""


def exports(entries: Sequence[AuditEntry], month: Month) -> list[Export]:
    """Those of a month, from all entries of a log."""
    originals = {
        each.subject for each in entries if each.action is Action.EXPORT_APPROVED and ORIGINAL in each.words
    }
    first: dict[str, tuple[int, str]] = {}
    for each in entries:
        if each.action is Action.KEY_RELEASED:
            found = RELEASED.fullmatch(each.words)
            sha256, purpose = (found["sha256"], found["purpose"]) if found else (each.subject, OTHER)
            first.setdefault(sha256, (each.moment.utc_ns, purpose))
    return [Export(purpose, sha in originals) for sha, (at_ns, purpose) in first.items() if at_ns in month]


def refusals(entries: Iterable[AuditEntry]) -> list[Refusal]:
    """What was refused; a reason that is not of the closed list counts as a lack of right."""
    known = {reason.value: reason for reason in Refusal}
    return [known.get(each.words, Refusal.NO_RIGHT) for each in entries if each.action is Action.DENIED]
