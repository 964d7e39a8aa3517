"""What an event may hold when it leaves the box.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.allowed_common import CLOCK, COUNT, EVENT_ID, SECONDS, TRACK, UNIT, UTC, WHO, words
from edge.privacy.map_place import LEAST_GRID_M, MOST_GRID_M
from edge.privacy.shapes import Flag, Items, Real, Record, Text, Whole
from edge.privacy.spec import LABEL, MAX_ROTATION_S, MIN_ROTATION_S, MODEL_NAME, NAME, SHA256
from edge.privacy.spots import spot_record
from edge.values.crowd import FLOW_LEVELS, LEVELS, Basis, DensityTable
from edge.values.dynamics import Passage, Unit
from edge.values.event import EndCause, Kind, Phase, Severity
from edge.values.fact import Direction
from edge.values.thing import Change

MAX_OBJECTS = 32

_OBJECT = Record(
    {"track": Text(TRACK), "label": Text(LABEL), "score": UNIT},
    {"box": Items(UNIT, 4, 4)},
)

_PER_M2 = Real(0.0, 1000.0)
_CROWD = Record(
    {
        "per_m2": _PER_M2,
        "low": _PER_M2,
        "high": _PER_M2,
        "coverage": UNIT,
        "area_m2": Real(0.0, 1e6),
        "area_sd_m2": Real(0.0, 1e6),
        "missed_max": UNIT,
        "table": words(*(table.value for table in DensityTable)),
        "level": words(*dict.fromkeys(name for steps in LEVELS.values() for _, name in steps)),
    },
    {
        "at_least": Flag(),
        "basis": words(*(basis.value for basis in Basis)),
        "map": Record(
            {
                "people": Real(0.0, 100_000.0),
                "error": UNIT,
                "age_s": SECONDS,
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
        "coverage": UNIT,
        "width_m": Real(0.0, 1e5),
        "width_sd_m": Real(0.0, 1e5),
        "window_s": Real(5.0, 3600.0),
        "missed_max": UNIT,
        "level": words(*(name for _, name in FLOW_LEVELS)),
    }
)

_DYNAMICS = Record(
    {
        "value": _RATE,
        "low": _RATE,
        "high": _RATE,
        "coverage": UNIT,
        "unit": words(*(unit.value for unit in Unit)),
        "speed_mps": Real(0.0, 100.0),
    },
    {
        "length_m": Real(0.0, 1e5),
        "wait_s": SECONDS,
        "per_min": _RATE,
        "capacity_per_min": _RATE,
        "state": words(*(state.value for state in Passage)),
    },
)

TERMS = ("stood", "owner", "size", "contrast", "edges")
_THING = Record(
    {
        "change": words(*(change.value for change in Change)),
        "since": Text(UTC),
        "stood_s": SECONDS,
        "measured": words("ground", "stature"),
        "terms": Record(dict.fromkeys(TERMS, UNIT)),
    },
    {
        "owner": Text(TRACK),
        "apart_m": Real(0.0, 1e5),
        "side_m": Real(0.0, 1e3),
        "box": Items(UNIT, 4, 4),
    },
)

_MPS = Real(0.0, 300.0)
_SPEED = Record(
    {
        **dict.fromkeys(("mps", "low", "high", "limit_mps"), _MPS),
        "coverage": UNIT,
        "window_s": SECONDS,
        "side": words("over", "under"),
    }
)
_HALT = Record(
    {"since": Text(UTC), "stood_s": SECONDS, "measured": words("ground", "boxes"), "hidden": Flag()}
)

EVENT = Record(
    {
        **WHO,
        "event_id": Text(EVENT_ID),
        "revision": Whole(0, 10**9),
        "phase": words(*(phase.value for phase in Phase)),
        "kind": words(*(kind.value for kind in Kind)),
        "severity": words(*(severity.word for severity in Severity)),
        "rule": Text(NAME),
        "camera": Text(NAME),
        "place": Record(
            {"kind": words("zone", "line"), "id": Text(NAME)},
            {
                "lat": Real(-90.0, 90.0),
                "lon": Real(-180.0, 180.0),
                "grid_m": Whole(LEAST_GRID_M, MOST_GRID_M),
            },
        ),
        "started": Text(UTC),
        **CLOCK,
        "duration_s": SECONDS,
        "count": COUNT,
        "peak": COUNT,
        "confidence": UNIT,
        "objects": Items(_OBJECT, 0, MAX_OBJECTS),
        "frame": Record({"width": Whole(1, 65_535), "height": Whole(1, 65_535)}),
        "model": Record({"name": Text(MODEL_NAME), "sha256": Text(SHA256)}),
        "config_sha256": Text(SHA256),
        "policy": Record(
            {"sha256": Text(SHA256), "rotation_s": Real(MIN_ROTATION_S, MAX_ROTATION_S), "boxes": Flag()}
        ),
    },
    {
        "direction": words(*(direction.value for direction in Direction)),
        "dwell_s": SECONDS,
        "cause": words(*(cause.value for cause in EndCause)),
        "clearing": Flag(),
        "ground": words("calibrated", "uncalibrated"),
        "crowd": _CROWD,
        "flow": _FLOW,
        "dynamics": _DYNAMICS,
        "thing": _THING,
        "speed": _SPEED,
        "halt": _HALT,
        "spot": spot_record(UTC),
    },
)
