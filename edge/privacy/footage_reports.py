"""What the box says about its footage: how much it keeps, and that an alarm was raised by hand.

Law: built and checked like events. Footage itself has no field here, nor a case number, an authority or a
person.
"""

from edge.privacy.allowed import ALARM, FOOTAGE_STATE, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.canonical import JsonObject, encode, mono_us, utc
from edge.privacy.spec import Origin
from edge.values.event import Severity
from edge.values.footage_state import Alarm, Keeping
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment

MIB = 1 << 20
FOOTAGE_EXPIRY_S = 300
"""A retained state of the footage outlives its last repetition by this; it is repeated every minute."""


def footage_state(origin: Origin, keeping: Keeping, moment: Moment) -> RedactedMessage:
    """How the footage is doing; retained, and gone five minutes after the box stops repeating it."""
    data: JsonObject = {
        **_said(origin, moment),
        "state": keeping.state.value,
        "slots": keeping.slots,
        "mib": keeping.size_bytes // MIB,
        "held_slots": keeping.held_slots,
        "held_mib": keeping.held_bytes // MIB,
        "free_mib": keeping.free_bytes // MIB,
        "short_mib": -(-keeping.short_bytes // MIB),
    }
    if keeping.oldest_ns is not None:
        data["oldest"] = utc(keeping.oldest_ns)
    body = _body(FOOTAGE_STATE, "footage-state", f"footage.{moment.utc_ns}", origin, moment, data)
    return RedactedMessage(
        origin.topic("footage"), encode(body), Urgency.STATE, retain=True, expiry_s=FOOTAGE_EXPIRY_S
    )


def alarm(origin: Origin, raised: Alarm) -> RedactedMessage:
    """Somebody raised an alarm; an event of its own kind, sent once, never shed before all notices are."""
    moment, hold = raised.moment, raised.hold
    data: JsonObject = {
        **_said(origin, moment),
        "alarm_id": hold.id,
        "severity": Severity.EXTREME.word,
        "trigger": raised.trigger.value,
        "cameras": list(raised.cameras),
        "held_cameras": list(raised.held),
        "held_from": utc(hold.began_ns),
        "held_until": utc(hold.ended_ns),
        "review": hold.review,
    }
    body = _body(ALARM, "alarm", f"{hold.id}.0", origin, moment, data)
    return RedactedMessage(origin.topic("alarm"), encode(body), Urgency.ALARM, event_id=f"alarm-{hold.id}")


def _said(origin: Origin, moment: Moment) -> JsonObject:
    return {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "utc": utc(moment.utc_ns),
        "mono_us": mono_us(moment),
        "clock": moment.trust.value,
    }


def _body(kind: str, schema: str, id_: str, origin: Origin, moment: Moment, data: JsonObject) -> JsonObject:
    body: JsonObject = {
        "specversion": "1.0",
        "id": id_,
        "source": origin.source(),
        "type": kind,
        "time": utc(moment.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:{schema}:{SCHEMA}",
        "data": data,
    }
    check(body)
    return body
