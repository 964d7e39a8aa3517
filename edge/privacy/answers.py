"""What the box answers to a command, built and checked like events."""

from edge.privacy.allowed import ANSWER, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.canonical import JsonObject, encode, mono_us, utc
from edge.privacy.spec import Origin
from edge.values.command import Answer, Health
from edge.values.message import RedactedMessage, Urgency


def answer(origin: Origin, said: Answer) -> RedactedMessage:
    """An answer; it waits like an alarm, because a person waits for it."""
    moment = said.moment
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "utc": utc(moment.utc_ns),
        "mono_us": mono_us(moment),
        "clock": moment.trust.value,
        "nonce": said.nonce,
        "signer": said.signer,
        "verb": said.verb.value,
        "outcome": said.outcome.value,
        "reason": said.doubt.value,
    }
    if said.challenge:
        data["challenge"] = said.challenge
    if said.rule is not None:
        data["rule"] = said.rule.value
    if said.hold:
        data["hold"] = said.hold
    if said.refusal is not None:
        data["refusal"] = said.refusal.value
    if said.package is not None:
        data["package"] = {"name": said.package.name, "sha256": said.package.sha256}
    if said.health is not None:
        data["health"] = _health(said.health)
    body: JsonObject = {
        "specversion": "1.0",
        "id": f"{said.nonce}.{said.outcome}.{moment.utc_ns}",
        "source": origin.source(),
        "type": ANSWER,
        "time": utc(moment.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:command-answer:{SCHEMA}",
        "data": data,
    }
    check(body)
    return RedactedMessage(origin.topic("answer"), encode(body), Urgency.ALARM)


def _health(told: Health) -> JsonObject:
    return {
        "version": told.version,
        "up_s": told.up_s,
        "free_mib": told.free_mib,
        "processes": told.processes,
        "down": told.down,
        "deaths": told.deaths,
        "waiting": told.waiting,
        "oldest_s": told.oldest_s,
        "lost": told.lost,
        "cameras": [{"id": each.id, "state": each.state} for each in told.cameras],
    }
