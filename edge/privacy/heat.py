"""Heat maps become messages, built and checked like events.

Law: a map that is finer than the policy wants is refused here once more, whatever made it.
"""

from edge.privacy.allowed import HEAT_MAP, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.canonical import JsonObject, encode, mono_us, number, utc
from edge.privacy.spec import PrivacySpec
from edge.values.errors import RedactionError
from edge.values.heat import HeatCell, HeatMap
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment


def heat_message(spec: PrivacySpec, camera: str, seen: HeatMap, moment: Moment) -> RedactedMessage:
    """The message of one bin of one map.

    Raises:
        RedactionError: its numbers are smaller than the policy allows.
    """
    if seen.least < spec.policy.min_count:
        raise RedactionError("heat map: wanted numbers as coarse as the policy says")
    origin = spec.origin
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "camera": camera,
        "place": {"kind": "zone", "id": seen.zone},
        "utc": utc(moment.utc_ns),
        "mono_us": mono_us(moment),
        "clock": moment.trust.value,
        "from": utc(seen.began_ns),
        "until": utc(seen.ended_ns),
        "corner": {
            name: number(at, f"corner.{name}") for name, at in zip(("x_m", "y_m"), seen.corner_m, strict=True)
        },
        "cell_m": number(seen.cell_m, "cell_m"),
        "least": seen.least,
        "watched": number(seen.watched, "watched"),
        "cells": [_cell(cell) for cell in seen.cells],
    }
    if seen.noise is not None:
        epsilon = number(seen.noise.epsilon, "noise.epsilon")
        data["noise"] = {"epsilon": epsilon, "cells_each": seen.noise.cells_each}
    body: JsonObject = {
        "specversion": "1.0",
        "id": f"{seen.zone}.{seen.began_ns}",
        "source": origin.source(camera),
        "type": HEAT_MAP,
        "subject": f"zone/{seen.zone}",
        "time": utc(moment.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:heat-map:{SCHEMA}",
        "data": data,
    }
    check(body)
    return RedactedMessage(origin.topic("heat", camera, seen.zone), encode(body), Urgency.NOTICE)


def _cell(cell: HeatCell) -> JsonObject:
    told: JsonObject = {"x": cell.x, "y": cell.y, "people": cell.people}
    if cell.at_once is not None:
        told["at_once"] = cell.at_once
    if cell.way is not None:
        told["mps"] = number(cell.way.mps, "cell.mps")
        if cell.way.toward_deg is not None:
            told["toward_deg"] = cell.way.toward_deg
    return told
