"""What all messages share: the CloudEvents 1.0 envelope, who speaks, and when by which clock."""

from typing import Annotated, Literal

from pydantic import Field

from edge.audit.batch import BATCH, SIGNATURE
from edge.messages.base import Boot, Name, Sequence, Strict, Tally, Utc
from edge.values.moment import ClockTrust

Batch = Annotated[str, Field(pattern=f"^(?:{BATCH})$", max_length=1024)]
Signature = Annotated[str, Field(pattern=f"^(?:{SIGNATURE})$")]


class Envelope(Strict):
    """CloudEvents 1.0 context attributes, structured mode (application/cloudevents+json)."""

    specversion: Literal["1.0"] = Field(description="version of CloudEvents")
    id: str = Field(
        description="with `source`, the same in every delivery of a message: drop repetitions by it"
    )
    datacontenttype: Literal["application/json"] = Field(description="what `data` is")


class Signed(Envelope):
    """A message of a node, whose signature covers every byte before `batch` and `signature`."""

    batch: Batch | None = Field(
        None,
        description="place under the root of what was committed together: index/size/proof, the proof "
        "(RFC 9162, section 2.1.3) in base64; absent where it was committed alone",
    )
    signature: Signature | None = Field(
        None,
        description="key id.Ed25519 signature over the root, in base64; the node's certificate names the key",
    )


class Numbered(Signed):
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
