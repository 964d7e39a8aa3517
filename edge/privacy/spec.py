"""What the redactor is told before the first event: who speaks, by which policy, measured with what.

Law: every word in here may leave the box, so each is held to a narrow alphabet from birth. Compiled
once from the configuration, never changed; a new policy is a new spec and a new redactor.
"""

import re
from dataclasses import dataclass

NAME = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
"""Identifiers of regions, nodes, cameras, zones, lines and rules: too narrow for an address or a sentence."""

LABEL = r"[a-z][a-z0-9 _-]{0,31}"
"""Names of object classes, as a model card lists them."""

MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
VERSION = r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}"
SHA256 = r"[0-9a-f]{64}"

MIN_ROTATION_S = 10.0
MAX_ROTATION_S = 86_400.0


def _want(pattern: str, what: str, got: str) -> None:
    if re.fullmatch(pattern, got, re.ASCII) is None:
        raise ValueError(f"{what} wants {pattern}, got {got!r}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who speaks: a node, in its region."""

    region: str
    node: str

    def __post_init__(self) -> None:
        _want(NAME, "a region", self.region)
        _want(NAME, "a node", self.node)

    def source(self, camera: str = "") -> str:
        """CloudEvents `source` of the node, or of one of its cameras."""
        return f"/safecity/{self.region}/{self.node}" + (f"/{camera}" if camera else "")

    def topic(self, *levels: str) -> str:
        """MQTT topic below this node."""
        return "/".join(("safecity/v1", self.region, self.node, *levels))


@dataclass(frozen=True, slots=True)
class Policy:
    """What the privacy policy lets out.

    Attributes:
        sha256: hash of the policy as it was read, 64 hex digits.
        rotation_s: after how long the names of tracks change, 10..86400 s.
        boxes: whether the boxes of objects leave the box.
        labels: object classes that may be named.
        min_count: fewest people of whom a figure about a crowd as a whole may tell.
        places_m: grid to which places on the map are rounded; 0: none is told.
    """

    sha256: str
    rotation_s: float
    boxes: bool
    labels: frozenset[str]
    min_count: int = 1
    places_m: int = 0

    def __post_init__(self) -> None:
        _want(SHA256, "a policy hash", self.sha256)
        if not MIN_ROTATION_S <= self.rotation_s <= MAX_ROTATION_S:
            raise ValueError(
                f"a rotation wants {MIN_ROTATION_S:g}..{MAX_ROTATION_S:g} s, got {self.rotation_s}"
            )
        for label in self.labels:
            _want(LABEL, "a label", label)


@dataclass(frozen=True, slots=True)
class ModelRef:
    """The detector that looked: its name and the SHA-256 of its file."""

    name: str
    sha256: str

    def __post_init__(self) -> None:
        _want(MODEL_NAME, "a model name", self.name)
        _want(SHA256, "a model hash", self.sha256)


@dataclass(frozen=True, slots=True)
class PrivacySpec:
    """Everything an event message says besides the event itself."""

    origin: Origin
    policy: Policy
    model: ModelRef
    config_sha256: str

    def __post_init__(self) -> None:
        _want(SHA256, "a configuration hash", self.config_sha256)
