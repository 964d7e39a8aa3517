"""Messages of a box as they really are, for tests in which somebody reads them: many, and quickly made."""

import json
import uuid
from functools import lru_cache
from typing import Any

from edge.adapters.mqtt_broker import Vitals
from edge.messages import examples
from edge.privacy.canonical import encode
from edge.privacy.reports import NodeState, gap, status
from edge.privacy.spec import Origin
from edge.values.gap import GapReport
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import ClockTrust, Moment
from edge.values.policy_term import PolicyTerm
from tests.fakes.outbox import BOOT

ORIGIN = Origin("r", "n")
RECEIPTS = "safecity/v1/r/n/receipt"


def event_id(seed: int, ordinal: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}-{ordinal}"))


def saying(
    name: str,
    revision: int = 0,
    *,
    last: bool = True,
    alarm: bool = False,
    camera: str = "c1",
    origin: Origin = ORIGIN,
) -> RedactedMessage:
    """One revision of an occupancy event, valid to the letter."""
    body = _example()
    data = body["data"] | {
        "event_id": name,
        "revision": revision,
        "phase": "end" if last else "start" if revision == 0 else "update",
        "severity": "severe" if alarm else "minor",
        "camera": camera,
        "region": origin.region,
        "node": origin.node,
    }
    if last:
        data |= {"cause": "cleared"}
    body |= {"id": f"{name}.{revision}", "source": origin.source(camera), "data": data}
    return RedactedMessage(
        origin.topic("event", camera, "occupancy"),
        encode(body),
        Urgency.ALARM if alarm else Urgency.NOTICE,
        name,
        revision,
        closes=last,
    )


def real_gap(report: GapReport) -> RedactedMessage:
    return gap(ORIGIN, report)


def real_vitals() -> Vitals:
    return vitals_of(ORIGIN, BOOT)


def vitals_of(
    origin: Origin, boot: str, utc_ns: int = 1_793_866_931_200_000_000, policy: PolicyTerm | None = None
) -> Vitals:
    moment = Moment(0, utc_ns, ClockTrust.SYNCED)

    def say(state: NodeState) -> RedactedMessage:
        told = {"boot": boot, "connected": moment, "version": "0.1.0", "cameras": ("c1",)}
        return status(origin, state, **told, policy=policy)  # type: ignore[arg-type]

    return Vitals(say(NodeState.ONLINE), say(NodeState.STOPPED), say(NodeState.LOST))


def _example() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_example_bytes())
    return body


@lru_cache(maxsize=1)
def _example_bytes() -> bytes:
    return examples.occupancy().body
