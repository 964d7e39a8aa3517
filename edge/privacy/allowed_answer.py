"""What a box may answer to a command.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.allowed_common import ALARM_ID, CLOCK, MAX_CAMERAS, NONCE, TALLY, WHO, words
from edge.privacy.shapes import Items, Record, Text
from edge.privacy.spec import NAME, SHA256, VERSION
from edge.values.camera_state import CameraState
from edge.values.command import Doubt, Loosened, Outcome, Verb
from edge.values.refusal import Refusal

PACKAGE = r"[0-9a-f]{12}\.(?:share|audit)\.age"
CAMERA_WORDS = ("starting", *(state.value for state in CameraState))

ANSWER_RECORD = Record(
    {
        **WHO,
        **CLOCK,
        "nonce": Text(NONCE),
        "signer": Text(NAME),
        "verb": words(*(verb.value for verb in Verb)),
        "outcome": words(*(outcome.value for outcome in Outcome)),
        "reason": words(*(doubt.value for doubt in Doubt)),
    },
    {
        "challenge": Text(NONCE),
        "rule": words(*(rule.value for rule in Loosened)),
        "hold": Text(ALARM_ID),
        "refusal": words(*(refusal.value for refusal in Refusal)),
        "package": Record({"name": Text(PACKAGE), "sha256": Text(SHA256)}),
        "health": Record(
            {
                "version": Text(VERSION),
                **dict.fromkeys(
                    ("up_s", "free_mib", "processes", "down", "deaths", "waiting", "oldest_s", "lost"), TALLY
                ),
                "cameras": Items(Record({"id": Text(NAME), "state": words(*CAMERA_WORDS)}), 0, MAX_CAMERAS),
            }
        ),
    },
)
