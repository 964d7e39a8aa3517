"""What commands order, verb by verb: a closed list of small, strict forms.

Law: a form says all that is to be done. A change of the policy is told as what changes, with the hash of what
it is a change of and of what it makes, so that nothing can be put in force that its signers did not see.
"""

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field, JsonValue, field_validator, model_validator

from edge.governance import canonical
from edge.governance.canonical import Plain
from edge.governance.order import ORDER
from edge.governance.policy import SEAL, TEN_THOUSAND
from edge.governance.request import CASE, ExportRequest
from edge.messages.base import ModelName, Name, Sequence, Sha256, Strict, Version
from edge.messages.envelope import Who
from edge.privacy.allowed_common import ALARM_ID, DATE, HEX128, MAX_CAMERAS, MAX_SAFE_INT, NONCE
from edge.privacy.spec import NAME
from edge.values.command import Verb
from edge.values.segment import FootageClass

_SECONDS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
MOST_WORDS = 120
MOST_POLYGONS = 32


def _printable(words: str) -> str:
    if not words.isprintable():
        raise ValueError("wanted printable text")
    return words


def _is_a_time(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _is_a_day(text: str) -> str:
    date.fromisoformat(text)
    return text


Seconds = Annotated[str, Field(pattern=f"^(?:{_SECONDS})$", json_schema_extra={"format": "date-time"})]
Second = Annotated[Seconds, AfterValidator(_is_a_time)]
Nonce = Annotated[str, Field(pattern=f"^(?:{NONCE})$")]
Day = Annotated[
    str,
    Field(pattern=f"^(?:{DATE})$"),
    AfterValidator(_is_a_day),
]
Words = Annotated[str, Field(min_length=1, max_length=MOST_WORDS), AfterValidator(_printable)]
Side = Annotated[int, Field(ge=0, le=TEN_THOUSAND)]
Corner = Annotated[list[Side], Field(min_length=2, max_length=2)]
Polygon = Annotated[list[Corner], Field(min_length=3, max_length=64)]


class Ordered(Who):
    """What every command says."""

    signer: Name = Field(description="who orders: the id of a party of the policy")
    sequence: Sequence = Field(description="rises with every command of the signer, 20 digits")
    nonce: Nonce = Field(description="random; the answer names it")
    issued: Seconds = Field(description="when it was signed, UTC")
    expires: Seconds = Field(description="from when on it is not obeyed, UTC; at most 120 s later")
    challenge: Nonce | None = Field(
        None, description="what the box asked to be signed with it, because its clock is unsure"
    )

    @field_validator("sequence")
    @classmethod
    def _is_a_number_everywhere(cls, sequence: str) -> str:
        if int(sequence) > MAX_SAFE_INT:
            raise ValueError(f"wanted at most {MAX_SAFE_INT}")
        return sequence


class PlainOrder(Ordered):
    """A command that says all by its verb."""

    verb: Literal[Verb.HEALTH, Verb.RELOAD, Verb.RESTART, Verb.AUDIT] = Field(
        description="health (tell how the box is doing), reload (read configuration, policy and masks "
        "again), restart (stop all processes of the box and start them again), audit (leave a copy of the "
        "audit log on the box, sealed to who orders it)"
    )


class PanicOrder(Ordered):
    """Put footage under hold and raise the alarm."""

    verb: Literal[Verb.PANIC] = Field(description="panic")
    cameras: list[Name] = Field(description="whose footage; none means all", max_length=MAX_CAMERAS)


class HoldOrder(Ordered):
    """Put footage under a hold of an authority."""

    verb: Literal[Verb.HOLD] = Field(description="hold")
    case: Words = Field(description="number of the case")
    authority: Words = Field(description="who orders it, by which decision")
    review: Day = Field(description="by when somebody must decide again; the policy has the longest time")
    cameras: list[Name] = Field(
        description="whose footage; none means all that is recorded", max_length=MAX_CAMERAS
    )
    begin: Second = Field(description="footage from when on, UTC")
    end: Second = Field(description="until when, UTC; may lie ahead")

    @model_validator(mode="after")
    def _spans_a_time(self) -> "HoldOrder":
        if not self.begin < self.end:
            raise ValueError("wanted begin before end")
        return self


class ReleaseOrder(Ordered):
    """End a hold: its footage goes by its class again."""

    verb: Literal[Verb.RELEASE] = Field(description="release")
    hold: Annotated[str, Field(pattern=f"^(?:{ALARM_ID})$")] = Field(description="which hold")
    reason: Words = Field(description="why")


class ModelOrder(Ordered):
    """Look with another model, which the box has and a list of the policy names."""

    verb: Literal[Verb.MODEL] = Field(description="model")
    model: ModelName = Field(description="its name on the box: bundled, or in its store")
    sha256: Sha256 = Field(description="of its weights, as `models show` prints it")


class UpdateOrder(Ordered):
    """Take a release on trial that lies on the box already, signed by those who sign releases."""

    verb: Literal[Verb.UPDATE] = Field(description="update")
    version: Version = Field(description="what the release calls itself")
    number: int = Field(description="its sequence number", ge=1, le=10**9)
    sha256: Sha256 = Field(description="of its archive, as `release.json` says")


class Approval(Strict):
    """One person's signature, as in the file beside a policy, or in that of a request."""

    signer: Name = Field(description="a party of the policy that holds")
    ed25519: Annotated[str, Field(pattern=f"^(?:{HEX128})$")] = Field(description="hex")


class Amending(Ordered, ABC):
    """A change of the policy of the state."""

    base: Sha256 = Field(description="hash of the policy that it is a change of; it must hold on the box")
    result: Sha256 = Field(description="hash of the policy that it makes")
    version: int = Field(description="of the policy that it makes", ge=1, le=10**9)
    begins: Day = Field(description="first day of the policy that it makes")
    approvals: list[Approval] = Field(
        description="one where nothing is loosened, else two", min_length=1, max_length=3
    )

    def changed(self, said: dict[str, Plain]) -> dict[str, Plain]:
        """The policy that it makes of this one, both as plain data."""
        return said | {"version": self.version, "issued": self.begins} | self._content(said)

    @abstractmethod
    def _content(self, said: dict[str, Plain]) -> dict[str, Plain]:
        """The fields that change, with their new values."""


class PolicyOrder(Amending):
    """Put a changed policy in force."""

    verb: Literal[Verb.POLICY] = Field(description="policy")
    changes: dict[str, JsonValue] = Field(
        description="new values of the fields that change, as `policy show --json` tells them", max_length=32
    )

    @field_validator("changes")
    @classmethod
    def _is_canonical(cls, changes: dict[str, JsonValue]) -> dict[str, JsonValue]:
        canonical.encode(cast("Plain", changes))
        if unknown := sorted(changes.keys() - ORDER.keys()):
            raise ValueError(f"wanted fields of a policy, got {unknown[0]!r}")
        return changes

    def _content(self, said: dict[str, Plain]) -> dict[str, Plain]:  # noqa: ARG002 (all is in the order)
        return cast("dict[str, Plain]", self.changes)


class MaskOrder(Amending):
    """Set the masks of one camera, all of them; a mask less wants two signatures."""

    verb: Literal[Verb.MASK] = Field(description="mask")
    camera: Name = Field(description="of which camera")
    polygons: list[Polygon] = Field(
        description="where nothing is looked at, in ten-thousandths of the picture's sides",
        max_length=MOST_POLYGONS,
    )

    def _content(self, said: dict[str, Plain]) -> dict[str, Plain]:
        masks = said["masks"]
        assert isinstance(masks, dict)
        others = {camera: polygons for camera, polygons in masks.items() if camera != self.camera}
        mine: dict[str, Plain] = {self.camera: cast("list[Plain]", self.polygons)} if self.polygons else {}
        return {"masks": others | mine}


class RetentionOrder(Amending):
    """Set how long one class of footage is kept; longer wants two signatures."""

    verb: Literal[Verb.RETENTION] = Field(description="retention")
    footage: FootageClass = Field(description="class of footage")
    hours: int = Field(description="hours until it is gone", ge=1, le=87_840)
    basis: Words = Field(description="law, article, decision")

    def _content(self, said: dict[str, Plain]) -> dict[str, Plain]:
        kept = said["retention"]
        assert isinstance(kept, dict)
        return {"retention": kept | {self.footage.value: {"hours": self.hours, "basis": self.basis}}}


class Asked(Strict):
    """What footage is asked for; it is what two people signed, letter for letter."""

    case: Annotated[str, Field(pattern=f"^(?:{CASE})$")] = Field(description="number of the case")
    node: Annotated[str, Field(pattern=f"^(?:{NAME}/{NAME})$")] = Field(description="the box")
    camera: Name = Field(description="one of its cameras")
    begin: Second = Field(description="footage from when on, UTC")
    end: Second = Field(description="until when, UTC")
    purpose: Name = Field(description="one of the policy's purposes")
    recipient: Annotated[str, Field(pattern=f"^(?:{SEAL})$")] = Field(
        description="age recipient who alone can open the package of evidence"
    )
    original: bool = Field(description="whether unredacted pictures are asked for")
    expires: Second = Field(description="until when the request is good, UTC")
    policy_sha256: Sha256 = Field(description="policy under which it is asked")

    @model_validator(mode="after")
    def _can_be_asked(self) -> "Asked":
        self.value()
        return self

    def value(self) -> ExportRequest:
        """The request."""
        return ExportRequest(**self.model_dump())


class ExportOrder(Ordered):
    """Give out the box's half of the keys of footage that two people asked for, sealed to the keyholders."""

    verb: Literal[Verb.EXPORT] = Field(description="export")
    request: Asked
    approvals: list[Approval] = Field(
        description="signatures on the request, first that of who asked, then of who approved",
        min_length=2,
        max_length=4,
    )


Order = Annotated[
    PlainOrder
    | PanicOrder
    | HoldOrder
    | ReleaseOrder
    | PolicyOrder
    | MaskOrder
    | RetentionOrder
    | ModelOrder
    | UpdateOrder
    | ExportOrder,
    Field(discriminator="verb"),
]
