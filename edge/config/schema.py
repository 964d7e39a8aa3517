"""The schema of a node's configuration file; `configs/schema.json` is generated from it."""

from typing import Annotated, Literal

from pydantic import Field

from edge.config.fields import Clock24, Id, Point, Secret, Strict, Url, Weekday


class Site(Strict):
    """Where the box stands."""

    name: str = Field(
        "", description="name for people; shown on this box only, never published", max_length=80
    )
    timezone: str = Field(
        "UTC", description="IANA name of the time zone in which schedules are read, such as Asia/Tashkent"
    )


class Broker(Strict):
    """The MQTT broker to publish to."""

    urls: list[Url] = Field(
        description="mqtt://host:port or mqtts://host:port, best first; the first that answers serves",
        min_length=1,
        max_length=8,
    )
    username: str | None = Field(None, description="user name at the broker", max_length=128)
    password: Secret | None = Field(None, description="password at the broker")
    ca_file: str | None = Field(
        None, description="PEM file of the authority that signed the broker's certificate"
    )
    cert_file: str | None = Field(None, description="PEM file of this box's certificate")
    key_file: str | None = Field(None, description="PEM file of this box's private key")
    client_id: str | None = Field(
        None, description="MQTT client id; the node's name unless given", max_length=64
    )
    window: int = Field(20, description="messages in flight at once", ge=1, le=20)
    keepalive_s: int = Field(15, description="seconds between keep-alive pings", ge=5, le=600)


class Detector(Strict):
    """The object detector that all cameras of this box share."""

    model: str = Field("street-nano", description="name of a bundled model, or path of a model folder")
    score: float | None = Field(
        None, description="least confidence 0..1; the model card's unless given", ge=0, le=1
    )
    threads: int = Field(
        1, description="threads of one inference; more workers beat more threads", ge=1, le=64
    )
    provider: Literal["cpu", "cuda", "tensorrt", "openvino", "rocm", "coreml", "directml"] = Field(
        "cpu", description="execution provider of onnxruntime"
    )


class MotionGate(Strict):
    """Spares the detector while nothing moves."""

    enabled: bool = Field(True, description="false asks the detector about every sampled frame")
    heartbeat_s: float = Field(2.0, description="longest time without an inference, seconds", ge=0.2, le=60)


class Privacy(Strict):
    """What may be said about people."""

    track_id_rotation_s: int = Field(
        600,
        description="seconds after which every published track id is replaced, unlinkably",
        ge=10,
        le=86_400,
    )
    publish_boxes: bool = Field(
        True, description="publish the boxes of the objects that take part in an event"
    )


class OutboxLimits(Strict):
    """Bounds of the durable queue."""

    max_mib: int = Field(
        256, description="MiB of unsent messages before the least urgent are shed", ge=1, le=65_536
    )
    max_message_kib: int = Field(
        64, description="KiB of one message; a larger one is set aside", ge=1, le=256
    )


class Zone(Strict):
    """An area of the ground, as seen in the picture."""

    id: Id
    polygon: list[Point] = Field(description="corners in order, at least three", min_length=3, max_length=64)


class Line(Strict):
    """A line on the ground; `forward` is from its left to its right, looking along its points."""

    id: Id
    points: list[Point] = Field(description="points in order, at least two", min_length=2, max_length=32)


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
        description="file, rtsp(s)://, http(s):// or /dev/video*; or one URL each for detect and record"
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


class Schedule(Strict):
    """When a rule is in force, in the site's time zone."""

    days: list[Weekday] = Field(
        default=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        description="days on which a span may begin",
        min_length=1,
    )
    from_: Clock24 = Field("00:00", alias="from", description="begin of the span, hh:mm")
    to: Clock24 = Field("24:00", description="end of the span, hh:mm; earlier than `from` means the next day")


Severity = Literal["info", "minor", "moderate", "severe", "extreme"]


class Step(Strict):
    """A rung of the severity ladder."""

    at_least: int = Field(description="objects from which this severity holds", ge=1, le=10_000)
    severity: Severity


class Rule(Strict):
    """What is worth an event."""

    id: Id
    when: Literal["zone-entry", "zone-exit", "line-crossing", "dwell", "occupancy"] = Field(
        description="what is watched"
    )
    cameras: list[Id] = Field(
        default_factory=list, description="cameras it holds for; all that have the place if empty"
    )
    places: list[Id] = Field(
        default_factory=list, description="zones or lines it holds for; all of its cameras if empty"
    )
    classes: list[str] = Field(
        default_factory=lambda: ["person"], description="labels of the model that count", min_length=1
    )
    direction: Literal["forward", "backward"] | None = Field(
        None, description="line-crossing: only this direction"
    )
    at_least: int = Field(1, description="occupancy: objects from which it starts", ge=1, le=10_000)
    clear_below: int | None = Field(
        None,
        description="occupancy: objects under which it is over; `at_least` unless given",
        ge=1,
        le=10_000,
    )
    dwell_s: float = Field(30.0, description="dwell: stay from which it starts, seconds", ge=1, le=86_400)
    for_s: float = Field(0.0, description="how long it must hold before it starts, seconds", ge=0, le=3_600)
    clear_s: float = Field(
        1.0, description="how long it must be over before it ends, seconds", ge=0, le=3_600
    )
    cooldown_s: float = Field(
        0.0, description="rest after an end before the next start, seconds", ge=0, le=86_400
    )
    update_s: float = Field(5.0, description="least time between two updates, seconds", ge=0.2, le=3_600)
    severity: Severity = Field("minor", description="how serious, in the words of CAP 1.2")
    steps: list[Step] = Field(default_factory=list, description="occupancy: higher severities", max_length=8)
    schedule: Schedule | None = Field(None, description="when it is in force; always unless given")


class Node(Strict):
    """The configuration of one edge box."""

    node: Id = Field(description="name of this box, unique in the region")
    region: Id = Field(description="region of the city; the topic's third level")
    site: Site = Field(default_factory=Site)
    data_dir: str = Field(
        "var", description="folder for the outbox and the run's state, relative to this file"
    )
    broker: Literal["embedded"] | Broker = Field(description="`embedded`, or where the broker is")
    detector: Detector = Field(default_factory=Detector)
    gate: MotionGate = Field(default_factory=MotionGate)
    privacy: Privacy = Field(default_factory=Privacy)
    outbox: OutboxLimits = Field(default_factory=OutboxLimits)
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = Field(
        "auto", description="worker processes that share the cameras; auto makes one per core"
    )
    cameras: list[Camera] = Field(min_length=1, max_length=64)
    rules: list[Rule] = Field(default_factory=list, max_length=256)
