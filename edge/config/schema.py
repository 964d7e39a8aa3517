"""The schema of a node's configuration file; `configs/schema.json` is generated from it."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from edge.config import cross, whole
from edge.config.fields import Id, LoopbackHost, SafeBrokerUrl, Secret, Strict
from edge.config.footage import Footage
from edge.config.places import Camera
from edge.config.rules import Rule
from edge.strictyaml.several import SeveralError
from edge.values.log_spec import LogSpec


class Site(Strict):
    """Where the box stands."""

    name: str = Field(
        "", description="name for people; shown on this box only, never published", max_length=80
    )
    timezone: Annotated[str, AfterValidator(lambda name: cross.timezone(name).key)] = Field(
        "UTC", description="IANA name of the time zone in which schedules are read, such as Asia/Tashkent"
    )


class Access(Strict):
    """How to get into brokers."""

    username: str | None = Field(None, description="user name at the broker", max_length=128)
    password: Secret | None = Field(None, description="password at the broker")
    ca_file: str | None = Field(
        None, description="PEM file of the authority that signed the broker's certificate"
    )
    cert_file: str | None = Field(None, description="PEM file of this box's certificate")
    key_file: str | None = Field(None, description="PEM file of this box's private key")
    keepalive_s: int = Field(15, description="seconds between keep-alive pings", ge=5, le=600)


class CentreKeys(Strict):
    """How a receipt of the monitoring centre is known to be its own."""

    certificates: str = Field(
        description="folder with the certificates of the centre's ingesters, as .pem, and of nobody else; "
        "each names the key with which that one signs"
    )
    ca_file: str = Field(description="PEM file of the authority that signed them")
    crl_file: str | None = Field(
        None, description="PEM file with those that it revoked, crl.pem of an authority"
    )


class Receipts(Strict):
    """What becomes of a receipt that nobody signed."""

    unsigned: Literal["refuse", "accept"] = Field(
        "refuse",
        description="`accept` believes every receipt that the broker lets through, signed or not: whoever "
        "may write to the topic can make this box forget. For trying things out, without `centre`",
    )


Delivery = Literal["receipt", "puback"]


def by_receipt(delivery: Delivery | None, centre: CentreKeys | None, receipts: Receipts) -> bool:
    """Whether messages wait for receipts: as written, else where the centre's certificates are given.

    Raises:
        ValueError: receipts could be checked and nobody would wait for them; or they would be waited for, and
            neither can they be checked nor was it written that they need not be.
    """
    believing = receipts.unsigned == "accept"
    if delivery == "puback" and centre is not None:
        raise ValueError("wanted delivery: receipt, or no centre, whose receipts puback does not wait for")
    if believing and (delivery != "receipt" or centre is not None):
        raise ValueError(
            "receipts: {unsigned: accept} wants delivery: receipt and no centre beside it: where the "
            "centre's certificates are given, or nothing waits for receipts, no unsigned one is believed"
        )
    if delivery == "receipt" and centre is None and not believing:
        raise ValueError(
            "delivery: receipt wants centre: {certificates: FOLDER, ca_file: FILE}, by which receipts are "
            "checked, or receipts: {unsigned: accept}, with which whoever may write to this box's receipt "
            "topic can make it forget, or delivery: puback"
        )
    return delivery == "receipt" or centre is not None


class Broker(Access):
    """The MQTT broker to publish to."""

    urls: list[SafeBrokerUrl] = Field(
        description="mqtts://host:port, or mqtt://localhost:port on this machine; best first, the "
        "first that answers serves",
        min_length=1,
        max_length=8,
    )
    client_id: str | None = Field(
        None, description="MQTT client id; the node's name unless given", max_length=64
    )
    delivery: Delivery | None = Field(
        None,
        description="when a message has arrived: `receipt` when the monitoring centre says that it is in its "
        "database (`safecity-edge centre`), `puback` when the broker took it, for plain subscribers; "
        "`receipt` where `centre` is given, else `puback`, unless written",
    )
    centre: CentreKeys | None = Field(
        None,
        description="by what a receipt of the centre is believed",
    )
    receipts: Receipts = Field(default_factory=lambda: Receipts.model_validate({}))

    @model_validator(mode="after")
    def _waits_for_whom_it_believes(self) -> Self:
        by_receipt(self.delivery, self.centre, self.receipts)
        return self


class Detector(Strict):
    """The object detector that all cameras of this box share."""

    model: str = Field("street-nano", description="name of a bundled model, or path of a model folder")
    score: float | None = Field(
        None, description="confidence that begins a track, 0..1; the model card's unless given", gt=0.02, lt=1
    )
    threads: int = Field(
        1, description="threads of one inference; more workers beat more threads", ge=1, le=64
    )
    provider: Literal["cpu", "cuda", "tensorrt", "openvino"] = Field(
        "cpu", description="execution provider of onnxruntime"
    )
    backend: Literal["auto", "onnxruntime", "openvino"] = Field(
        "auto",
        description="runtime; auto takes what `models bench` found fastest here, else onnxruntime",
    )
    precision: Literal["auto", "fp32", "bf16", "int8"] = Field(
        "auto",
        description="numbers to compute in; auto as for `backend`, else fp32; int8 runs an INT8 copy",
    )
    allow: list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] | None = Field(
        None,
        description="SHA-256 of weights that may run here, as `models show` prints it; any unless given",
        min_length=1,
        max_length=1000,
    )

    @model_validator(mode="after")
    def _is_an_engine(self) -> Self:
        if self.provider != "cpu" and (self.backend == "openvino" or self.precision not in ("auto", "fp32")):
            raise ValueError(
                f"provider {self.provider} belongs to onnxruntime in fp32, got backend {self.backend} and "
                f"precision {self.precision}; leave both out, or take provider cpu"
            )
        if (self.backend, self.precision) == ("onnxruntime", "bf16"):
            raise ValueError("onnxruntime has no bf16 on a CPU: wanted backend openvino, or other numbers")
        return self


class MotionGate(Strict):
    """Spares the detector while nothing moves."""

    enabled: bool = Field(True, description="false asks the detector about every sampled frame")
    heartbeat_s: float = Field(2.0, description="longest time without an inference, seconds", ge=0.2, le=60)


class Privacy(Strict):
    """What may be said about people; never more than the policy allows."""

    track_id_rotation_s: int = Field(
        600,
        description="seconds after which every published track id is replaced, unlinkably; unless written, "
        "lower where the policy wants that",
        ge=10,
        le=86_400,
    )
    publish_boxes: bool = Field(
        True,
        description="publish the boxes of the objects that take part in an event; unless written, false "
        "where the policy wants that",
    )


class PolicySource(Strict):
    """The policy of the state that holds for this box."""

    file: str = Field(description="policy file; its signatures are beside it, in a file ending in .sig")
    roots: str = Field(
        description="fingerprint of the three who sign, 64 hex digits, as `policy show` prints it; "
        "told to the box once, at its commissioning",
        min_length=64,
        max_length=64,
    )


class Updates(Strict):
    """Updates that are ordered from afar."""

    home: str = Field(
        "/opt/safecity-edge",
        description="folder of the releases; in its folder `bundles` root puts bundles, a folder each",
    )


class OutboxLimits(Strict):
    """Bounds of the durable queue."""

    max_mib: int = Field(
        256, description="MiB of unsent messages before the least urgent are shed", ge=1, le=65_536
    )
    max_message_kib: int = Field(
        64, description="KiB of one message; a larger one is set aside", ge=4, le=256
    )


class Metrics(Strict):
    """Figures for Prometheus, read on this machine alone; read at the start of the box."""

    host: LoopbackHost = Field("127.0.0.1", description="address to listen on: one of this machine alone")
    port: int = Field(
        9464, description="TCP port of http://host:port/metrics; 0 takes a free one", ge=0, le=65_535
    )


class Log(Strict):
    """How the box's log is written."""

    format: Literal["text", "json"] = Field(
        "text", description="`text` for people, `json` for programs: one object a line"
    )
    level: Literal["warning", "info"] = Field(
        "warning", description="the least that is written; `--verbose` means info"
    )

    def spec(self) -> LogSpec:
        """What it compiles to."""
        return LogSpec(self.format == "json", self.level == "info")


