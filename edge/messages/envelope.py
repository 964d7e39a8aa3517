"""What all messages share: the CloudEvents 1.0 envelope, who speaks, and when by which clock."""

from typing import Literal

from pydantic import Field

from edge.messages.base import Boot, Name, Sequence, Strict, Tally, Utc
from edge.values.moment import ClockTrust


class Envelope(Strict):
    """CloudEvents 1.0 context attributes, structured mode (application/cloudevents+json)."""

    specversion: Literal["1.0"] = Field(description="version of CloudEvents")
    id: str = Field(
        description="with `source`, the same in every delivery of a message: drop repetitions by it"
    )
    datacontenttype: Literal["application/json"] = Field(description="what `data` is")


class Numbered(Envelope):
    """A message that went through the node's durable outbox, which numbers without holes."""

    boot: Boot = Field(description="id of the node's run that committed this message")
    sequence: Sequence = Field(
        description="number given by the node's outbox, 20 digits; a hole is a loss that a gap message names"
    )


class Who(Strict):
    """Who speaks, in `data`, so that it stands alone when the envelope is stripped."""

    schema_: Literal["1.0"] = Field(
        alias="schema",
        description="version of this schema; the first number changes when a field changes meaning or goes",
    )
    region: Name = Field(description="region of the city")
    node: Name = Field(description="edge box, unique in the region")


class Clocked(Who):
    """When, and how far the clock that says so can be trusted."""

    utc: Utc = Field(description="when this was judged, UTC, RFC 3339 with milliseconds")
    mono_us: Tally = Field(
        description="the same moment on the node's monotonic clock, µs: for differences within one `boot`"
    )
    clock: ClockTrust = Field(
        description="what is behind `utc`: synced (NTP or PTP), unsynced (runs free), replay (a recording)"
    )
