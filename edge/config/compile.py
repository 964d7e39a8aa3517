"""A validated configuration, turned into the spec that the parts of a box are built from."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from edge.config import places, schema, stricter
from edge.config.density import Density
from edge.config.fields import Secret, Strict
from edge.config.footage import Footage
from edge.config.moving import MovingSpec, holds, moving_spec
from edge.config.rules import Rule
from edge.config.secret import SecretRef
from edge.config.spec import (
    BrokerSpec,
    CameraSpec,
    DensitySpec,
    DetectorSpec,
    EnrolledSpec,
    FootageSpec,
    MetricsSpec,
    NodeSpec,
    PolicyRef,
    StreamSpec,
)
from edge.config.thermal import ThermalCamera
from edge.detect.capability import DoorPolicy
from edge.governance import plain
from edge.governance.built_in import BUILT_IN
from edge.governance.policy import TEN_THOUSAND, StatePolicy
from edge.rules.spec import RuleSpec
from edge.scene.heat import HeatSpec
from edge.scene.polygons import Point
from edge.values.engine import Backend, Precision
from edge.values.errors import ConfigError


def compiled(node: schema.Node, base: Path = Path()) -> NodeSpec:
    """A validated configuration under the built-in policy; relative paths in it count from `base`."""
    return Compiler(node, base.resolve(), BUILT_IN, None).node()


class Compiler:
    """Turns validated models into specs; everything that can be wrong was refused before."""

    def __init__(self, node: schema.Node, base: Path, state: StatePolicy, ref: PolicyRef | None) -> None:
        self._node = node
        self._base = base
        self._state = state
        self._ref = ref
        self._zone = ZoneInfo(node.site.timezone)

    def node(self) -> NodeSpec:
        """The spec of the whole node."""
        node = self._node
        return NodeSpec(
            node=node.node,
            region=node.region,
            site_name=node.site.name,
            timezone=self._zone,
            data_dir=self._path(node.data_dir),
            broker=None if node.broker == "embedded" else self._broker(node.broker),
            detector=self._detector(node.detector),
            gate=node.gate.enabled,
            heartbeat_s=node.gate.heartbeat_s,
            policy=self._state,
            policy_sha256=plain.sha256(self._state),
            policy_ref=self._ref,
            footage=self._footage(node.footage),
            rotation_s=stricter.rotation_s(node.privacy, self._state),
            publish_boxes=stricter.publish_boxes(node.privacy, self._state),
            outbox_bytes=node.outbox.max_mib << 20,
            message_bytes=node.outbox.max_message_kib << 10,
            workers=None if node.workers == "auto" else node.workers,
            cameras=tuple(self._camera(camera) for camera in node.cameras),
            metrics=None if node.metrics is None else MetricsSpec(node.metrics.host, node.metrics.port),
            log=node.log.spec(),
            sha256=_sha256(node),
            updates=None if node.updates is None else self._path(node.updates.home),
        )

    def _footage(self, footage: Footage | None) -> FootageSpec | None:
        if footage is None:
            return None
        return footage.spec(self._path(self._node.data_dir), self._base, self._state)

    def _broker(self, broker: schema.Broker) -> BrokerSpec:
        return BrokerSpec(
            urls=tuple(broker.urls),
            username=broker.username,
            password=self._secret("broker.password", broker.password),
            ca_file=self._file(broker.ca_file),
            cert_file=self._file(broker.cert_file),
            key_file=self._file(broker.key_file),
            client_id=broker.client_id or self._node.node,
            keepalive_s=broker.keepalive_s,
            receipts=schema.by_receipt(broker.delivery, broker.centre, broker.receipts),
            centre=None if broker.centre is None else self._centre(broker.centre),
            unsigned=broker.receipts.unsigned == "accept",
        )

    def _centre(self, centre: schema.CentreKeys) -> EnrolledSpec:
        return EnrolledSpec(
            self._path(centre.ca_file), self._path(centre.certificates), self._file(centre.crl_file)
        )

    def _detector(self, detector: schema.Detector) -> DetectorSpec:
        door = DoorPolicy(None if detector.allow is None else frozenset(detector.allow))
        return DetectorSpec(
            model=self._model(detector.model),
            score=detector.score,
            threads=detector.threads,
            provider=detector.provider,
            backend=None if detector.backend == "auto" else Backend(detector.backend),
            precision=None if detector.precision == "auto" else Precision(detector.precision),
            door=door,
        )

    def _camera(self, camera: places.Camera) -> CameraSpec:
        source = camera.source
        detect, record = (source, None) if isinstance(source, str) else (source.detect, source.record)
        rules = self._rules(camera)
        judged = _judged(rules, camera)
        return CameraSpec(
            id=camera.id,
            name=camera.name or camera.id,
            detect=self._stream(camera, detect),
            record=None if record is None else self._stream(camera, record),
            detect_fps=camera.detect_fps,
            isolate=camera.isolate,
            zones=tuple(zone.spec() for zone in camera.zones),
            lines=tuple(line.spec() for line in camera.lines),
            masks=(*(tuple(polygon) for polygon in camera.exclude), *self._masks(camera.id)),
            ground=None if camera.ground is None else camera.ground.spec(),
            ground_doubts=() if camera.ground is None else camera.ground.doubts(),
            rules=judged,
            heat_maps=self._heat_maps(camera),
            density=None if camera.density is None else self._density(camera.density),
            moving=self._moving(camera, rules, judged) if camera.moving else None,
            purposes=self._state.looks_for(f"{self._node.region}/{self._node.node}", camera.id),
            thermal=ThermalCamera.of(camera.thermal),
        )

    def _moving(
        self, camera: places.Camera, rules: tuple[RuleSpec, ...], judged: tuple[RuleSpec, ...]
    ) -> MovingSpec:
        """How it moves; what the policy wants unlooked at, it cannot leave unlooked at."""
        if self._masks(camera.id):
            raise ConfigError(
                f"camera {camera.id}: moving: the policy hides parts of its picture, which a moving camera "
                "cannot hide: leave it out, or ask the authority for a policy without those masks"
            )
        try:
            return moving_spec(camera.flight, self._base, rules, judged)
        except ConfigError as wrong:
            raise ConfigError(f"camera {camera.id}: flight: {wrong}") from wrong

    def _heat_maps(self, camera: places.Camera) -> tuple[HeatSpec, ...]:
        """With all masks of the policy, and no smaller count than it wants."""
        try:
            return camera.heat_specs(tuple(self._masks(camera.id)), self._state.public_min_count)
        except ValueError as wrong:
            raise ConfigError(f"camera {camera.id}: heat_maps: {wrong}") from wrong

    def _density(self, density: Density) -> DensitySpec:
        return DensitySpec(self._model(density.model), density.every_s, density.blend())

    def _model(self, name: str) -> str:
        """A model's name as it is, the path of its folder as an absolute one."""
        return str(self._path(name)) if "/" in name else name

    def _masks(self, camera: str) -> list[tuple[Point, ...]]:
        """What the policy wants unlooked at, in the unit square."""
        polygons = sorted(self._state.masks.get(camera, frozenset()))
        return [tuple((x / TEN_THOUSAND, y / TEN_THOUSAND) for x, y in polygon) for polygon in polygons]

    def _rules(self, camera: places.Camera) -> tuple[RuleSpec, ...]:
        held = ((rule, rule.places_on(camera)) for rule in self._node.rules)
        least = self._state.public_min_count
        return tuple(
            rule.spec(there, self._zone, least, _heading(rule, camera)) for rule, there in held if there
        )

    def _stream(self, camera: places.Camera, url: str) -> StreamSpec:
        local = "://" not in url and not url.startswith("/dev/video")
        return StreamSpec(
            url=str(self._path(url)) if local else url,
            username=camera.username,
            password=self._secret(f"camera {camera.id}: password", camera.password),
            transport=camera.transport,
            decode=camera.decode,
            loop=camera.loop,
            hang_s=camera.hang_s,
        )

    def _secret(self, key: str, secret: Secret | None) -> SecretRef | None:
        return None if secret is None else SecretRef(key, secret.env, self._file(secret.file))

    def _file(self, name: str | None) -> Path | None:
        return None if name is None else self._path(name)

    def _path(self, name: str) -> Path:
        return resolved(self._base, name)


