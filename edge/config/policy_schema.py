"""How the policy of the state is written: `configs/policy.schema.json` is generated from it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from edge.config.fields import BrokerUrl, Id, Point, Strict
from edge.governance.capability import Capability
from edge.governance.policy import CAMERA
from edge.governance.rights import Action
from edge.values.keyholders import Role
from edge.values.segment import FootageClass

Words = Annotated[str, Field(min_length=1, max_length=200)]
Hex = Annotated[str, Field(min_length=64, max_length=64)]
Anything = Literal["any"]


class PartyFile(Strict):
    """A person or office that the policy knows."""

    id: Id
    role: Role = Field(description="what they are")
    office: Words = Field(description="where they sit")
    key: str = Field("", description="Ed25519 public key, as `policy keygen` prints it", max_length=64)
    seal: str = Field(
        "", description="age recipient of one of the three who hold shares of footage keys", max_length=80
    )
    root: bool = Field(False, description="one of the three whose signatures make a policy")


class PurposeFile(Strict):
    """Why cameras look."""

    id: Id
    basis: Words = Field(description="law, article, decision")


class CameraFile(Strict):
    """One camera that may look."""

    camera: Annotated[str, Field(pattern=f"^(?:{CAMERA})$")] = Field(
        description="which: `region/node/id`, as its box's configuration names them"
    )
    purposes: list[Id] = Field(
        description="why it looks: of `purposes`, by id. They stand on its sign and in the report, and its "
        "footage leaves for no other",
        min_length=1,
        max_length=16,
    )


class CapabilitiesFile(Strict):
    """What a box may do, and what is forbidden by name; what is in neither list is forbidden too."""

    allowed: list[Capability] = Field(description="what the box may do", max_length=32)
    forbidden: list[Capability] = Field(
        default_factory=list, description="what is forbidden by name", max_length=32
    )


class ModelFile(Strict):
    """A detector that may look."""

    name: Words = Field(description="for people")
    sha256: Hex = Field(description="SHA-256 of its weights, as on its card")


class MaskFile(Strict):
    """Areas of one camera's picture where nothing is looked at, whatever the node says."""

    camera: Id
    polygons: list[Annotated[list[Point], Field(min_length=3, max_length=64)]] = Field(
        description="polygons in the unit square", min_length=1, max_length=32
    )


class PublishFile(Strict):
    """What may be in an event."""

    boxes: bool = Field(description="whether boxes of objects may leave")
    labels: Anything | list[Annotated[str, Field(max_length=32)]] = Field(
        "any", description="classes that may be named"
    )
    max_rotation_s: int = Field(description="longest life of a track's name, seconds", ge=10, le=86_400)
    places_m: int = Field(
        0,
        description="grid to which the middle of a place on the map is rounded in events, metres, from 50; 0 "
        "for no latitude and longitude at all. Where anybody is, is never told",
        ge=0,
        le=100_000,
    )


class RetentionFile(Strict):
    """How long one class of footage is kept."""

    name: FootageClass = Field(
        alias="class", description="routine, or event: an event or an alarm fell into its ten minutes"
    )
    hours: int = Field(description="hours until it is gone", ge=1, le=87_840)
    basis: Words = Field(description="law, article, decision")


class HoldFile(Strict):
    """Bounds of legal holds and of the panic button."""

    review_days: int = Field(description="longest time between two reviews, days", ge=1, le=366)
    before_s: int = Field(description="most footage before an alarm that is frozen, seconds", ge=0, le=86_400)
    after_s: int = Field(description="most footage after an alarm that is frozen, seconds", ge=0, le=86_400)


class AccessFile(Strict):
    """Who may do one thing; never more than the table of rights allows."""

    action: Action = Field(description="what")
    roles: list[Role] = Field(description="who; nobody if empty", max_length=8)


class PolicyFile(Strict):
    """The policy of the state for one box or many."""

    version: int = Field(
        description="rises with every change; no box takes an older one back", ge=1, le=10**9
    )
    country: str = Field(description="ISO 3166-1, two letters; data stays there", min_length=2, max_length=2)
    issued: date = Field(description="first day on which it holds, as 2026-11-01 (UTC)")
    expires: date = Field(description="first day on which it does not hold any more (UTC)")
    controller: Words = Field(description="who answers for the cameras; stands on the sign in the street")
    contact: Words = Field(description="where people can ask; stands on the sign in the street")
    parties: list[PartyFile] = Field(description="who is who", min_length=3, max_length=64)
    purposes: list[PurposeFile] = Field(description="why the cameras look", min_length=1, max_length=16)
    cameras: Anything | Annotated[list[CameraFile], Field(max_length=4096)] = Field(
        "any",
        description="every camera that may look, and why; `any` leaves to the operator which there are, and "
        "each then looks for all purposes",
    )
    capabilities: CapabilitiesFile
    models: Anything | list[ModelFile] = Field("any", description="detectors that may look")
    masks: list[MaskFile] = Field(default_factory=list, max_length=64)
    max_px_per_m: int = Field(
        description="finest picture that may be shown or leave, pixels per metre (IEC 62676-4: 20 monitor, "
        "40 detect, 125 recognise)",
        ge=0,
        le=10_000,
    )
    publish: PublishFile
    public_min_count: int = Field(
        10, description="smallest count that public figures show; smaller ones are suppressed", ge=1, le=1_000
    )
    retention: list[RetentionFile] = Field(default_factory=list, max_length=16)
    hold: HoldFile
    access: list[AccessFile] = Field(default_factory=list, max_length=32)
    egress: Anything | list[BrokerUrl] = Field("any", description="brokers that the box may speak to")
