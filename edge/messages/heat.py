"""Heat maps: how many were where on a floor, in cells and numbers too coarse to find anybody."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from edge.messages.base import Name, Strict, Unit, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.messages.event_parts import Place
from edge.privacy.allowed_place import MAX_HEAT_CELLS
from edge.values.heat import STEP_MPS, TURN_DEG

Column = Annotated[int, Field(ge=0, le=1_000_000)]
People = Annotated[int, Field(ge=0, le=1_000_000)]


Metres = Annotated[float, Field(ge=-1e7, le=1e7)]


class CornerData(Strict):
    """Where column and row 0 begin on the camera's ground."""

    x_m: Metres = Field(description="to the right or east, metres")
    y_m: Metres = Field(description="ahead or north, metres")


class HeatCellData(Strict):
    """A cell of the floor with at least `least` people."""

    x: Column = Field(description="column: it begins x times `cell_m` to the right of the corner")
    y: Column = Field(description="row: it begins y times `cell_m` ahead of the corner")
    people: People = Field(description="how many different ones, rounded down to a multiple of `least`")
    at_once: People | None = Field(
        None, description="most at the same time, likewise; absent where noise is added"
    )
    mps: float | None = Field(
        None,
        description="mean speed of these people, each counted once, metres per second in steps of 0.25; "
        "where directions are wanted",
        ge=0,
        le=12,
        multiple_of=STEP_MPS,
    )
    toward_deg: int | None = Field(
        None,
        description="where they go on the camera's ground, degrees in steps of 45: 0 to the right, 90 ahead; "
        "absent where they stand or go every way",
        ge=0,
        le=315,
        multiple_of=TURN_DEG,
    )


class NoiseData(Strict):
    """Noise that was added to every cell before rounding."""

    epsilon: float = Field(description="privacy loss of this message for one track", ge=0, le=100)
    cells_each: int = Field(description="in how many cells of a message one track counts", ge=1, le=1000)


class HeatData(Clocked):
    """The floor of a zone in one bin of time."""

    camera: Name = Field(description="camera that saw it")
    place: Place
    from_: Utc = Field(alias="from", description="begin of the bin, UTC")
    until: Utc = Field(description="end of the bin, UTC")
    corner: CornerData
    cell_m: float = Field(description="side of a cell, metres", ge=0, le=1000)
    least: int = Field(
        description="every number is a multiple of it; cells with fewer are not told", ge=1, le=1000
    )
    watched: Unit = Field(description="share of the bin in which the zone was looked at")
    cells: list[HeatCellData] = Field(description="cells with enough people", max_length=MAX_HEAT_CELLS)
    noise: NoiseData | None = Field(None, description="absent where no noise was added")

    @model_validator(mode="after")
    def _coarse(self) -> "HeatData":
        if any(n % self.least for cell in self.cells for n in (cell.people, cell.at_once or 0)):
            raise ValueError("wanted multiples of least")
        if any(cell.toward_deg is not None and cell.mps is None for cell in self.cells):
            raise ValueError("wanted a speed with each direction")
        if self.noise is not None and any(cell.mps is not None for cell in self.cells):
            raise ValueError("wanted no speeds or directions beside noise, which does not cover them")
        return self


class HeatMessage(Numbered):
    """How many were where; one message for each zone and bin, never for less than a whole bin."""

    type: Literal["safecity.heat.map.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>/<camera>`")
    subject: str = Field(description="`zone/<id>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:heat-map:1.0"] = Field(description="schema of `data`, with its version")
    data: HeatData

    def where(self) -> str:
        """The topic on which this message belongs."""
        data = self.data
        return f"safecity/v1/{data.region}/{data.node}/heat/{data.camera}/{data.place.id}"
