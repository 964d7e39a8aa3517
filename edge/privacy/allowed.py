"""The allow-list: every field that may leave the box, by type of message. What is not here cannot leave.

Law: `check` walks a finished message and knows nothing of how it was built, so a builder that errs is
caught. No field holds embeddings, free text, addresses or raw track ids; there is no shape for them. One
message holds a picture, that of a street without its people; no other has a field for pixels.
"""

import re
from collections.abc import Mapping

from edge.privacy.allowed_answer import ANSWER_RECORD
from edge.privacy.allowed_common import ALARM_ID, BOOT, EVENT_ID, NONCE, SCHEMA, UTC, words
from edge.privacy.allowed_event import EVENT
from edge.privacy.allowed_fusion import FUSED_RECORD, FUSION
from edge.privacy.allowed_node import ALARM_RECORD, AUDIT, FOOTAGE, GAP, STATE, STATUS
from edge.privacy.allowed_place import HEAT, STREET
from edge.privacy.shapes import Record, Shape, Text
from edge.privacy.spec import NAME
from edge.values.command import Outcome
from edge.values.errors import RedactionError
from edge.values.event import Kind

BACKGROUND = "safecity.background.v1"
HEAT_MAP = "safecity.heat.map.v1"
CAMERA_STATE = "safecity.camera.state.v1"
AUDIT_HEAD = "safecity.audit.head.v1"
ANSWER = "safecity.command.answer.v1"
NODE_STATUS = "safecity.node.status.v1"
OUTBOX_GAP = "safecity.outbox.gap.v1"
FOOTAGE_STATE = "safecity.footage.state.v1"
ALARM = "safecity.alarm.v1"
FUSED = "safecity.fused.v1"
FUSION_STATE = "safecity.fusion.state.v1"


def event_type(kind: Kind) -> str:
    """CloudEvents `type` of an event of this kind."""
    return f"safecity.event.{kind.value}.v1"


def _envelope(kind: str, id_: str, source: str, subject: str, data: Record, *, timed: bool = True) -> Record:
    """CloudEvents 1.0 in JSON, section 3 of its JSON format, held to what this program writes."""
    time: dict[str, Shape] = {"time": Text(UTC)}
    return Record(
        {
            "specversion": words("1.0"),
            "id": Text(id_),
            "source": Text(source),
            "type": words(kind),
            "datacontenttype": words("application/json"),
            "dataschema": Text(rf"urn:safecity:[a-z-]+:{re.escape(SCHEMA)}"),
            "data": data,
            **({"subject": Text(subject)} if subject else {}),
            **(time if timed else {}),
        },
        {} if timed else time,
    )


_NODE_SOURCE = f"/safecity/{NAME}/{NAME}"
_CAMERA_SOURCE = f"{_NODE_SOURCE}/{NAME}"
_STAMP = rf"{BOOT}\.[0-9]{{1,20}}"
_ANSWER_ID = rf"{NONCE}\.({'|'.join(Outcome)})\.[0-9]{{1,20}}"

ALLOWED: Mapping[str, Record] = {
    **{
        event_type(kind): _envelope(
            event_type(kind),
            rf"{EVENT_ID}\.[0-9]{{1,10}}",
            _CAMERA_SOURCE,
            f"(zone|line)/{NAME}",
            EVENT,
        )
        for kind in Kind
    },
    HEAT_MAP: _envelope(HEAT_MAP, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, f"zone/{NAME}", HEAT),
    BACKGROUND: _envelope(BACKGROUND, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, NAME, STREET),
    CAMERA_STATE: _envelope(CAMERA_STATE, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, NAME, STATE),
    NODE_STATUS: _envelope(
        NODE_STATUS, rf"{_STAMP}\.(online|stopped|lost)", _NODE_SOURCE, "", STATUS, timed=False
    ),
    AUDIT_HEAD: _envelope(AUDIT_HEAD, r"audit\.[0-9]{1,16}", _NODE_SOURCE, "", AUDIT),
    OUTBOX_GAP: _envelope(OUTBOX_GAP, r"gap\.[0-9]{1,20}", _NODE_SOURCE, "", GAP),
    FOOTAGE_STATE: _envelope(FOOTAGE_STATE, r"footage\.[0-9]{1,20}", _NODE_SOURCE, "", FOOTAGE),
    ANSWER: _envelope(ANSWER, _ANSWER_ID, _NODE_SOURCE, "", ANSWER_RECORD),
    ALARM: _envelope(ALARM, rf"{ALARM_ID}\.0", _NODE_SOURCE, "", ALARM_RECORD),
    FUSED: _envelope(FUSED, rf"{EVENT_ID}\.[0-9]{{1,10}}", _NODE_SOURCE, f"rule/{NAME}", FUSED_RECORD),
    FUSION_STATE: _envelope(FUSION_STATE, r"fusion\.[0-9]{1,20}", _NODE_SOURCE, "", FUSION),
}
"""Every message that may leave, by its CloudEvents `type`."""


def check(body: object) -> None:
    """Pass a finished message in silence, or refuse it.

    Raises:
        RedactionError: it holds something that is not on the allow-list, or lacks what must be there. The
            text names the field and what was wanted; never the value, which may be what must not leave.
    """
    kind = body.get("type") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in ALLOWED:
        raise RedactionError("a message wants a type of the allow-list")
    ALLOWED[kind](body, "message")
