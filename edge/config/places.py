"""Cameras and the places in their pictures, as the configuration names them."""

import json
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from edge.config.density import Density
from edge.config.fields import Id, Point, Secret, Strict, Url
from edge.config.ground import GroundPlane
from edge.config.heat import HeatMapKeys
from edge.config.moving import FlightKeys, check_source, goes_with
from edge.config.placed import twice, undrawable, without_floor
from edge.config.sent import check_sent
from edge.config.thermal import Thermal
from edge.scene.heat import HeatSpec
from edge.scene.spec import LineSpec, ZoneSpec
from edge.strictyaml.document import Loc
from edge.strictyaml.several import SeveralError


class Zone(Strict):
    """An area of the ground, as seen in the picture."""

    id: Id
    polygon: list[Point] = Field(description="corners in order, at least three", min_length=3, max_length=64)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        self.spec()
        return self

    def spec(self) -> ZoneSpec:
        """The zone as the scene wants it; `ValueError` if it cannot be drawn."""
        return ZoneSpec(self.id, tuple(self.polygon))


class Line(Strict):
    """A line on the ground; `forward` is from its left to its right, looking along its points."""

    id: Id
    points: list[Point] = Field(description="points in order, at least two", min_length=2, max_length=32)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        self.spec()
        return self

    def spec(self) -> LineSpec:
        """The line as the scene wants it; `ValueError` if it cannot be drawn."""
        return LineSpec(self.id, tuple(self.points))


class Streams(Strict):
    """Separate streams of one camera for analysis and for recording."""

    detect: Url = Field(description="the stream to analyse, usually the camera's sub-stream")
    record: Url | None = Field(None, description="the stream to record, usually the main stream")


