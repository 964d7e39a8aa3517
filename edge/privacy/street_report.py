"""The street without its people becomes a message of its own, for the console of the monitoring centre.

Law: built and checked like events; a picture that is finer than the policy's pixels per metre is refused here
once more, whatever made it. It is the only message with a picture, and the only picture is this one.
"""

import base64

from edge.privacy import png
from edge.privacy.allowed import BACKGROUND, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.allowed_place import MAX_PICTURE_BYTES
from edge.privacy.canonical import JsonObject, encode, mono_us, number, utc
from edge.privacy.spec import Origin
from edge.values.errors import RedactionError
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment
from edge.values.street_picture import StreetPicture

BACKGROUND_EXPIRY_S = 86_400
"""A broker forgets a street that is not shown anew within a day: what a policy took back goes by itself."""


def street_message(
    origin: Origin, policy_sha256: str, max_px_per_m: int, seen: StreetPicture, moment: Moment
) -> RedactedMessage:
    """The message of one picture; retained for a day.

    Raises:
        RedactionError: it is finer than the policy allows, larger than may travel, or no picture of ours.
    """
    if not seen.px_per_m <= max_px_per_m:
        raise RedactionError(f"background: wanted at most {max_px_per_m} px/m, as the policy says")
    if len(seen.png) > MAX_PICTURE_BYTES or _size(seen.png) != (seen.width, seen.height):
        raise RedactionError(
            f"background: wanted a picture of its size, of at most {MAX_PICTURE_BYTES} bytes"
        )
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "camera": seen.camera,
        "utc": utc(moment.utc_ns),
        "mono_us": mono_us(moment),
        "clock": moment.trust.value,
        "from": utc(seen.began_ns),
        "until": utc(seen.ended_ns),
        "width": seen.width,
        "height": seen.height,
        "px_per_m": min(number(seen.px_per_m, "px_per_m"), float(max_px_per_m)),
        "hidden": number(seen.hidden, "hidden"),
        "png": base64.b64encode(seen.png).decode(),
        "policy": {"sha256": policy_sha256, "max_px_per_m": max_px_per_m},
    }
    body: JsonObject = {
        "specversion": "1.0",
        "id": f"{seen.camera}.{moment.utc_ns}",
        "source": origin.source(seen.camera),
        "type": BACKGROUND,
        "subject": seen.camera,
        "time": utc(moment.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:background:{SCHEMA}",
        "data": data,
    }
    check(body)
    topic = origin.topic("background", seen.camera)
    return RedactedMessage(topic, encode(body), Urgency.STATE, retain=True, expiry_s=BACKGROUND_EXPIRY_S)


def _size(raw: bytes) -> tuple[int, int] | None:
    try:
        return png.size_of(raw)
    except ValueError:
        return None
