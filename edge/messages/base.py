"""The words in which received messages are described: the strict base and the constrained scalars.

Law: what the box is allowed to send is exactly what is understood here; unknown fields and nulls are
errors, because a receiver that shrugs at them cannot notice a sender that leaks.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from edge.privacy.allowed_common import BOOT, DATE, EVENT_ID, MAX_SAFE_INT, SEQUENCE, TRACK, UTC
from edge.privacy.spec import LABEL, MODEL_NAME, NAME, SHA256, VERSION


class Strict(BaseModel):
    """An object that knows all its fields; a field that does not apply is absent, never null."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_null(cls, fields: Any) -> Any:
        if isinstance(fields, dict) and (nulls := [key for key, value in fields.items() if value is None]):
            raise ValueError(f"wanted the field to be absent, got null: {', '.join(nulls)}")
        return fields


def _text(pattern: str, **extra: Any) -> Any:
    return Field(pattern=f"^(?:{pattern})$", **extra)


Name = Annotated[str, _text(NAME)]
Label = Annotated[str, _text(LABEL)]
ModelName = Annotated[str, _text(MODEL_NAME)]
Version = Annotated[str, _text(VERSION)]
Sha256 = Annotated[str, _text(SHA256)]
EventId = Annotated[str, _text(EVENT_ID)]
TrackName = Annotated[str, _text(TRACK)]


def _is_a_time(text: str) -> str:
    """Refuse what is written like a time and is none, before anybody reckons with it."""
    datetime.fromisoformat(text)
    return text


Utc = Annotated[str, _text(UTC, json_schema_extra={"format": "date-time"}), AfterValidator(_is_a_time)]
Date = Annotated[str, _text(DATE)]
Boot = Annotated[str, _text(BOOT)]
Sequence = Annotated[str, _text(SEQUENCE)]
Unit = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000_000)]
Tally = Annotated[int, Field(ge=0, le=MAX_SAFE_INT)]
