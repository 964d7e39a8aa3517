"""The allow-list: every field that may leave the box, by type of message. What is not here cannot leave.

Law: `check` walks a finished message and knows nothing of how it was built, so a builder that errs is
caught. No field holds embeddings, free text, addresses or raw track ids; there is no shape for them. One
message holds a picture, that of a street without its people; no other has a field for pixels.
"""

import re
from collections.abc import Mapping

from edge.privacy.map_place import LEAST_GRID_M, MOST_GRID_M
from edge.privacy.png import MOST_SIDE
from edge.privacy.shapes import Flag, Items, OneOf, Picture, Real, Record, Shape, Stepped, Text, Whole
from edge.privacy.spec import LABEL, MAX_ROTATION_S, MIN_ROTATION_S, MODEL_NAME, NAME, SHA256, VERSION
from edge.privacy.spots import spot_record
from edge.values.camera_state import CameraState, Reason
from edge.values.command import Doubt, Loosened, Outcome, Verb
from edge.values.crowd import FLOW_LEVELS, LEVELS, Basis, DensityTable
from edge.values.dynamics import Passage, Unit
from edge.values.errors import RedactionError
from edge.values.event import EndCause, Kind, Phase, Severity
from edge.values.fact import Direction
from edge.values.footage_state import FootageState, Trigger
from edge.values.fused import Truth
from edge.values.gap import GapCause
from edge.values.heat import STEP_MPS, TURN_DEG
from edge.values.moment import ClockTrust
from edge.values.onvif import TOPICS
from edge.values.refusal import Refusal
from edge.values.sensor import WORDS
from edge.values.thing import Change

SCHEMA = "1.0"
"""Version of the message schema: the first number changes when a field changes its meaning or goes."""

EVENT_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TRACK = r"[a-z2-7]{8}"
ALARM_ID = r"[0-9a-f]{12}"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
UTC = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
SEQUENCE = r"[0-9]{20}"
BOOT = r"[0-9a-z][0-9a-z-]{0,63}"
MAX_OBJECTS = 32
MAX_CAMERAS = 64
MAX_SAFE_INT = 2**53 - 1

_COUNT = Whole(0, 100_000)
_TALLY = Whole(0, MAX_SAFE_INT)
_UNIT = Real(0.0, 1.0)
_SECONDS = Real(0.0, 1e9)


def _words(*words: str) -> OneOf:
    return OneOf(words)


_WHO: dict[str, Shape] = {"schema": _words(SCHEMA), "region": Text(NAME), "node": Text(NAME)}

_CLOCK: dict[str, Shape] = {
    "utc": Text(UTC),
    "mono_us": Whole(0, MAX_SAFE_INT),
    "clock": _words(*(trust.value for trust in ClockTrust)),
}

_OBJECT = Record(
    {"track": Text(TRACK), "label": Text(LABEL), "score": _UNIT},
    {"box": Items(_UNIT, 4, 4)},
)

_PER_M2 = Real(0.0, 1000.0)
_CROWD = Record(
    {
        "per_m2": _PER_M2,
        "low": _PER_M2,
        "high": _PER_M2,
        "coverage": _UNIT,
        "area_m2": Real(0.0, 1e6),
        "area_sd_m2": Real(0.0, 1e6),
        "missed_max": _UNIT,
        "table": _words(*(table.value for table in DensityTable)),
        "level": _words(*dict.fromkeys(name for steps in LEVELS.values() for _, name in steps)),
    },
    {
        "at_least": Flag(),
        "basis": _words(*(basis.value for basis in Basis)),
        "map": Record(
            {
                "people": Real(0.0, 100_000.0),
                "error": _UNIT,
                "age_s": _SECONDS,
                "model": Record({"name": Text(MODEL_NAME), "sha256": Text(SHA256)}),
            }
        ),
    },
)

_RATE = Real(0.0, 100_000.0)
_FLOW = Record(
    {
        "per_min_m": _RATE,
        "low": _RATE,
        "high": _RATE,
        "coverage": _UNIT,
        "width_m": Real(0.0, 1e5),
        "width_sd_m": Real(0.0, 1e5),
        "window_s": Real(5.0, 3600.0),
        "missed_max": _UNIT,
        "level": _words(*(name for _, name in FLOW_LEVELS)),
    }
)

_DYNAMICS = Record(
    {
        "value": _RATE,
        "low": _RATE,
        "high": _RATE,
        "coverage": _UNIT,
        "unit": _words(*(unit.value for unit in Unit)),
        "speed_mps": Real(0.0, 100.0),
    },
    {
        "length_m": Real(0.0, 1e5),
        "wait_s": _SECONDS,
        "per_min": _RATE,
        "capacity_per_min": _RATE,
        "state": _words(*(state.value for state in Passage)),
    },
)

