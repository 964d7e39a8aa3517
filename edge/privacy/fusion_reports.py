"""Fused events with their reasons as messages, and how well a fusion can judge.

Law: built field by field and checked like all that leaves. A reason names sources and messages, numbers and
words of sensors; what those messages held beyond that has no field here.
"""

from edge.privacy.allowed import FUSED, FUSION_STATE, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.allowed_fusion import MAX_CLAUSES, MAX_SILENT
from edge.privacy.canonical import Json, JsonObject, encode, number, utc
from edge.privacy.spec import Origin
from edge.values.event import Phase, Severity
from edge.values.fused import Finding, FusedEvent, FusionState, Witness
from edge.values.message import RedactedMessage, Urgency

FUSION_EXPIRY_S = 180
"""A retained state of the fusion outlives its last repetition by this; it is repeated every minute."""

NS_PER_S = 1_000_000_000


def fused(origin: Origin, event: FusedEvent) -> RedactedMessage:
    """The message of one revision of one fused event.

    Raises:
        RedactionError: the event holds what may not leave; count it and send nothing.
    """
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "event_id": event.id,
        "revision": event.revision,
        "phase": event.phase.value,
        "severity": event.severity.word,
        "rule": event.rule,
        "rule_sha256": event.rule_sha256,
        "started": utc(event.started_ns),
        "utc": utc(event.utc_ns),
        "duration_s": number((event.utc_ns - event.started_ns) / NS_PER_S, "duration_s"),
        "reason": [_finding(each) for each in event.findings[:MAX_CLAUSES]],
    }
    if event.around:
        data["around"] = event.around
    if event.cause is not None:
        data["cause"] = event.cause.value
    if event.doubtful:
        data["doubtful"] = True
    body = _body(FUSED, "fused", f"{event.id}.{event.revision}", origin, event.utc_ns, data)
    body["subject"] = f"rule/{event.rule}"
    check(body)
    return RedactedMessage(
        topic=origin.topic("fused", event.rule),
        body=encode(body),
        urgency=Urgency.ALARM if event.severity >= Severity.SEVERE else Urgency.NOTICE,
        event_id=event.id,
        revision=event.revision,
        closes=event.phase is Phase.END,
    )


def fusion_state(origin: Origin, state: FusionState) -> RedactedMessage:
    """How well the sources can be judged; retained, and gone three minutes after it is not repeated."""
    tally = state.tally
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "utc": utc(state.utc_ns),
        "sources": state.sources,
        "silent": list(state.silent[:MAX_SILENT]),
        "more_silent": max(0, len(state.silent) - MAX_SILENT),
        "blind": list(state.blind),
        "open": state.open,
        "facts": tally.facts,
        "again": tally.again,
        "late": tally.late,
        "refused": tally.refused,
        "ahead": tally.ahead,
    }
    if tally.stepped:
        data["stepped"] = tally.stepped
    if state.distrusted:
        told = state.distrusted[:MAX_SILENT]
        data["distrusted"] = [{"source": source, "why": why.value} for source, why in told]
    body = _body(FUSION_STATE, "fusion-state", f"fusion.{state.utc_ns}", origin, state.utc_ns, data)
    check(body)
    return RedactedMessage(
        origin.topic("fusion"), encode(body), Urgency.STATE, retain=True, expiry_s=FUSION_EXPIRY_S
    )


def _finding(finding: Finding) -> JsonObject:
    told: JsonObject = {
        "clause": ".".join(("when", *map(str, finding.clause))),
        "truth": finding.truth.word,
        "utc": utc(finding.utc_ns),
    }
    if finding.witnesses:
        told["facts"] = [_witness(each) for each in finding.witnesses]
    if finding.more:
        told["more"] = finding.more
    if finding.silent:
        told["silent"] = list(finding.silent)
    return told


def _witness(witness: Witness) -> Json:
    told: JsonObject = {"source": witness.source, "id": witness.id, "utc": utc(witness.utc_ns)}
    if witness.value is not None:
        told["value"] = number(witness.value, "value")
    if witness.word:
        told["says"] = witness.word
    return told


def _body(kind: str, schema: str, id_: str, origin: Origin, utc_ns: int, data: JsonObject) -> JsonObject:
    return {
        "specversion": "1.0",
        "id": id_,
        "source": origin.source(),
        "type": kind,
        "time": utc(utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:{schema}:{SCHEMA}",
        "data": data,
    }