def resolved(base: Path, name: str) -> Path:
    """The absolute path of what a configuration names; relative ones count from `base`."""
    return (base / Path(name).expanduser()).resolve()


def _judged(rules: tuple[RuleSpec, ...], camera: places.Camera) -> tuple[RuleSpec, ...]:
    """The rules, each over the places of the camera where it can be judged; all of them if it hangs still."""
    if not camera.moving:
        return rules
    drawn: dict[str, tuple[Point, ...] | None] = {zone.id: tuple(zone.polygon) for zone in camera.zones}
    drawn |= dict.fromkeys([line.id for line in camera.lines])
    kept = []
    for rule in rules:
        there = tuple(name for name in rule.places if name not in drawn or holds(rule.kind, drawn[name]))
        if there:
            kept.append(replace(rule, places=there))
    return tuple(kept)


def _heading(rule: Rule, camera: places.Camera) -> tuple[float, float] | None:
    """Where people should walk, on the camera's ground."""
    if rule.heading is None or camera.ground is None:
        return None
    start, end = camera.ground.spec().metres(np.array(rule.heading))
    return float(end[0] - start[0]), float(end[1] - start[1])


def _sha256(model: Strict) -> str:
    """Hash of what the model says, whatever the file's layout, comments and order of keys."""
    said = json.dumps(model.model_dump(mode="json", by_alias=True), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
