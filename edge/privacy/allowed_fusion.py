"""What a fusion may tell: what it found, by which facts, and how well it can judge.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.allowed_common import BOOT, EVENT_ID, SECONDS, TALLY, UTC, WHO, words
from edge.privacy.shapes import Flag, Items, Real, Record, Text, Whole
from edge.privacy.spec import NAME, SHA256
from edge.values.event import EndCause, Phase, Severity
from edge.values.fused import Distrust, Truth
from edge.values.sensor import WORDS

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
        "says": words(*dict.fromkeys(word for words in WORDS.values() for word in words)),
    },
)

_FINDING = Record(
    {"clause": Text(CLAUSE), "truth": words(*(truth.word for truth in Truth)), "utc": Text(UTC)},
    {
        "facts": Items(_WITNESS, 1, MAX_FACTS),
        "more": Whole(1, 100_000),
        "silent": Items(Text(SOURCE), 1, MAX_FACTS),
    },
)

FUSED_RECORD = Record(
    {
        **WHO,
        "event_id": Text(EVENT_ID),
        "revision": Whole(0, 10**9),
        "phase": words(*(phase.value for phase in Phase)),
        "severity": words(*(severity.word for severity in Severity)),
        "rule": Text(NAME),
        "rule_sha256": Text(SHA256),
        "started": Text(UTC),
        "utc": Text(UTC),
        "duration_s": SECONDS,
        "reason": Items(_FINDING, 0, MAX_CLAUSES),
    },
    {
        "around": Text(SOURCE),
        "cause": words(*(cause.value for cause in EndCause)),
        "doubtful": Flag(),
    },
)

FUSION = Record(
    {
        **WHO,
        "utc": Text(UTC),
        "sources": Whole(0, 100_000),
        "silent": Items(Text(SOURCE), 0, MAX_SILENT),
        "more_silent": Whole(0, 100_000),
        "blind": Items(Text(NAME), 0, MAX_RULES),
        "open": Whole(0, 100_000),
        **dict.fromkeys(("facts", "again", "late", "refused", "ahead"), TALLY),
    },
    {
        "stepped": TALLY,
        "distrusted": Items(
            Record({"source": Text(SOURCE), "why": words(*(why.value for why in Distrust))}), 1, MAX_SILENT
        ),
    },
)
