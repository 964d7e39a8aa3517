"""The policy that the state signs: who is who, what the box may do, what may leave, how long footage stays.

Law: valid from birth; a contradiction is a `ValueError` that names the field. Durations are whole numbers of
the unit in their name; places are whole ten-thousandths of the picture's sides, so that nothing that is
signed is a fraction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from edge.governance.capability import NEVER, Capability
from edge.governance.rights import RIGHTS, STATE_ROLES, Action
from edge.values.keyholders import KeyHolder, KeyHolders, Role
from edge.values.retention import FootagePolicy, Keep
from edge.values.segment import FootageClass

NAME = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
CAMERA = f"{NAME}/{NAME}/{NAME}"
"""A camera of a box: region/node/camera."""

KEY = r"[0-9a-f]{64}"
COUNTRY = r"[A-Z]{2}"
SEAL = r"age1[02-9ac-hj-np-z]{58}"
"""An age X25519 recipient (Bech32)."""

TEN_THOUSAND = 10_000
ROOTS = 3

Polygon = tuple[tuple[int, int], ...]


def _want(pattern: str, what: str, got: str) -> None:
    if re.fullmatch(pattern, got, re.ASCII) is None:
        raise ValueError(f"{what} wants {pattern}, got {got!r}")


def _bounds(what: str, got: int, low: int, high: int) -> None:
    if not low <= got <= high:
        raise ValueError(f"{what} wants {low}..{high}, got {got}")


def _different(what: str, found: Iterable[str]) -> None:
    names = list(found)
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{what} want to be different, got {', '.join(doubles)} twice")


@dataclass(frozen=True, slots=True)
class Party:
    """A person or office that the policy knows.

    Attributes:
        id: short name, unique.
        role: what they are.
        office: where they sit, in words.
        key: Ed25519 public key, 64 hex digits; "" for a party that signs nothing.
        seal: age recipient to which the state's shares of footage keys are sealed; "" for none.
        root: one of the three whose signatures make a policy.
    """

    id: str
    role: Role
    office: str
    key: str = ""
    seal: str = ""
    root: bool = False

    def __post_init__(self) -> None:
        _want(NAME, "a party's id", self.id)
        if self.key:
            _want(KEY, f"the key of {self.id}", self.key)
        if self.seal:
            _want(SEAL, f"the seal of {self.id}", self.seal)
        if self.role not in STATE_ROLES and (self.root or self.seal):
            raise ValueError(
                f"{self.id} is {self.role}: it can neither sign a policy nor hold shares of keys"
            )
        if self.root and not self.key:
            raise ValueError(f"{self.id} signs policies and wants a key, got none")


@dataclass(frozen=True, slots=True, order=True)
class Purpose:
    """Why cameras look, and by which law."""

    id: str
    basis: str

    def __post_init__(self) -> None:
        _want(NAME, "a purpose's id", self.id)


@dataclass(frozen=True, slots=True, order=True)
class AllowedModel:
    """A detector that may look: its name for people, and the SHA-256 of its weights."""

    sha256: str
    name: str

    def __post_init__(self) -> None:
        _want(KEY, f"the sha256 of the model {self.name}", self.sha256)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one class of footage is kept, and by which law."""

    hours: int
    basis: str

    def __post_init__(self) -> None:
        _bounds("retention hours", self.hours, 1, 24 * 3660)