class Camera(Strict):
    """One camera."""

    id: Id
    name: str = Field(
        "", description="name for people; shown on this box only, never published", max_length=80
    )
    source: Url | Streams = Field(
        description="file, rtsp(s)://, http(s)://, udp://@:PORT (MPEG-TS) or /dev/video*; or one URL each "
        "for detect and record"
    )
    username: str | None = Field(None, description="user name at the camera", max_length=128)
    password: Secret | None = Field(None, description="password at the camera")
    transport: Literal["tcp", "udp"] = Field("tcp", description="how RTSP carries the pictures")
    decode: Literal["auto", "software", "vaapi", "cuda", "qsv", "drm", "videotoolbox", "d3d11va"] = Field(
        "software", description="decoder; one that the box lacks falls back to software and says so"
    )
    detect_fps: float = Field(5.0, description="pictures analysed per second", ge=0.2, le=30)
    loop: bool = Field(False, description="play a file again and again")
    isolate: bool = Field(False, description="give this camera a worker process of its own")
    hang_s: float = Field(
        8.0, description="seconds without a picture after which the camera counts as dead", ge=2, le=9
    )
    zones: list[Zone] = Field(default_factory=list, max_length=64)
    lines: list[Line] = Field(default_factory=list, max_length=64)
    exclude: list[Annotated[list[Point], Field(min_length=3, max_length=64)]] = Field(
        default_factory=list,
        description="polygons in which nothing is looked at, such as a neighbour's window",
        max_length=32,
    )

    ground: GroundPlane | None = Field(
        None,
        description="how the ground lies under the picture; without it there are no persons per square metre",
    )
    density: Density | None = Field(
        None, description="how dense crowds are counted; without it by the detector alone, which loses them"
    )

    @model_validator(mode="before")
    @classmethod
    def _purposes_are_the_policys(cls, written: object) -> object:
        if isinstance(written, dict) and "purposes" in written:
            name, meant = written.get("id"), json.dumps(written["purposes"])
            raise ValueError(
                "purposes: why a camera looks is signed now: take the key out here, and have two sign a "
                f"policy whose `cameras` has the line {{camera: REGION/NODE/{name}, purposes: {meant}}}"
            )
        return written

    @model_validator(mode="after")
    def _is_sent_once(self) -> Self:
        check_sent(self.id, *self.streams)
        return self

    @property
    def streams(self) -> tuple[str, str | None]:
        """URLs of the stream that is looked at and of the one that is recorded, None for none."""
        return (
            (self.source, None) if isinstance(self.source, str) else (self.source.detect, self.source.record)
        )

    heat_maps: list[HeatMapKeys] = Field(
        default_factory=list,
        description="floors of which it is told how many people were where",
        max_length=16,
    )
    moving: bool = Field(
        False,
        description="whether it flies, drives or is turned: rules about places in its picture are then off",
    )
    flight: FlightKeys | None = Field(
        None, description="where a moving camera is, and the places on the map that it watches"
    )
    thermal: Literal["uncalibrated"] | Thermal | None = Field(
        None, description="what the pictures of a thermal camera mean; `uncalibrated` for white-hot grey ones"
    )

    @model_validator(mode="after")
    def _moves_or_hangs_still(self) -> Self:
        if not self.moving:
            if self.flight is not None:
                raise ValueError(f"flight: camera {self.id} does not move: write `moving: true`")
            return self
        still = ("ground", "density", "heat_maps", "exclude")
        wrong = {key: bool(getattr(self, key)) for key in still}
        goes_with(self.id, wrong | {"loop": self.loop and self.flight is not None})
        if self.flight is not None:
            check_source(self.streams[0], self.flight)
        return self

    @model_validator(mode="after")
    def _density_has_its_floor(self) -> Self:
        if self.density is not None and (self.ground is None or not self.zones):
            lacks = "ground" if self.ground is None else "zones"
            raise ValueError(
                f"density: people are counted by zones of measured floor, got no {lacks}: add its `{lacks}`"
            )
        return self

    @model_validator(mode="after")
    def _placeholders_are_given(self) -> Self:
        urls = self.source if isinstance(self.source, str) else f"{self.source.detect} {self.source.record}"
        for key, value in (("username", self.username), ("password", self.password)):
            if f"{{{key}}}" in urls and value is None:
                raise ValueError(f"the source has {{{key}}} in it: give the key {key} too")
        return self

    @model_validator(mode="after")
    def _places_lie_well(self) -> Self:
        SeveralError.raise_any(
            twice([*self._names(("zones", "lines")), *self._names_on_map()], "zones and lines")
        )
        masks = tuple(tuple(polygon) for polygon in self.exclude)
        SeveralError.raise_any(undrawable(masks))
        zones, lines = [zone.spec() for zone in self.zones], [line.spec() for line in self.lines]
        ground = None if self.ground is None else self.ground.spec()
        SeveralError.raise_any([*without_floor(zones, lines, masks, ground), *self._lost_heat_maps()])
        SeveralError.raise_any(self._cellless_heat_maps())
        return self

    def _names(self, keys: tuple[str, ...]) -> Iterator[tuple[Loc, str]]:
        for key in keys:
            yield from (((key, index, "id"), place.id) for index, place in enumerate(getattr(self, key)))

    def _names_on_map(self) -> Iterator[tuple[Loc, str]]:
        for key in ("zones", "lines") if self.flight is not None else ():
            places = getattr(self.flight, key)
            yield from ((("flight", key, index, "id"), place.id) for index, place in enumerate(places))

    def _lost_heat_maps(self) -> Iterator[tuple[Loc, str]]:
        """Heat maps of a zone that is not there or has one already, or on no measured ground."""
        zones = {zone.id for zone in self.zones}
        for index, heat in enumerate(self.heat_maps):
            at: Loc = ("heat_maps", index)
            if heat.zone not in zones:
                yield at, f"heat_maps: there is no zone {heat.zone} on camera {self.id}"
            elif self.ground is None:
                yield (
                    at,
                    f"heat_maps: wanted a measured ground, and camera {self.id} has none: add its `ground`",
                )
            if heat.zone in {other.zone for other in self.heat_maps[:index]}:
                yield at, f"heat_maps: wanted each zone once, got {heat.zone} again"

    def _cellless_heat_maps(self) -> Iterator[tuple[Loc, str]]:
        """Heat maps whose cells are too large for their zone, or too many."""
        for index in range(len(self.heat_maps)):
            try:
                self.model_copy(update={"heat_maps": [self.heat_maps[index]]}).heat_specs((), 1)
            except ValueError as wrong:
                yield ("heat_maps", index), f"heat_maps: {wrong}"

    def heat_specs(
        self, masks: tuple[tuple[tuple[float, float], ...], ...], least: int
    ) -> tuple[HeatSpec, ...]:
        """The heat maps as the scene wants them, with more masks; `ValueError` if one has no floor."""
        if self.ground is None:
            return ()
        ground, own = self.ground.spec(), tuple(tuple(polygon) for polygon in self.exclude)
        zones = {zone.id: tuple(zone.polygon) for zone in self.zones}
        return tuple(heat.spec(zones[heat.zone], (*own, *masks), ground, least) for heat in self.heat_maps)