TERMS = ("stood", "owner", "size", "contrast", "edges")
_THING = Record(
    {
        "change": _words(*(change.value for change in Change)),
        "since": Text(UTC),
        "stood_s": _SECONDS,
        "measured": _words("ground", "stature"),
        "terms": Record(dict.fromkeys(TERMS, _UNIT)),
    },
    {
        "owner": Text(TRACK),
        "apart_m": Real(0.0, 1e5),
        "side_m": Real(0.0, 1e3),
        "box": Items(_UNIT, 4, 4),
    },
)

_MPS = Real(0.0, 300.0)
_SPEED = Record(
    {
        **dict.fromkeys(("mps", "low", "high", "limit_mps"), _MPS),
        "coverage": _UNIT,
        "window_s": _SECONDS,
        "side": _words("over", "under"),
    }
)
_HALT = Record(
    {"since": Text(UTC), "stood_s": _SECONDS, "measured": _words("ground", "boxes"), "hidden": Flag()}
)

_EVENT = Record(
    {
        **_WHO,
        "event_id": Text(EVENT_ID),
        "revision": Whole(0, 10**9),
        "phase": _words(*(phase.value for phase in Phase)),
        "kind": _words(*(kind.value for kind in Kind)),
        "severity": _words(*(severity.word for severity in Severity)),
        "rule": Text(NAME),
        "camera": Text(NAME),
        "place": Record(
            {"kind": _words("zone", "line"), "id": Text(NAME)},
            {
                "lat": Real(-90.0, 90.0),
                "lon": Real(-180.0, 180.0),
                "grid_m": Whole(LEAST_GRID_M, MOST_GRID_M),
            },
        ),
        "started": Text(UTC),
        **_CLOCK,
        "duration_s": _SECONDS,
        "count": _COUNT,
        "peak": _COUNT,
        "confidence": _UNIT,
        "objects": Items(_OBJECT, 0, MAX_OBJECTS),
        "frame": Record({"width": Whole(1, 65_535), "height": Whole(1, 65_535)}),
        "model": Record({"name": Text(MODEL_NAME), "sha256": Text(SHA256)}),
        "config_sha256": Text(SHA256),
        "policy": Record(
            {"sha256": Text(SHA256), "rotation_s": Real(MIN_ROTATION_S, MAX_ROTATION_S), "boxes": Flag()}
        ),
    },
    {
        "direction": _words(*(direction.value for direction in Direction)),
        "dwell_s": _SECONDS,
        "cause": _words(*(cause.value for cause in EndCause)),
        "clearing": Flag(),
        "ground": _words("calibrated", "uncalibrated"),
        "crowd": _CROWD,
        "flow": _FLOW,
        "dynamics": _DYNAMICS,
        "thing": _THING,
        "speed": _SPEED,
        "halt": _HALT,
        "spot": spot_record(UTC),
    },
)

DECODERS = ("software", "vaapi", "cuda", "qsv", "drm", "videotoolbox", "d3d11va")
MAX_RULES = 256
COUNTS = ("sampled", "answered", "still", "unanswered", "dropped", "refused", "reconnects")

_STATE = Record(
    {
        **_WHO,
        "camera": Text(NAME),
        "state": _words(*(state.value for state in CameraState)),
        "reason": _words(*(reason.value for reason in Reason)),
        "since": Text(UTC),
        **_CLOCK,
        "counts": Record(dict.fromkeys(COUNTS, _TALLY)),
    },
    {
        "onvif": _words(*dict.fromkeys(TOPICS.values())),
        "rules_off": Items(Text(NAME), 1, MAX_RULES),
        "decoder": Record({"wanted": _words("auto", *DECODERS), "used": _words(*DECODERS)}),
    },
)

_STATUS = Record(
    {
        **_WHO,
        "state": _words("online", "stopped", "lost"),
        "boot": Text(BOOT),
        "version": Text(VERSION),
        "connected": Text(UTC),
        "cameras": Items(Text(NAME), 0, MAX_CAMERAS),
    }
)

MAX_RANGES = 256

_FOOTAGE = Record(
    {
        **_WHO,
        **_CLOCK,
        "state": _words(*(state.value for state in FootageState)),
        **dict.fromkeys(("slots", "mib", "held_slots", "held_mib", "free_mib", "short_mib"), _TALLY),
    },
    {"oldest": Text(UTC)},
)

