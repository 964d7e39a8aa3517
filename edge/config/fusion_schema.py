"""The schema of a fusion's configuration file; `configs/fusion.schema.json` is generated from it."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from edge.config import cross
from edge.config.centre import Brokers
from edge.config.fields import Id, Secret, Strict
from edge.config.fusion_clause import Clause
from edge.config.placed import twice
from edge.config.schema import CentreKeys, Delivery, Log, OutboxLimits, Receipts, by_receipt
from edge.config.thresholds import SeverityWord
from edge.strictyaml.several import SeveralError
from edge.values.sensor import RANGES, SensorKind

Number = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]
At = Annotated[
    tuple[Number, Number],
    Field(description="where it is: [x, y] in metres on the site's own plan, or [latitude, longitude]"),
]


class FusedCamera(Strict):
    """A camera of some box whose events are heard."""

    node: Id = Field(description="the box, as its topics name it")
    camera: Id = Field(description="its camera")
    at: At | None = Field(None, description="where what it sees is; for rules with near_m")
    stale_s: float = Field(
        180.0,
        description="without any word of it for so long nothing is known of it, seconds; boxes repeat "
        "the state of a camera every minute",
        ge=1,
        le=86_400,
    )

    @property
    def name(self) -> str:
        """As clauses write it."""
        return f"{self.node}/{self.camera}"


class Sensor(Strict):
    """A sensor of the city."""

    id: Id = Field(description="its id, unique in this file")
    gateway: Id = Field(description="who sends its readings, as the topic names it: its certificate's name")
    kind: SensorKind = Field(description="what sort it is")
    at: At | None = Field(None, description="where it is; for rules with near_m")
    stale_s: float = Field(
        60.0,
        description="a reading is believed for so long, seconds; a sensor should speak three times in it",
        ge=0.5,
        le=86_400,
    )
    range: tuple[Number, Number] | None = Field(
        None,
        description="what it can measure, narrower than its kind: a reading outside is refused and counted",
    )

    stuck_s: float | None = Field(
        None,
        description="who says the very same number for so long is broken, and not believed before it says "
        "another, seconds; for noise and smoke",
        ge=10,
        le=604_800,
    )

    urgent: bool | None = Field(
        None,
        description="its words do not wait for other sensors, and count when they come if its clock is "
        "wrong; `true` for panic buttons, `false` for the others, unless written",
    )

    @property
    def is_urgent(self) -> bool:
        """As written, or by its kind."""
        return self.kind is SensorKind.PANIC if self.urgent is None else self.urgent

    @model_validator(mode="after")
    def _can_measure(self) -> Self:
        if self.stuck_s is not None and self.kind not in (SensorKind.NOISE, SensorKind.SMOKE):
            raise ValueError(f"stuck_s: is for noise and smoke, and a {self.kind} says the same for hours")
        self.ranges()
        return self

    def ranges(self) -> tuple[tuple[str, float, float], ...]:
        """Bounds of each of its measures; `ValueError` if its own go beyond those of its kind."""
        found = []
        for measure, (low, high) in RANGES[self.kind].items():
            least, most = self.range or (low, high)
            if not low <= least < most <= high:
                raise ValueError(
                    f"range: a {self.kind} sensor wants two rising numbers of {low:g} to {high:g}, "
                    f"got {least:g} and {most:g}"
                )
            found.append((measure, least, most))
        if self.range is not None and not found:
            raise ValueError(f"range: a {self.kind} measures nothing")
        return tuple(found)


class Hearing(Strict):
    """Who the second connection is, which hears all that is not urgent; at the broker it is NAME-ears."""

    username: str | None = Field(None, description="user name at the broker", max_length=128)
    password: Secret | None = Field(None, description="password at the broker")
    cert_file: str | None = Field(None, description="PEM file of the certificate of NAME-ears")
    key_file: str | None = Field(None, description="PEM file of its private key")


class FusedRule(Strict):
    """What is worth an event of several sources."""

    id: Id
    when: Clause = Field(description="what must hold")
    severity: SeverityWord = Field("moderate", description="how serious, in the words of CAP 1.2")
    near_m: float | None = Field(
        None,
        description="every other source lies within so many metres of the one of the first clause, and each "
        "of those has an event of its own",
        ge=1,
        le=100_000,
    )
    for_s: float = Field(0.0, description="how long it must hold before it starts, seconds", ge=0, le=3_600)
    clear_s: float = Field(
        1.0, description="how long it must not hold before it ends, seconds", ge=0, le=3_600
    )
    unknown_s: float = Field(
        30.0, description="how long it may be unknown before it ends, seconds", ge=0, le=86_400
    )
    update_s: float = Field(5.0, description="least time between two updates, seconds", ge=0.2, le=3_600)
    cooldown_s: float = Field(
        0.0, description="seconds without another event after one ended", ge=0, le=86_400
    )


class FusionFile(Strict):
    """The configuration of one fusion."""

    name: Id = Field(description="its name at the broker and in topics; nobody else has it")
    region: Id = Field(description="region of the city whose boxes and gateways it hears")
    broker: Brokers = Field(description="the MQTT broker at which it hears and speaks")
    ears: Hearing | None = Field(
        None,
        description="a second connection for all that is not urgent, so that no flood of it holds up an "
        "urgent sensor's word; at a broker that asks for neither certificate nor user it is there unwritten",
    )
    data_dir: str = Field(
        "var/fusion", description="folder for its memory and its outbox, relative to this file"
    )
    map: Literal["metres", "wgs84"] = Field(
        "metres", description="what `at` means: a plan of the site in metres, or latitude and longitude"
    )
    lateness_s: float = Field(
        1.0,
        description="how long to wait for facts before a moment is judged, seconds: the delay of every event",
        ge=0.1,
        le=60,
    )
    delivery: Delivery | None = Field(
        None,
        description="as on a box: `receipt` where a monitoring centre answers, `puback` elsewhere; `receipt` "
        "where `centre` is given, else `puback`, unless written",
    )
    centre: CentreKeys | None = Field(None, description="as on a box: by what receipts are believed")
    receipts: Receipts = Field(
        default_factory=lambda: Receipts.model_validate({}), description="as on a box: `unsigned`"
    )
    outbox: OutboxLimits = Field(default_factory=lambda: OutboxLimits.model_validate({}))
    timezone: Annotated[str, AfterValidator(lambda name: cross.timezone(name).key)] = Field(
        "UTC", description="IANA name of the time zone in which `rules explain` tells times"
    )
    log: Log = Field(default_factory=lambda: Log.model_validate({}))
    cameras: list[FusedCamera] = Field(default_factory=list, max_length=5_000)
    sensors: list[Sensor] = Field(default_factory=list, max_length=5_000)
    rules: list[FusedRule] = Field(min_length=1, max_length=256)

    @model_validator(mode="after")
    def _ears_are_somebody_else(self) -> Self:
        own, ears = self.broker, self.ears
        if ears is not None and own.cert_file is not None and ears.cert_file in (None, own.cert_file):
            raise ValueError(
                f"ears: wanted cert_file and key_file of {self.name}-ears: a broker that knows clients by "
                "their certificates has one connection of each, and a second would end the first"
            )
        return self

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        by_receipt(self.delivery, self.centre, self.receipts)
        names: dict[str, list[str]] = {
            "cameras": [camera.name for camera in self.cameras],
            "sensors": [sensor.id for sensor in self.sensors],
            "rules": [rule.id for rule in self.rules],
        }
        SeveralError.raise_any(
            mistake
            for key, ids in names.items()
            for mistake in twice([((key, index), name) for index, name in enumerate(ids)], key)
        )
        return self

    @model_validator(mode="after")
    def _lies_on_the_earth(self) -> Self:
        if self.map == "wgs84":
            spots = [camera.at for camera in self.cameras] + [sensor.at for sensor in self.sensors]
            for spot in spots:
                if spot is not None and not (abs(spot[0]) <= 90 and abs(spot[1]) <= 180):
                    raise ValueError(f"at: wanted [latitude, longitude], got {list(spot)}")
        return self
