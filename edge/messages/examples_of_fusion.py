"""What a fusion says, and what a gateway of sensors tells it."""

from edge.messages.examples_of_node import BEGIN, ORIGIN
from edge.privacy import (
    Origin,
)
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.canonical import JsonObject, encode, utc
from edge.privacy.fusion_reports import fused, fusion_state
from edge.values.event import Phase, Severity
from edge.values.fused import Distrust, Finding, FusedEvent, FusionState, FusionTally, Truth, Witness
from edge.values.message import RedactedMessage, Urgency

FUSION = Origin("samarkand", "fusion-1")


def together() -> RedactedMessage:
    """Smoke, and a crowd close to it."""
    at = BEGIN.utc_ns
    smoke = Witness("sensor/smoke-1", "d41c7a90b2ef.1042", at - 4_200_000_000, 7.8)
    crowd = Witness("camera/registan-01/plaza", "2f0c6f5e-8d1b-8a47-9c3e-5b1d0e7a4f62.2", at)
    event = FusedEvent(
        id="7b2e9d14-55f0-8c3a-b6e1-0d4f8a92c7e5",
        revision=0,
        phase=Phase.START,
        severity=Severity.SEVERE,
        rule="smoke-in-a-crowd",
        rule_sha256="e5" * 32,
        around="sensor/smoke-1",
        started_ns=at,
        utc_ns=at,
        findings=(
            Finding((), Truth.TRUE, at),
            Finding((0,), Truth.TRUE, at, (smoke,)),
            Finding((1,), Truth.TRUE, at, (crowd,), silent=("camera/registan-02/gate",)),
        ),
    )
    return fused(FUSION, event)


def judging() -> RedactedMessage:
    """A fusion of which one camera is silent, and the clock of one sensor behind."""
    tally = FusionTally(facts=88_203, again=12, late=7, refused=2, ahead=0)
    silent = ("camera/registan-02/gate",)
    distrusted = (("sensor/noise-4", Distrust.LATE),)
    state = FusionState(BEGIN.utc_ns, 41, silent, ("both-gates",), 1, tally, distrusted)
    return fusion_state(FUSION, state)


def reading() -> RedactedMessage:
    """A smoke sensor speaks: in the dress of a message, although a gateway sends it."""
    gateway, sequence = "gateway-3", 1_042
    data: JsonObject = {
        "schema": SCHEMA,
        "region": ORIGIN.region,
        "node": gateway,
        "sensor": "smoke-1",
        "kind": "smoke",
        "boot": "d41c7a90b2ef",
        "sequence": sequence,
        "utc": utc(BEGIN.utc_ns),
        "percent_per_m": 7.8,
    }
    body: JsonObject = {
        "specversion": "1.0",
        "id": f"d41c7a90b2ef.{sequence}",
        "source": f"/safecity/{ORIGIN.region}/{gateway}/smoke-1",
        "type": "safecity.reading.v1",
        "time": utc(BEGIN.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:reading:{SCHEMA}",
        "data": data,
    }
    topic = Origin(ORIGIN.region, gateway).topic("reading", "smoke-1")
    return RedactedMessage(topic, encode(body), Urgency.NOTICE)
