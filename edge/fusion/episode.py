"""One rule at one spot over time: when its event starts, what is told while it lasts, and when it ends.

Law: everything is decided at moments of the sources' time, so it is the same however that time was cut into
stretches. An unknown condition starts nothing; an event whose condition stays unknown ends and says why.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from edge.fusion.memory import Memory
from edge.fusion.spec import Expression, FusionRule
from edge.fusion.timeline import truth_at
from edge.fusion.trace import Trace, key_of, reason, trace
from edge.values.event import EndCause, Phase
from edge.values.event_id import event_id
from edge.values.fused import Finding, FusedEvent, Truth


@dataclass(frozen=True, slots=True)
class Open:
    """An event that lasts.

    Attributes:
        id, revision, started_ns: of the event; `revision` is that of its last message.
        told_ns: when that was judged.
        key: what it told, so that only another reason is news.
        news_ns: since when there is another reason to tell; None while there is not.
        left_ns: since when the condition does not hold; None while it does.
    """

    id: str
    revision: int
    started_ns: int
    told_ns: int
    key: str
    news_ns: int | None = None
    left_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands at one spot: all that has to be remembered of it.

    Attributes:
        rule, rule_sha256, around: which rule, as it was written, and where.
        severity: of the rule, so that its event can be ended when the rule is gone.
        truth: of its condition.
        since_ns: since when that holds.
        quiet_ns: no event begins before then.
        event: the event that lasts, if there is one.
    """

    rule: str
    rule_sha256: str
    around: str
    severity: int
    truth: Truth = Truth.UNKNOWN
    since_ns: int = 0
    quiet_ns: int = 0
    event: Open | None = None


class Episode:
    """The life of one rule's events at one spot."""

    def __init__(self, node: str, rule: FusionRule, around: str, expression: Expression) -> None:
        self._node = node
        self._rule = rule
        self._expression = expression
        self._new = True
        self.standing = Standing(rule.id, rule.sha256, around, int(rule.severity))

    def restore(self, standing: Standing) -> None:
        """Go on from where it stood."""
        self.standing = standing
        self._new = False

    def judge(self, memory: Memory, low: int, high: int) -> list[FusedEvent]:
        """What happens after `low` and until `high`."""
        whole = trace(self._expression, memory, low, high)
        moments = {at for at in whole.changes() if low < at <= high} | ({low} if self._new else set())
        self._new = False
        told: list[FusedEvent] = []
        for at in sorted(moments):
            told += self._act(whole, memory, at - 1)
            self._turn(whole, memory, at)
        return told + self._act(whole, memory, high)

    def _turn(self, whole: Trace, memory: Memory, at: int) -> None:
        """Something in it changes at a moment."""
        standing, truth = self.standing, truth_at(whole.timeline, at)
        if truth is not standing.truth:
            standing = replace(standing, truth=truth, since_ns=at)
        if standing.event is not None:
            left_ns = None if truth is Truth.TRUE else standing.event.left_ns or at
            is_news = _key(reason(whole, memory, at), truth) != standing.event.key
            news_ns = (standing.event.news_ns or at) if is_news else None
            standing = replace(standing, event=replace(standing.event, left_ns=left_ns, news_ns=news_ns))
        self.standing = standing

    def _act(self, whole: Trace, memory: Memory, until: int) -> list[FusedEvent]:
        """Everything that falls due until a moment, with nothing changing before it."""
        told: list[FusedEvent] = []
        while (due := self._due()) is not None and due[0] <= until:
            at, phase, cause = due
            told.append(self._tell(reason(whole, memory, at), at, phase, cause))
        return told

    def _due(self) -> tuple[int, Phase, EndCause | None] | None:
        """What comes next if nothing changes, and when."""
        standing, rule = self.standing, self._rule
        event = standing.event
        if event is None:
            at = max(standing.since_ns + rule.for_ns, standing.quiet_ns)
            return (at, Phase.START, None) if standing.truth is Truth.TRUE else None
        if standing.truth is Truth.FALSE:
            return standing.since_ns + rule.clear_ns, Phase.END, EndCause.CLEARED
        update = None if event.news_ns is None else max(event.news_ns, event.told_ns + rule.update_ns)
        if standing.truth is Truth.TRUE:
            return None if update is None else (update, Phase.UPDATE, None)
        assert event.left_ns is not None
        end = max(standing.since_ns, event.left_ns + rule.unknown_ns)
        if update is not None and update < end:
            return update, Phase.UPDATE, None
        return end, Phase.END, EndCause.UNSEEN

    def _tell(
        self, findings: tuple[Finding, ...], at: int, phase: Phase, cause: EndCause | None
    ) -> FusedEvent:
        standing, rule = self.standing, self._rule
        event = self._begun(at) if standing.event is None else standing.event
        told = replace(
            event,
            revision=event.revision + 1,
            told_ns=at,
            key=_key(findings, standing.truth),
            news_ns=None,
        )
        over = phase is Phase.END
        self.standing = replace(
            standing,
            event=None if over else told,
            quiet_ns=at + rule.cooldown_ns if over else standing.quiet_ns,
        )
        doubtful = phase is Phase.UPDATE and standing.truth is Truth.UNKNOWN
        return FusedEvent(
            told.id,
            told.revision,
            phase,
            rule.severity,
            rule.id,
            rule.sha256,
            standing.around,
            told.started_ns,
            at,
            findings,
            doubtful,
            cause,
        )

    def _begun(self, at: int) -> Open:
        standing, began = self.standing, self.standing.since_ns
        name = event_id("fused", self._node, standing.rule, standing.around, str(began))
        return Open(name, -1, began, at, "")


def _key(findings: tuple[Finding, ...], truth: Truth) -> str:
    return sha256(repr((key_of(findings), truth)).encode()).hexdigest()[:16]
