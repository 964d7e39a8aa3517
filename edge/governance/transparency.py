"""What the public is told about cameras: which there are, what for, and what became of their footage.

Law: figures of a month that is over, nothing about a person, no count below the policy's least, no case, no
name, no time of day. Each kind of event stands in one line of counts that is suppressed as a whole; nothing
is told from which one of them could be worked out (no stock beside its changes, no box beside its city).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from edge.governance.month import Month
from edge.governance.policy import StatePolicy
from edge.governance.suppression import Table, for_the_public
from edge.values.refusal import Refusal
from edge.values.unrecorded import Unrecorded

OTHER = "other"
"""Purpose of an export that the policy of today does not know."""


class Why(StrEnum):
    """Why something was refused, in the public's words."""

    NOT_TWO = "not agreed by two people of different offices"
    NO_RIGHT = "not allowed for who asked, or unknown"
    NOT_COVERED = "not covered by what was agreed"
    NOT_POSSIBLE = "nothing kept any more, or the box could not judge"


WHY: Mapping[Refusal, Why] = {
    Refusal.UNREADABLE: Why.NOT_TWO,
    Refusal.NOT_TWO: Why.NOT_TWO,
    Refusal.ONE_PERSON: Why.NOT_TWO,
    Refusal.ONE_ROLE: Why.NOT_TWO,
    Refusal.STRANGER: Why.NO_RIGHT,
    Refusal.NO_RIGHT: Why.NO_RIGHT,
    Refusal.NO_CAPABILITY: Why.NO_RIGHT,
    Refusal.NO_ORIGINALS: Why.NO_RIGHT,
    Refusal.NO_EXPORT: Why.NO_RIGHT,
    Refusal.POLICY: Why.NO_RIGHT,
    Refusal.OTHER_POLICY: Why.NOT_COVERED,
    Refusal.OTHER_PURPOSE: Why.NOT_COVERED,
    Refusal.OTHER_BOX: Why.NOT_COVERED,
    Refusal.OTHER_CAMERA: Why.NOT_COVERED,
    Refusal.OTHER_TIME: Why.NOT_COVERED,
    Refusal.OTHER_REQUEST: Why.NOT_COVERED,
    Refusal.EXPIRED: Why.NOT_COVERED,
    Refusal.CLOCK: Why.NOT_POSSIBLE,
    Refusal.NOTHING_KEPT: Why.NOT_POSSIBLE,
}


class Held(StrEnum):
    """Why footage was put under hold."""

    ORDER = "by order of an authority"
    PANIC = "by a panic button"


class Pictures(StrEnum):
    """What left with an export."""

    REDACTED = "people and vehicles covered"
    ORIGINAL = "original pictures, both offices agreed"


@dataclass(frozen=True, slots=True)
class Export:
    """Footage for which keys were released, once for each request."""

    purpose: str
    original: bool


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """One camera as its box knows it.

    Attributes:
        id: name.
        recorded: whether its footage is kept.
        since_ns: first time that the box knows of, UTC ns; None where it never recorded.
        gaps: times that were not recorded.
        purposes: why it looks, ids of the policy's purposes, in order.
    """

    id: str
    recorded: bool
    since_ns: int | None = None
    gaps: Sequence[Unrecorded] = ()
    purposes: tuple[str, ...] = ()

    def available(self, month: Month) -> float | None:
        """Share of a month that is recorded, of what lies after its first; None where nothing does."""
        if self.since_ns is None or self.since_ns >= month.end_ns:
            return None
        begin = max(month.begin_ns, self.since_ns)
        spans = sorted((max(g.began_ns, begin), min(g.ended_ns, month.end_ns)) for g in self.gaps)
        missing, reached = 0, begin
        for began, ended in spans:
            missing += max(0, ended - max(began, reached))
            reached = max(reached, ended)
        return 1 - missing / (month.end_ns - begin)


@dataclass(frozen=True, slots=True)
class BoxRecord:
    """What one box's own record says of a month.

    Attributes:
        node: `region/node`.
        cameras: of this box.
        exports: of the month.
        refusals: of the month.
        holds: of the month.
        starts: how often the box was started in it.
        log_size, log_root: entries of its audit log, and the hash over all of them.
        rules_since: first day from which on it went by its policy; None where it never did.
    """

    node: str
    cameras: Sequence[CameraRecord]
    exports: Sequence[Export]
    refusals: Sequence[Refusal]
    holds: Sequence[Held]
    starts: int
    log_size: int
    log_root: str
    rules_since: date | None = None


@dataclass(frozen=True, slots=True)
class CameraLine:
    """One camera as the public sees it, why it looks, and which share of the month is recorded if known."""

    node: str
    id: str
    recorded: bool
    available: float | None
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transparency:
    """The report.

    Attributes:
        month: which is over.
        policy, policy_sha256: that hold.
        cameras: all of them.
        exports, pictures: footage that left, by purpose, and by what could be seen.
        refusals: wishes that were refused, by why.
        holds: footage that was frozen, by whom.
        boxes: name, starts, and the audit log's entries and root.
        rules_since: day from which on all boxes went by the policy; None where one of them never did.
    """

    month: Month
    policy: StatePolicy
    policy_sha256: str
    cameras: tuple[CameraLine, ...]
    exports: Table
    pictures: Table
    refusals: Table
    holds: Table
    boxes: tuple[tuple[str, int, int, str], ...]
    rules_since: date | None = None

    @property
    def rules_are_newer(self) -> bool:
        """Whether other rules held in the month, or in a part of it, or nobody knows."""
        return self.rules_since is None or Month(self.rules_since.year, self.rules_since.month) >= self.month


def transparency(
    month: Month, policy: StatePolicy, policy_sha256: str, boxes: Sequence[BoxRecord]
) -> Transparency:
    """The report on a month of these boxes, which stand under one policy."""
    purposes = sorted(purpose.id for purpose in policy.purposes)
    exports = [export for box in boxes for export in box.exports]
    asked = [each.purpose if each.purpose in purposes else OTHER for each in exports]
    reasons = [*purposes, OTHER] if OTHER in asked else purposes
    pictures = (Pictures.ORIGINAL if each.original else Pictures.REDACTED for each in exports)

    def table(names: Iterable[str], found: Iterable[str]) -> Table:
        counted = Counter(found)
        return for_the_public({name: counted[name] for name in names}, policy.public_min_count)

    return Transparency(
        month,
        policy,
        policy_sha256,
        tuple(
            CameraLine(b.node, c.id, c.recorded, c.available(month), c.purposes)
            for b in boxes
            for c in b.cameras
        ),
        table(reasons, asked),
        table(Pictures, pictures),
        table(Why, (WHY[each] for box in boxes for each in box.refusals)),
        table(Held, (each for box in boxes for each in box.holds)),
        tuple((box.node, box.starts, box.log_size, box.log_root) for box in boxes),
        _all_since(boxes),
    )


def _all_since(boxes: Sequence[BoxRecord]) -> date | None:
    days = [box.rules_since for box in boxes]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
