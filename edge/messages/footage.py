"""Footage: how much a node keeps, and alarms that somebody raised by hand."""

from typing import Annotated, Literal

from pydantic import Field

from edge.messages.base import Date, Name, Tally, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.privacy.allowed_common import ALARM_ID, MAX_CAMERAS
from edge.values.footage_state import FootageState, Trigger

AlarmId = Annotated[str, Field(pattern=f"^(?:{ALARM_ID})$")]


class FootageData(Clocked):
    """How much footage is kept."""

    state: FootageState = Field(
        description="keeping (all is well), crowded (holds fill the disk, so that routine footage is not "
        "taken any more), broken (the disk does not let footage be looked after)"
    )
    slots: Tally = Field(description="stretches of ten minutes of one camera that are kept")
    mib: Tally = Field(description="their size, MiB")
    held_slots: Tally = Field(description="how many of them legal holds keep")
    held_mib: Tally = Field(description="their size, MiB")
    free_mib: Tally = Field(description="free on the disk, MiB")
    short_mib: Tally = Field(
        description="missing on the disk and not to be had, because holds keep the rest, MiB"
    )
    oldest: Utc | None = Field(
        None, description="first picture that is kept, UTC; absent where there is none"
    )


class FootageMessage(Numbered):
    """How much footage a node keeps; retained, repeated while the box lives, expires when it falls silent."""

    type: Literal["safecity.footage.state.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:footage-state:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: FootageData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/footage"


class AlarmData(Clocked):
    """An alarm raised by hand, and the footage that it put under hold."""

    alarm_id: AlarmId = Field(description="id of the alarm, and of its hold on the node")
    severity: Literal["extreme"] = Field(description="always the highest")
    trigger: Trigger = Field(description="how it was raised: command (also a wired button), http, mqtt")
    cameras: list[Name] = Field(description="cameras it is about", min_length=1, max_length=MAX_CAMERAS)
    held_cameras: list[Name] = Field(
        description="those of them whose footage is under hold; the others are not recorded",
        max_length=MAX_CAMERAS,
    )
    held_from: Utc = Field(description="footage is held from then, UTC")
    held_until: Utc = Field(description="and until then, which may lie ahead")
    review: Date = Field(description="day by which somebody must decide about the hold")


class AlarmMessage(Numbered):
    """Somebody raised an alarm by hand; sent once."""

    type: Literal["safecity.alarm.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:alarm:1.0"] = Field(description="schema of `data`, with its version")
    data: AlarmData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/alarm"
