"""A policy as a file again, from its plain data: for policies that did not come as a file.

Law: what is written here and read by `policy.parse` is the policy with the same hash, or an error.
"""

import json
from collections.abc import Mapping

from edge.config.policy import parse
from edge.governance import plain
from edge.governance.canonical import Plain
from edge.governance.policy import TEN_THOUSAND, StatePolicy
from edge.values.errors import PolicyError

AS_IT_IS = (
    "version",
    "country",
    "issued",
    "expires",
    "controller",
    "contact",
    "parties",
    "purposes",
    "models",
    "max_px_per_m",
    "public_min_count",
    "egress",
)


def text(said: Mapping[str, Plain]) -> bytes:
    """The file that says this; JSON, which is YAML too.

    Raises:
        PolicyError: it is no policy's plain data.
    """
    try:
        told: dict[str, object] = {
            **{name: said[name] for name in AS_IT_IS},
            "cameras": _cameras(said["cameras"]),
            "capabilities": {"allowed": said["capabilities"], "forbidden": said["forbidden"]},
            "masks": [
                {"camera": camera, "polygons": [_unit(polygon) for polygon in _rows(polygons)]}
                for camera, polygons in _table(said["masks"])
            ],
            "publish": {
                "boxes": said["publish_boxes"],
                "labels": said["publish_labels"],
                "max_rotation_s": said["max_rotation_s"],
                "places_m": said["publish_places_m"],
            },
            "retention": [{"class": name, **dict(_table(kept))} for name, kept in _table(said["retention"])],
            "hold": {
                "review_days": said["hold_review_days"],
                "before_s": said["hold_before_s"],
                "after_s": said["hold_after_s"],
            },
            "access": [{"action": action, "roles": roles} for action, roles in _table(said["access"])],
        }
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        raise PolicyError(f"the changed policy is none: {failure}") from failure
    return json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"


def policy_of(said: Mapping[str, Plain]) -> StatePolicy:
    """The policy that says exactly this.

    Raises:
        PolicyError: it is no policy's plain data, or the policy contradicts itself.
    """
    found = parse(text(said), "the changed policy")
    if plain.plain(found) != said:
        raise PolicyError(
            "the changed policy: wanted sorted lists without doubles, as a policy's hash has them"
        )
    return found


def _cameras(said: Plain) -> object:
    if said == plain.ANY:
        return said
    return [{"camera": name, "purposes": purposes} for name, purposes in _table(said)]


def _table(said: Plain) -> list[tuple[str, Plain]]:
    if not isinstance(said, dict):
        raise TypeError(f"wanted an object, got {said!r}")
    return list(said.items())


def _rows(said: Plain) -> list[Plain]:
    if not isinstance(said, list):
        raise TypeError(f"wanted a list, got {said!r}")
    return said


def _unit(polygon: Plain) -> list[list[float]]:
    return [[_side(side) for side in _rows(corner)] for corner in _rows(polygon)]


def _side(said: Plain) -> float:
    if not isinstance(said, int):
        raise TypeError(f"wanted whole ten-thousandths, got {said!r}")
    return said / TEN_THOUSAND