_ALARM = Record(
    {
        **_WHO,
        **_CLOCK,
        "alarm_id": Text(ALARM_ID),
        "severity": _words(Severity.EXTREME.word),
        "trigger": _words(*(trigger.value for trigger in Trigger)),
        "cameras": Items(Text(NAME), 1, MAX_CAMERAS),
        "held_cameras": Items(Text(NAME), 0, MAX_CAMERAS),
        "held_from": Text(UTC),
        "held_until": Text(UTC),
        "review": Text(DATE),
    }
)

_GAP = Record(
    {
        **_WHO,
        **_CLOCK,
        "lost": _TALLY,
        "unknown": Flag(),
        "ranges": Items(
            Record(
                {
                    "first": Text(SEQUENCE),
                    "last": Text(SEQUENCE),
                    "count": Whole(1, MAX_SAFE_INT),
                    "cause": _words(*(cause.value for cause in GapCause)),
                },
                {"boot": Text(BOOT), "from": Text(UTC), "until": Text(UTC)},
            ),
            0,
            MAX_RANGES,
        ),
    }
)

MAX_HEAT_CELLS = 1000

_COLUMN = Whole(0, 1_000_000)
_PEOPLE = Whole(0, 1_000_000)
_HEAT = Record(
    {
        **_WHO,
        **_CLOCK,
        "camera": Text(NAME),
        "place": Record({"kind": _words("zone"), "id": Text(NAME)}),
        "from": Text(UTC),
        "until": Text(UTC),
        "corner": Record({"x_m": Real(-1e7, 1e7), "y_m": Real(-1e7, 1e7)}),
        "cell_m": Real(0.0, 1000.0),
        "least": Whole(1, 1000),
        "watched": _UNIT,
        "cells": Items(
            Record(
                {"x": _COLUMN, "y": _COLUMN, "people": _PEOPLE},
                {
                    "at_once": _PEOPLE,
                    "toward_deg": Stepped(TURN_DEG, 360 - TURN_DEG),
                    "mps": Stepped(STEP_MPS, 12.0),
                },
            ),
            0,
            MAX_HEAT_CELLS,
        ),
    },
    {"noise": Record({"epsilon": Real(0.0, 100.0), "cells_each": Whole(1, 1000)})},
)

MAX_PICTURE_BYTES = 24 << 10
"""The picture of a street as it travels; in base64 it is half a message of the outbox's usual limit."""

_SIDE = Whole(1, MOST_SIDE)
_BACKGROUND = Record(
    {
        **_WHO,
        **_CLOCK,
        "camera": Text(NAME),
        "from": Text(UTC),
        "until": Text(UTC),
        "width": _SIDE,
        "height": _SIDE,
        "px_per_m": Real(0.0, 10_000.0),
        "hidden": _UNIT,
        "png": Picture(MAX_PICTURE_BYTES),
        "policy": Record({"sha256": Text(SHA256), "max_px_per_m": Whole(0, 10_000)}),
    }
)

SOURCE = rf"(?:camera/{NAME}/{NAME}|sensor/{NAME})"
CLAUSE = r"when(?:\.[0-9]{1,2}){0,15}"
FACT_ID = rf"{BOOT}\.[0-9]{{1,16}}"
MAX_CLAUSES = 64
MAX_FACTS = 8
MAX_SILENT = 64
MAX_RULES = 256

_WITNESS = Record(
    {"source": Text(SOURCE), "id": Text(FACT_ID), "utc": Text(UTC)},
    {
        "value": Real(0.0, 1e6),
        "says": _words(*dict.fromkeys(word for words in WORDS.values() for word in words)),
    },
)

_FINDING = Record(
    {"clause": Text(CLAUSE), "truth": _words(*(truth.word for truth in Truth)), "utc": Text(UTC)},
    {
        "facts": Items(_WITNESS, 1, MAX_FACTS),
        "more": Whole(1, 100_000),
        "silent": Items(Text(SOURCE), 1, MAX_FACTS),
    },
)

_FUSED = Record(
    {
        **_WHO,
        "event_id": Text(EVENT_ID),
        "revision": Whole(0, 10**9),
        "phase": _words(*(phase.value for phase in Phase)),
        "severity": _words(*(severity.word for severity in Severity)),
        "rule": Text(NAME),
        "rule_sha256": Text(SHA256),
        "started": Text(UTC),
        "utc": Text(UTC),
        "duration_s": _SECONDS,
        "reason": Items(_FINDING, 0, MAX_CLAUSES),
    },
    {
        "around": Text(SOURCE),
        "cause": _words(*(cause.value for cause in EndCause)),
        "doubtful": Flag(),
    },
)

