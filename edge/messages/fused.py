"""Fused events: what facts of several cameras and sensors mean together, and how well that can be judged."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from edge.messages.base import EventId, Name, Seconds, Sha256, Strict, Tally, Utc
from edge.messages.envelope import Numbered, Who
from edge.messages.event_parts import Severity
from edge.privacy.allowed_fusion import CLAUSE, FACT_ID, MAX_CLAUSES, MAX_FACTS, MAX_RULES, MAX_SILENT, SOURCE
from edge.values.event import EndCause, Phase
from edge.values.fused import Distrust
from edge.values.sensor import SensorWord

Source = Annotated[str, Field(pattern=f"^(?:{SOURCE})$")]
Many = Annotated[int, Field(ge=0, le=100_000)]


class FusedFact(Strict):
    """A fact that fulfilled a clause."""

    source: Source = Field(description="`camera/<node>/<camera>` or `sensor/<id>`")
    id: str = Field(
        description="message that told it: `<event id>.<revision>`, or `<boot>.<sequence>` of a reading",
        pattern=f"^(?:{FACT_ID})$",
    )
    utc: Utc = Field(description="when, by the source's own clock, UTC")
    value: float | None = Field(None, description="what a sensor measured, in its unit", ge=0, le=1e6)
    says: SensorWord | None = Field(None, description="what a sensor said")


class FusedClause(Strict):
    """What became of one clause of the rule."""

    clause: str = Field(
        description="the way to it from the top of the rule: `when`, `when.0`, `when.0.1`, counted from 0",
        pattern=f"^(?:{CLAUSE})$",
    )
    truth: Literal["false", "unknown", "true"] = Field(
        description="whether it holds; unknown where too much of it is silent"
    )
    utc: Utc = Field(description="the latest moment at which it was so, within what the rule looks back")
    facts: list[FusedFact] | None = Field(
        None,
        description=f"facts that fulfilled it, the latest first, at most {MAX_FACTS}",
        min_length=1,
        max_length=MAX_FACTS,
    )
    more: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, description="facts beside those that are told"
    )
    silent: list[Source] | None = Field(
        None,
        description=f"sources that it asks and of which nothing is known, at most {MAX_FACTS}",
        min_length=1,
        max_length=MAX_FACTS,
    )


def _cause_at_the_end(schema: dict[str, Any]) -> None:
    schema["if"] = {"properties": {"phase": {"const": Phase.END.value}}}
    schema["then"] = {"required": ["cause"]}
    schema["else"] = {"not": {"required": ["cause"]}}


class FusedData(Who):
    """What facts of several sources mean together, and why that is said."""

    model_config = ConfigDict(json_schema_extra=_cause_at_the_end)

    event_id: EventId = Field(description="the same over all revisions of one event")
    revision: int = Field(description="0 for the first message of an event, then counting up", ge=0, le=10**9)
    phase: Phase = Field(description="start, update while it lasts, end")
    severity: Severity = Field(
        description="how serious, ascending; `minor` to `extreme` are those of CAP 1.2"
    )
    rule: Name = Field(description="rule of the fusion's configuration that judged")
    rule_sha256: Sha256 = Field(description="SHA-256 of the rule as it was written")
    started: Utc = Field(description="since when the rule's condition held, UTC")
    utc: Utc = Field(description="when this was judged, in the time of its sources, UTC")
    duration_s: Seconds = Field(description="from `started` to `utc`")
    reason: list[FusedClause] = Field(
        description="every clause of the rule, from the top; empty where an end was not judged",
        max_length=MAX_CLAUSES,
    )
    around: Source | None = Field(
        None, description="source around which the others lie; absent where the rule does not want nearness"
    )
    cause: EndCause | None = Field(
        None,
        description="why it ended, at the end only: cleared, unseen (too much fell silent), retired (the "
        "rule was changed)",
    )
    doubtful: bool | None = Field(
        None, description="true while it is unknown whether it goes on, because sources are silent"
    )

    @model_validator(mode="after")
    def _of_one_piece(self) -> "FusedData":
        if (self.cause is None) is (self.phase is Phase.END):
            raise ValueError("wanted a cause exactly at the end")
        if self.doubtful is not None and self.phase is not Phase.UPDATE:
            raise ValueError("wanted doubtful at updates only")
        return self


class FusedMessage(Numbered):
    """Facts of several sources together fulfil a rule: the start, an update or the end of that."""

    type: Literal["safecity.fused.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>` of the fusion")
    subject: str = Field(description="`rule/<id>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:fused:1.0"] = Field(description="schema of `data`, with its version")
    data: FusedData

    @model_validator(mode="after")
    def _as_the_data_says(self) -> "FusedMessage":
        data = self.data
        meant = (f"{data.event_id}.{data.revision}", f"/safecity/{data.region}/{data.node}", data.utc)
        if (self.id, self.source, self.time) != meant or self.subject != f"rule/{data.rule}":
            raise ValueError("wanted an envelope that says what the data says")
        return self

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/fused/{self.data.rule}"


class Distrusted(Strict):
    """A source whose words are not believed."""

    source: Source = Field(description="`camera/<node>/<camera>` or `sensor/<id>`")
    why: Distrust = Field(
        description="ahead (its clock runs ahead), late (behind), order (its numbers do not grow), range (it "
        "says what cannot be), stuck (the same number for too long), flood (it says too much), form "
        "(nobody understands it)"
    )


class FusionData(Who):
    """How well the sources of a fusion can be judged now."""

    utc: Utc = Field(description="everything until then is judged, UTC")
    sources: Many = Field(description="cameras and sensors that it hears")
    silent: list[Source] = Field(
        description=f"those of which nothing is known, at most {MAX_SILENT}", max_length=MAX_SILENT
    )
    more_silent: Many = Field(description="silent ones beside those that are told")
    blind: list[Name] = Field(
        description="rules that cannot be judged, because too much is silent", max_length=MAX_RULES
    )
    open: Many = Field(description="events that last")
    facts: Tally = Field(description="facts taken in, since the first start")
    again: Tally = Field(description="facts that were known already")
    late: Tally = Field(description="facts that came after their moment was judged, and changed nothing")
    refused: Tally = Field(description="facts out of range or order, or in no known form")
    ahead: Tally = Field(description="facts from the future: of a clock that is wrong")
    stepped: Tally | None = Field(
        None, description="how often its own clock went back, so that it began anew; left out for never"
    )
    distrusted: list[Distrusted] | None = Field(
        None,
        description="sources of which a word of the last minute was not believed, and why not the last such, "
        f"at most {MAX_SILENT}",
        min_length=1,
        max_length=MAX_SILENT,
    )


class FusionMessage(Numbered):
    """How well a fusion can judge; retained, repeated while it lives, expires when it falls silent."""

    type: Literal["safecity.fusion.state.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>` of the fusion")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:fusion-state:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: FusionData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/fusion"
