"""Backgrounds: a camera's street without its people, coarse as the policy wants it."""

import base64
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from edge.messages.base import Name, Sha256, Strict, Unit, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.privacy import png
from edge.privacy.allowed_place import MAX_PICTURE_BYTES
from edge.values import base64_text

BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"
Side = Annotated[int, Field(ge=1, le=png.MOST_SIDE)]


def _is_a_picture(text: str) -> str:
    """Refuse what is no picture of a box, before anybody shows it."""
    png.size_of(base64_text.read(text))
    return text


Picture = Annotated[
    str,
    Field(
        pattern=BASE64,
        max_length=-(-MAX_PICTURE_BYTES // 3) * 4,
        json_schema_extra={"contentEncoding": "base64", "contentMediaType": "image/png"},
    ),
    AfterValidator(_is_a_picture),
]


class CeilingData(Strict):
    """What the policy of the state allows."""

    sha256: Sha256 = Field(description="of the policy that holds")
    max_px_per_m: int = Field(
        description="finest picture that may be shown, pixels per metre", ge=0, le=10_000
    )


class BackgroundData(Clocked):
    """The street of one camera, without people."""

    camera: Name = Field(description="whose street it is")
    from_: Utc = Field(alias="from", description="first picture of which it was made, UTC")
    until: Utc = Field(description="last picture of which it was made, UTC")
    width: Side = Field(description="of the picture, pixels")
    height: Side = Field(description="of the picture, pixels")
    px_per_m: float = Field(description="finest anywhere on the ground, pixels per metre", ge=0, le=10_000)
    hidden: Unit = Field(
        description="share that is hatched: where it was never free, is doubtful, or nobody may look"
    )
    png: Picture = Field(
        description="the picture: PNG of at most 48 colours, without any other content, in base64"
    )
    policy: CeilingData

    @model_validator(mode="after")
    def _as_it_says(self) -> "BackgroundData":
        if png.size_of(self.raw) != (self.width, self.height):
            raise ValueError("wanted a picture of width and height")
        if self.px_per_m > self.policy.max_px_per_m:
            raise ValueError("wanted px_per_m of at most policy.max_px_per_m")
        return self

    @property
    def raw(self) -> bytes:
        """The picture's bytes."""
        return base64.b64decode(self.png)

    @property
    def words(self) -> str:
        """The picture in words."""
        size = f"{self.width}x{self.height}, at most {self.px_per_m:.0f} px/m"
        return f"the street without people, {size}, {self.hidden:.0%} of it hatched"


class BackgroundMessage(Numbered):
    """The street of one camera without its people; retained, and forgotten after a day without a new one."""

    type: Literal["safecity.background.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>/<camera>`")
    subject: Name = Field(description="the camera")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:background:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: BackgroundData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/background/{self.data.camera}"
