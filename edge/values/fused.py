"""Fused events: what facts of several sources mean together, with the facts that say so.

Law: times are UTC, ns since the epoch, as the sources' own clocks told them. A reason is data: clauses of
the rule, and which facts fulfilled them; no free text, no person.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from edge.values.event import EndCause, Phase, Severity


class Truth(IntEnum):
    """Kleene's three values, so ordered that `and` is the least, `or` the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @property
    def word(self) -> str:
        """The lower-case name, as it stands in messages."""
        return self.name.lower()

    @property
    def opposite(self) -> "Truth":
        """`not`."""
        return Truth(2 - self)


@dataclass(frozen=True, slots=True)
class Witness:
    """A fact that fulfilled a clause.

    Attributes:
        source: `camera/<node>/<camera>` or `sensor/<id>`.
        id: of the message that told it: `<event id>.<revision>` or `<boot>.<sequence>`.
        utc_ns: when it was true.
        value: what a sensor measured, in the unit of its kind.
        word: what a sensor said.
    """

    source: str
    id: str
    utc_ns: int
    value: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one clause of a rule.

    Attributes:
        clause: the way to it from the top of the rule, by positions.
        truth: whether it holds.
        utc_ns: the latest moment at which it was so, within what the rule looks back.
        witnesses: facts that fulfilled it; only of clauses about sources.
        more: how many facts there are beside the witnesses.
        silent: sources of which nothing is known.
    """

    clause: tuple[int, ...]
    truth: Truth
    utc_ns: int
    witnesses: tuple[Witness, ...] = ()
    more: int = 0
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FusedEvent:
    """One revision of one event of several sources.

    Attributes:
        id: stable over all revisions, and the same in every replay of the same facts.
        revision: 0 for the first message of the event, then counting up.
        phase: start, update or end.
        severity: how serious.
        rule: id of the rule that judged.
        rule_sha256: hash of the rule as it was configured.
        around: the source around which the others lie; "" where the rule does not ask for nearness.
        started_ns: since when the rule's condition held.
        utc_ns: when this revision was judged.
        findings: the reason, in the order of the clauses; empty where the end has none.
        doubtful: whether it holds is not known any more, because sources fell silent; UPDATE only.
        cause: why it ended, END only.
    """

    id: str
    revision: int
    phase: Phase
    severity: Severity
    rule: str
    rule_sha256: str
    around: str
    started_ns: int
    utc_ns: int
    findings: tuple[Finding, ...]
    doubtful: bool = False
    cause: EndCause | None = None

    def __post_init__(self) -> None:
        if (self.cause is None) is (self.phase is Phase.END):
            raise ValueError(
                f"a fused event wants a cause exactly when it ends, got {self.phase} and {self.cause}"
            )
        if self.doubtful and self.phase is not Phase.UPDATE:
            raise ValueError(f"a fused event wants to be doubtful while it lasts only, got {self.phase}")
        if self.revision < 0 or self.utc_ns < self.started_ns:
            raise ValueError("a fused event wants a revision >= 0 and to be judged after it began")


class Distrust(StrEnum):
    """Why a word of a source was not believed."""

    AHEAD = "ahead"  # from the future: of a clock that is wrong
    LATE = "late"  # of a moment that was judged already: its clock is behind, or its way was long
    ORDER = "order"  # its number does not grow
    RANGE = "range"  # what cannot be measured, or a count that runs backwards or too fast
    STUCK = "stuck"  # the very same number for too long
    FLOOD = "flood"  # one of more words than a sensor has to say
    FORM = "form"  # of no known form, or of somebody who may not say it


@dataclass(frozen=True, slots=True)
class FusionTally:
    """What became of what was heard, since the first start.

    Attributes:
        facts: taken in.
        again: known already.
        late: came after their time was judged.
        refused: out of physical range, out of order, or of no known form.
        ahead: from the future.
        stepped: how often the own clock went back behind what was judged, so that all was begun anew.
    """

    facts: int = 0
    again: int = 0
    late: int = 0
    refused: int = 0
    ahead: int = 0
    stepped: int = 0


@dataclass(frozen=True, slots=True)
class FusionState:
    """How well several sources can be judged now.

    Attributes:
        utc_ns: judged until then.
        sources: how many the configuration names.
        silent: those of which nothing is known.
        blind: rules whose condition is unknown.
        open: events that last.
        tally: what became of what was heard.
        distrusted: sources whose words of late were not believed, and why not the last one.
    """

    utc_ns: int
    sources: int
    silent: tuple[str, ...]
    blind: tuple[str, ...]
    open: int
    tally: FusionTally
    distrusted: tuple[tuple[str, Distrust], ...] = ()