@dataclass(frozen=True, slots=True)
class StatePolicy:
    """All that the state says about one box or many.

    Attributes:
        version: rises with every change; a box takes no older one back.
        country: ISO 3166-1 alpha-2; data stays there.
        issued: first day on which it holds.
        expires: first day on which it does not hold any more (UTC).
        controller: who answers for the cameras, in words; stands on the sign.
        contact: where people ask, in words; stands on the sign.
        parties: who is who; three of them are root.
        purposes: why the cameras look.
        capabilities: what the box may do; what is not here is forbidden.
        forbidden: what is forbidden by name.
        models: detectors that may look; None for any that passes the door.
        masks: polygons where nothing is looked at, by camera, in ten-thousandths; added to the node's own.
        max_px_per_m: finest picture that may be shown or leave, pixels per metre.
        max_rotation_s: longest life of a track's name.
        publish_boxes: whether boxes of objects may leave.
        publish_labels: classes that may be named; None for all of the model's.
        public_min_count: smallest count that public figures show.
        retention: by class of footage: all of them where footage is recorded, none where it is not.
        hold_review_days: longest time between two reviews of a legal hold.
        hold_before_s, hold_after_s: most footage before and after an alarm that is frozen.
        access: who may do what; narrows `RIGHTS`.
        egress: brokers that the box may speak to, as scheme://host:port; None for any that is configured.
        cameras: which may look, as region/node/camera, each with ids of purposes; None where any may that is
            configured, for all of the purposes.
        publish_places_m: grid in metres to which places on the map are rounded in events; 0: not told.
    """

    version: int
    country: str
    issued: date
    expires: date
    controller: str
    contact: str
    parties: tuple[Party, ...]
    purposes: frozenset[Purpose]
    capabilities: frozenset[Capability]
    forbidden: frozenset[Capability]
    models: frozenset[AllowedModel] | None
    masks: Mapping[str, frozenset[Polygon]]
    max_px_per_m: int
    max_rotation_s: int
    publish_boxes: bool
    publish_labels: frozenset[str] | None
    public_min_count: int
    retention: Mapping[FootageClass, Retention]
    hold_review_days: int
    hold_before_s: int
    hold_after_s: int
    access: Mapping[Action, frozenset[Role]] = field(default_factory=lambda: dict(RIGHTS))
    egress: frozenset[str] | None = None
    cameras: Mapping[str, frozenset[str]] | None = None
    publish_places_m: int = 0

    def __post_init__(self) -> None:
        self._check_frame()
        self._check_parties()
        self._check_capabilities()
        self._check_bounds()
        self._check_cameras()
        for action, roles in self.access.items():
            if more := roles - RIGHTS[action]:
                raise ValueError(f"access: {min(more)} can never {action}")

    def _check_frame(self) -> None:
        _bounds("version", self.version, 1, 10**9)
        _want(COUNTRY, "country", self.country)
        if self.expires <= self.issued:
            raise ValueError(f"expires wants a day after {self.issued}, got {self.expires}")

    def _check_parties(self) -> None:
        _different("parties' ids", (party.id for party in self.parties))
        _different("parties' keys", (party.key for party in self.parties if party.key))
        _different("parties' seals", (party.seal for party in self.parties if party.seal))
        roots = self.roots
        if roots and (len(roots) != ROOTS or len({root.role for root in roots}) != ROOTS):
            got = ", ".join(f"{root.id} ({root.role})" for root in roots)
            raise ValueError(f"parties: wanted three roots of three different roles, got {got}")

    def _check_capabilities(self) -> None:
        if never := self.capabilities & NEVER:
            raise ValueError(f"capabilities: {min(never)} cannot be allowed by any policy")
        if both := self.capabilities & self.forbidden:
            raise ValueError(f"capabilities: {min(both)} is both allowed and forbidden")
        if self.retention and Capability.RECORD not in self.capabilities:
            raise ValueError(f"retention: wanted {Capability.RECORD} among the capabilities, or no retention")
        if Capability.EXPORT in self.capabilities and Capability.RECORD not in self.capabilities:
            raise ValueError(f"capabilities: {Capability.EXPORT} wants {Capability.RECORD} too")
        if Capability.RECORD in self.capabilities:
            self._footage("0" * 64)

    def _check_bounds(self) -> None:
        _bounds("max_px_per_m", self.max_px_per_m, 0, 10_000)
        _bounds("max_rotation_s", self.max_rotation_s, 10, 86_400)
        _bounds("public_min_count", self.public_min_count, 1, 1_000)
        _bounds("hold_review_days", self.hold_review_days, 1, 366)
        _bounds("hold_before_s", self.hold_before_s, 0, 86_400)
        _bounds("hold_after_s", self.hold_after_s, 0, 86_400)
        if self.publish_places_m:
            _bounds("publish_places_m", self.publish_places_m, 50, 100_000)
        for name in self.masks:
            _want(NAME, "a camera of masks", name)
        if bare := [camera for camera, polygons in self.masks.items() if not polygons]:
            raise ValueError(f"masks: {min(bare)} wants at least one polygon, or no line")
        for corner in (c for polygons in self.masks.values() for p in polygons for c in p):
            for side in corner:
                _bounds("a corner of a mask", side, 0, TEN_THOUSAND)

    def _check_cameras(self) -> None:
        known = {purpose.id for purpose in self.purposes}
        for camera, wanted in (self.cameras or {}).items():
            _want(CAMERA, "a camera", camera)
            if not wanted:
                raise ValueError(f"cameras: {camera} wants at least one purpose, or no line")
            if strange := sorted(wanted - known):
                told = ", ".join(sorted(known)) or "none"
                raise ValueError(f"cameras: {camera} wants some of the purposes {told}, got {strange[0]}")

    @property
    def roots(self) -> tuple[Party, ...]:
        """The three whose signatures make a policy; none for the built-in one."""
        return tuple(party for party in self.parties if party.root)

    def party(self, name: str) -> Party | None:
        """The party of that id; None where the policy knows none."""
        return next((party for party in self.parties if party.id == name), None)

    def looks_for(self, node: str, camera: str) -> frozenset[str]:
        """Purposes for which a camera of the box `region/node` may look; empty where it may not look."""
        if self.cameras is None:
            return frozenset(purpose.id for purpose in self.purposes)
        return self.cameras.get(f"{node}/{camera}", frozenset())

    def footage(self, sha256: str) -> FootagePolicy | None:
        """What the recorder and the keeper of footage go by; None where nothing may be recorded.

        `sha256` is this policy's own hash.
        """
        return self._footage(sha256) if self.may(Capability.RECORD) else None

    def _footage(self, sha256: str) -> FootagePolicy:
        holders = tuple(KeyHolder(p.id, p.role, p.office, p.seal) for p in self.parties if p.seal)
        keeps = tuple(Keep(name, kept.hours * 3600, kept.basis) for name, kept in self.retention.items())
        return FootagePolicy(sha256, KeyHolders(holders), keeps)

    def may(self, capability: Capability) -> bool:
        """Whether the box may do that."""
        return capability in self.capabilities

    def allows(self, role: Role, action: Action) -> bool:
        """Whether that role may do that."""
        return role in self.access.get(action, frozenset())
