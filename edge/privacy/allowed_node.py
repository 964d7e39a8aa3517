"""What a box may tell of itself: its cameras, its footage, its losses, its alarms, the head of its record.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.allowed_common import (
    ALARM_ID,
    BOOT,
    CLOCK,
    DATE,
    HEX64,
    HEX128,
    MAX_CAMERAS,
    MAX_SAFE_INT,
    SEQUENCE,
    TALLY,
    UTC,
    WHO,
    words,
)
from edge.privacy.shapes import Flag, Items, Record, Text, Whole
from edge.privacy.spec import NAME, VERSION
from edge.values.camera_state import CameraState, Reason
from edge.values.event import Severity
from edge.values.footage_state import FootageState, Trigger
from edge.values.gap import GapCause
from edge.values.onvif import TOPICS
from edge.values.policy_term import PolicyStanding

DECODERS = ("software", "vaapi", "cuda", "qsv", "drm", "videotoolbox", "d3d11va")
MAX_RULES = 256
MAX_POLICY_VERSION = 1_000_000_000
COUNTS = ("sampled", "answered", "still", "unanswered", "dropped", "refused", "reconnects")

STATE = Record(
    {
        **WHO,
        "camera": Text(NAME),
        "state": words(*(state.value for state in CameraState)),
        "reason": words(*(reason.value for reason in Reason)),
        "since": Text(UTC),
        **CLOCK,
        "counts": Record(dict.fromkeys(COUNTS, TALLY)),
    },
    {
        "onvif": words(*dict.fromkeys(TOPICS.values())),
        "rules_off": Items(Text(NAME), 1, MAX_RULES),
        "decoder": Record({"wanted": words("auto", *DECODERS), "used": words(*DECODERS)}),
    },
)

STATUS = Record(
    {
        **WHO,
        "state": words("online", "stopped", "lost"),
        "boot": Text(BOOT),
        "version": Text(VERSION),
        "connected": Text(UTC),
        "cameras": Items(Text(NAME), 0, MAX_CAMERAS),
    },
    {
        "policy": Record(
            {
                "version": Whole(1, MAX_POLICY_VERSION),
                "expires": Text(DATE),
                "standing": words(*(standing.value for standing in PolicyStanding)),
            }
        )
    },
)

MAX_RANGES = 256

FOOTAGE = Record(
    {
        **WHO,
        **CLOCK,
        "state": words(*(state.value for state in FootageState)),
        **dict.fromkeys(("slots", "mib", "held_slots", "held_mib", "free_mib", "short_mib"), TALLY),
    },
    {"oldest": Text(UTC)},
)

ALARM_RECORD = Record(
    {
        **WHO,
        **CLOCK,
        "alarm_id": Text(ALARM_ID),
        "severity": words(Severity.EXTREME.word),
        "trigger": words(*(trigger.value for trigger in Trigger)),
        "cameras": Items(Text(NAME), 1, MAX_CAMERAS),
        "held_cameras": Items(Text(NAME), 0, MAX_CAMERAS),
        "held_from": Text(UTC),
        "held_until": Text(UTC),
        "review": Text(DATE),
    }
)

GAP = Record(
    {
        **WHO,
        **CLOCK,
        "lost": TALLY,
        "unknown": Flag(),
        "ranges": Items(
            Record(
                {
                    "first": Text(SEQUENCE),
                    "last": Text(SEQUENCE),
                    "count": Whole(1, MAX_SAFE_INT),
                    "cause": words(*(cause.value for cause in GapCause)),
                },
                {"boot": Text(BOOT), "from": Text(UTC), "until": Text(UTC)},
            ),
            0,
            MAX_RANGES,
        ),
    }
)

AUDIT = Record(
    {
        **WHO,
        **CLOCK,
        "size": Whole(1, MAX_SAFE_INT),
        "root": Text(HEX64),
        "key": Text(HEX64),
        "signature": Text(HEX128),
    }
)
