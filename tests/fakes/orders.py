"""What each verb's form says beside what every command says."""

from typing import Any

from edge.values.command import Verb

AMENDS: dict[str, Any] = {
    "base": "a" * 64,
    "result": "b" * 64,
    "version": 4,
    "begins": "2026-06-01",
    "approvals": [{"signer": "officer", "ed25519": "cd" * 64}],
}
DETAILS: dict[Verb, dict[str, Any]] = {
    Verb.PANIC: {"cameras": ["plaza"]},
    Verb.HOLD: {
        "case": "17/2026",
        "authority": "prosecutor's decision 5",
        "review": "2026-10-30",
        "cameras": ["plaza"],
        "begin": "2026-09-21T08:00:00Z",
        "end": "2026-09-21T09:00:00Z",
    },
    Verb.RELEASE: {"hold": "5e5e5e5e5e5e", "reason": "the case is closed"},
    Verb.POLICY: {**AMENDS, "changes": {"public_min_count": 12}},
    Verb.MASK: {**AMENDS, "camera": "plaza", "polygons": [[[0, 0], [5000, 0], [5000, 10_000]]]},
    Verb.MODEL: {"model": "street-nano", "sha256": "a" * 64},
    Verb.UPDATE: {"version": "1.2.0", "number": 12, "sha256": "a" * 64},
    Verb.EXPORT: {
        "request": {
            "case": "17/2026",
            "node": "r/n",
            "camera": "plaza",
            "begin": "2026-09-21T08:00:00Z",
            "end": "2026-09-21T08:10:00Z",
            "purpose": "safety",
            "recipient": "age1" + "q" * 58,
            "original": False,
            "expires": "2026-09-22T00:00:00Z",
            "policy_sha256": "b" * 64,
        },
        "approvals": [
            {"signer": "officer", "ed25519": "cd" * 64},
            {"signer": "guardian", "ed25519": "ef" * 64},
        ],
    },
    Verb.RETENTION: {**AMENDS, "footage": "routine", "hours": 24, "basis": "law 8"},
}


def details(verb: Verb) -> dict[str, Any]:
    """A form that any box understands."""
    return DETAILS.get(verb, {})