_FUSION = Record(
    {
        **_WHO,
        "utc": Text(UTC),
        "sources": Whole(0, 100_000),
        "silent": Items(Text(SOURCE), 0, MAX_SILENT),
        "more_silent": Whole(0, 100_000),
        "blind": Items(Text(NAME), 0, MAX_RULES),
        "open": Whole(0, 100_000),
        **dict.fromkeys(("facts", "again", "late", "refused", "ahead"), _TALLY),
    }
)

HEX64 = r"[0-9a-f]{64}"
HEX128 = r"[0-9a-f]{128}"

_AUDIT = Record(
    {
        **_WHO,
        **_CLOCK,
        "size": Whole(1, MAX_SAFE_INT),
        "root": Text(HEX64),
        "key": Text(HEX64),
        "signature": Text(HEX128),
    }
)

NONCE = r"[0-9a-f]{32}"
PACKAGE = r"[0-9a-f]{12}\.(?:share|audit)\.age"
CAMERA_WORDS = ("starting", *(state.value for state in CameraState))

_ANSWER = Record(
    {
        **_WHO,
        **_CLOCK,
        "nonce": Text(NONCE),
        "signer": Text(NAME),
        "verb": _words(*(verb.value for verb in Verb)),
        "outcome": _words(*(outcome.value for outcome in Outcome)),
        "reason": _words(*(doubt.value for doubt in Doubt)),
    },
    {
        "challenge": Text(NONCE),
        "rule": _words(*(rule.value for rule in Loosened)),
        "hold": Text(ALARM_ID),
        "refusal": _words(*(refusal.value for refusal in Refusal)),
        "package": Record({"name": Text(PACKAGE), "sha256": Text(SHA256)}),
        "health": Record(
            {
                "version": Text(VERSION),
                **dict.fromkeys(
                    ("up_s", "free_mib", "processes", "down", "deaths", "waiting", "oldest_s", "lost"), _TALLY
                ),
                "cameras": Items(Record({"id": Text(NAME), "state": _words(*CAMERA_WORDS)}), 0, MAX_CAMERAS),
            }
        ),
    },
)

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
            "specversion": _words("1.0"),
            "id": Text(id_),
            "source": Text(source),
            "type": _words(kind),
            "datacontenttype": _words("application/json"),
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

ALLOWED: Mapping[str, Record] = {
    **{
        event_type(kind): _envelope(
            event_type(kind),
            rf"{EVENT_ID}\.[0-9]{{1,10}}",
            _CAMERA_SOURCE,
            f"(zone|line)/{NAME}",
            _EVENT,
        )
        for kind in Kind
    },
    HEAT_MAP: _envelope(HEAT_MAP, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, f"zone/{NAME}", _HEAT),
    BACKGROUND: _envelope(BACKGROUND, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, NAME, _BACKGROUND),
    CAMERA_STATE: _envelope(CAMERA_STATE, rf"{NAME}\.[0-9]{{1,20}}", _CAMERA_SOURCE, NAME, _STATE),
    NODE_STATUS: _envelope(
        NODE_STATUS, rf"{_STAMP}\.(online|stopped|lost)", _NODE_SOURCE, "", _STATUS, timed=False
    ),
    AUDIT_HEAD: _envelope(AUDIT_HEAD, r"audit\.[0-9]{1,16}", _NODE_SOURCE, "", _AUDIT),
    OUTBOX_GAP: _envelope(OUTBOX_GAP, r"gap\.[0-9]{1,20}", _NODE_SOURCE, "", _GAP),
    FOOTAGE_STATE: _envelope(FOOTAGE_STATE, r"footage\.[0-9]{1,20}", _NODE_SOURCE, "", _FOOTAGE),
    ANSWER: _envelope(ANSWER, rf"{NONCE}\.({'|'.join(Outcome)})\.[0-9]{{1,20}}", _NODE_SOURCE, "", _ANSWER),
    ALARM: _envelope(ALARM, rf"{ALARM_ID}\.0", _NODE_SOURCE, "", _ALARM),
    FUSED: _envelope(FUSED, rf"{EVENT_ID}\.[0-9]{{1,10}}", _NODE_SOURCE, f"rule/{NAME}", _FUSED),
    FUSION_STATE: _envelope(FUSION_STATE, r"fusion\.[0-9]{1,20}", _NODE_SOURCE, "", _FUSION),
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
