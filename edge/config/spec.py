"""What a configuration compiles to: frozen, checked, with every path absolute."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from edge.config.moving import MovingSpec
from edge.config.ordered_model import OrderedModel
from edge.config.secret import SecretRef
from edge.config.thermal import ThermalCamera
from edge.detect.capability import DoorPolicy
from edge.governance.acceptance import Signature
from edge.governance.policy import StatePolicy
from edge.ground.plane import Ground
from edge.rules.fusion import Blend
from edge.rules.spec import RuleSpec
from edge.scene.heat import HeatSpec
from edge.scene.polygons import Point
from edge.scene.spec import LineSpec, ZoneSpec
from edge.values.engine import Backend, Precision, Provider
from edge.values.log_spec import LogSpec
from edge.values.retention import FootagePolicy


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """One stream of a camera: a URL without password, or an absolute path."""

    url: str
    username: str | None
    password: SecretRef | None
    transport: str
    decode: str
    loop: bool
    hang_s: float


@dataclass(frozen=True, slots=True)
class DensitySpec:
    """Which density model counts a camera's crowds, how often, and where it takes over from the detector."""

    model: str
    every_s: float
    blend: Blend


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """One camera with its places and the rules that hold for it.

    Attributes:
        id, name: of the configuration.
        detect: the stream to analyse.
        record: the stream to record; None where the configuration names none.
        detect_fps: pictures analysed per second.
        isolate: a worker process of its own.
        zones, lines, masks: places in the unit square.
        ground: where on the street the picture lies; None where that was not measured.
        ground_doubts: what its marks say against each other, in words.
        rules: those that hold here.
        heat_maps: floors of which it is told how many were where.
        density: how dense crowds are counted; None for by the detector alone.
        moving: how it moves; None for a camera that hangs still.
        purposes: why it looks, ids of the policy's purposes: as the policy says.
        thermal: what its pictures mean; None for a camera that is not thermal.
    """

    id: str
    name: str
    detect: StreamSpec
    record: StreamSpec | None
    detect_fps: float
    isolate: bool
    zones: tuple[ZoneSpec, ...]
    lines: tuple[LineSpec, ...]
    masks: tuple[tuple[Point, ...], ...]
    rules: tuple[RuleSpec, ...]
    ground: Ground | None = None
    ground_doubts: tuple[str, ...] = ()
    heat_maps: tuple[HeatSpec, ...] = ()
    density: DensitySpec | None = None
    moving: MovingSpec | None = None
    purposes: frozenset[str] = frozenset()
    thermal: ThermalCamera | None = None


@dataclass(frozen=True, slots=True)
class EnrolledSpec:
    """Where certificates are that name keys for signing; every path absolute.

    Attributes:
        authority: certificate of who signed them.
        folder: where they lie.
        revoked: list of those that do not count, or None.
    """

    authority: Path
    folder: Path
    revoked: Path | None


@dataclass(frozen=True, slots=True)
class BrokerSpec:
    """A broker of the operator's own; urls by preference.

    `receipts` says whether a centre sends them, `centre` by what they are believed; where that is None, only
    `unsigned`, which somebody wrote down, lets them be.
    """

    urls: tuple[str, ...]
    username: str | None
    password: SecretRef | None
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None
    client_id: str
    keepalive_s: int
    receipts: bool = False
    centre: EnrolledSpec | None = None
    unsigned: bool = False

    def __post_init__(self) -> None:
        if self.receipts and (self.centre is None) is not self.unsigned:
            raise ValueError("receipts want the centre's certificates, or the word that none are wanted")


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """Which model finds objects, how it is run, and which models may enter.

    `score` None means the card's own threshold; `backend` and `precision` None mean `auto`.
    """

    model: str
    score: float | None
    threads: int
    provider: Provider
    backend: Backend | None
    precision: Precision | None
    door: DoorPolicy


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Where the policy of the state is.

    Attributes:
        file: policy file, its signatures beside it.
        roots: fingerprint of the three who sign.
        signatures: those found, not yet judged.
    """

    file: Path
    roots: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class PanicSpec:
    """What a panic button does: seconds before and after, days until a review, and what it listens to."""

    before_s: float
    after_s: float
    review_days: int
    http_port: int | None
    mqtt: bool


@dataclass(frozen=True, slots=True)
class FootageSpec:
    """How footage is recorded and kept.

    Attributes:
        folder: where it lies sealed.
        quota_bytes: most that it may take.
        reserve_bytes: what must stay free on its disk.
        segment_s: usual length of a segment, seconds.
        on_hold: cameras whose footage waits in memory until a hold asks for it, `on_hold_before_s` long.
        confirm_clock_s: how far apart a step of the clock must be seen twice, seconds.
        panic: what a panic button does.
    """

    folder: Path
    quota_bytes: int
    reserve_bytes: int
    segment_s: float
    on_hold: frozenset[str]
    on_hold_before_s: float
    confirm_clock_s: float
    panic: PanicSpec


@dataclass(frozen=True, slots=True)
class MetricsSpec:
    """Where Prometheus may ask: an address of loopback, and a port, 0 for a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """One edge box.

    Attributes:
        node, region: names in topics.
        site_name: for people at this box.
        timezone: in which schedules are read.
        data_dir: where the outbox and the state of the run live.
        broker: None means the embedded one.
        workers: number of shared workers; None means one per core.
        gate: whether the motion gate is on, and its `heartbeat_s`.
        policy: what the state allows; the built-in one where the configuration names none.
        policy_sha256: its hash.
        policy_ref: where it is; None for the built-in one.
        footage: how footage is recorded and kept; None where nothing is recorded.
        rotation_s, publish_boxes: the privacy settings, within the policy.
        metrics: where Prometheus may ask; None where it may not.
        log: how the log is written.
        sha256: hash of the whole configuration as it was read, defaults included, with the model that looks.
        updates: folder of releases, where updates are taken by command; None where they are not.
        ordered_model: the order by which another model looks than the file names; None where none holds.
    """

    node: str
    region: str
    site_name: str
    timezone: ZoneInfo
    data_dir: Path
    broker: BrokerSpec | None
    detector: DetectorSpec
    gate: bool
    heartbeat_s: float
    policy: StatePolicy
    policy_sha256: str
    policy_ref: PolicyRef | None
    footage: FootageSpec | None
    rotation_s: int
    publish_boxes: bool
    outbox_bytes: int
    message_bytes: int
    workers: int | None
    cameras: tuple[CameraSpec, ...]
    metrics: MetricsSpec | None
    log: LogSpec
    sha256: str
    updates: Path | None = None
    ordered_model: OrderedModel | None = None

    @property
    def recorded(self) -> tuple[str, ...]:
        """Ids of the cameras that are recorded, in order."""
        return tuple(c.id for c in self.cameras if c.record is not None) if self.footage else ()

    @property
    def footage_policy(self) -> FootagePolicy | None:
        """What the policy says about footage; None where nothing may be recorded."""
        return self.policy.footage(self.policy_sha256)

    def camera(self, name: str) -> CameraSpec:
        """The camera of that id.

        Raises:
            KeyError: there is none.
        """
        return next(iter([c for c in self.cameras if c.id == name] or self._no(name)))

    def _no(self, name: str) -> tuple[CameraSpec, ...]:
        raise KeyError(f"no camera {name}; there are {', '.join(c.id for c in self.cameras)}")
