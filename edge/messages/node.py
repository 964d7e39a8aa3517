"""What a node says of itself: that it is there or not, and what it had to drop."""

from typing import Annotated, Literal

from pydantic import Field

from edge.messages.base import Boot, Date, Name, Sequence, Strict, Tally, Utc, Version
from edge.messages.envelope import Clocked, Numbered, Signed, Who
from edge.privacy.allowed_common import MAX_CAMERAS
from edge.privacy.allowed_node import MAX_POLICY_VERSION, MAX_RANGES
from edge.privacy.reports import NodeState
from edge.values.gap import GapCause
from edge.values.policy_term import PolicyStanding

Some = Annotated[Tally, Field(ge=1)]


class PolicyData(Strict):
    """The policy of the state by which the node looks, and its end."""

    version: int = Field(description="version of the policy", ge=1, le=MAX_POLICY_VERSION)
    expires: Date = Field(description="first day on which it does not hold, UTC")
    standing: PolicyStanding = Field(
        description="holds, ends-soon (within 30 days), over (no camera is looked at, nothing is recorded)"
    )


class StatusData(Who):
    """Whether the node is there."""

    state: NodeState = Field(
        description="online (birth), stopped (it was told to stop), lost (it fell silent: the broker says so)"
    )
    boot: Boot = Field(description="id of the node's run")
    version: Version = Field(description="version of the software")
    connected: Utc = Field(description="when the connection began that this is about, UTC")
    cameras: list[Name] = Field(description="cameras to expect of this node", max_length=MAX_CAMERAS)
    policy: PolicyData | None = Field(
        None, description="until when the state lets it look; absent where it has no policy of the state"
    )


class StatusMessage(Signed):
    """Birth, orderly death or last will of a node; retained, and not numbered."""

    type: Literal["safecity.node.status.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc | None = Field(None, description="at births only: a last will is written before it comes true")
    dataschema: Literal["urn:safecity:node-status:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: StatusData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/status"


class LostRange(Strict):
    """Sequence numbers of one boot that will not arrive."""

    boot: Boot | None = Field(None, description="run of the node that committed them, where known")
    first: Sequence = Field(description="lowest number lost")
    last: Sequence = Field(description="highest number lost")
    count: Some = Field(description="how many between them are lost; not everything need be")
    cause: GapCause = Field(
        description="shed (the outbox was full, least urgent first), superseded (by a newer state of the "
        "same camera), oversize, refused (the broker will never take it), damaged (altered on the disk)"
    )
    from_: Utc | None = Field(
        None, alias="from", description="when the earliest of them was committed, UTC; absent where damaged"
    )
    until: Utc | None = Field(
        None, description="when the latest of them was committed, UTC; absent where damaged"
    )


class GapData(Clocked):
    """What was lost, and why."""

    lost: Tally = Field(description="how many messages were lost")
    unknown: bool = Field(
        description="true when an unreadable outbox was set aside: how much more was lost nobody can say"
    )
    ranges: list[LostRange] = Field(description="which messages were lost", max_length=MAX_RANGES)


class GapMessage(Numbered):
    """Messages that were committed on the node will never arrive."""

    type: Literal["safecity.outbox.gap.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:outbox-gap:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: GapData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/gap"