_OF_THE_WHOLE: dict[str, bool | dict[str, set[str]]] = {
    "cameras": {"__all__": {"id", "source"}},
    "rules": {"__all__": {"id"}},
    "policy": True,
    "footage": True,
}
"""What laws over the whole file look at."""


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
    policy: PolicySource | None = Field(
        None, description="the signed policy; without one the box keeps no footage and shows nothing"
    )
    footage: Footage | None = Field(
        None, description="sealed recording; without this section nothing is recorded"
    )
    privacy: Privacy = Field(default_factory=Privacy)
    outbox: OutboxLimits = Field(default_factory=OutboxLimits)
    updates: Updates | None = Field(
        None,
        description="updates by command, carried out by `update obey` as root; without this section none are",
    )
    metrics: Metrics | None = Field(
        None, description="figures for Prometheus; without this section nothing listens"
    )
    log: Log = Field(default_factory=Log)
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = Field(
        "auto", description="worker processes that share the cameras; auto makes one per core"
    )
    cameras: list[Camera] = Field(min_length=1, max_length=64)
    rules: list[Annotated[Rule, AfterValidator(cross.fitting)]] = Field(default_factory=list, max_length=256)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        SeveralError.raise_any(whole.mistakes(self.model_dump(include=_OF_THE_WHOLE)))
        return self
