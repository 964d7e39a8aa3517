"""The parts of one camera's analysis, built from the configuration.

Law: nothing is built twice from one spec and shared; state never mixes between cameras.
"""

import hashlib
import zlib
from dataclasses import replace

from edge.config.cross import nearest
from edge.config.moving import MovingSpec
from edge.config.spec import CameraSpec, DensitySpec, NodeSpec
from edge.detect.card import PERSON, VEHICLES, Card, Thresholds
from edge.detect.motion import MotionGate, MotionSpec
from edge.flight import Flight
from edge.governance.policy import StatePolicy
from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.pipeline import MapTimes, Pipeline
from edge.privacy.pseudonyms import Pseudonyms
from edge.privacy.redactor import Redactor
from edge.privacy.spec import ModelRef, Origin, Policy, PrivacySpec
from edge.rules.rules import MAPPED, Rules
from edge.rules.spec import HEAT, MOVERS, THINGS
from edge.scene.aloft import Aloft
from edge.scene.heat import Heat
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec
from edge.scene.support import Witness
from edge.thermal.spec import ThermalSpec
from edge.thermal.watch import ThermalWatch
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.errors import ConfigError, ModelError
from edge.values.event import Kind
from edge.values.moment import NS_PER_S
from edge.view.picture import PictureSpec, PictureWatch
from edge.view.watch import ViewSpec, ViewWatch

CONTINUES = 0.4
"""Share of the score that begins a track which is enough to continue it (0.6 and 0.1..0.2 in ByteTrack,
arXiv:2110.06864, section 4.1, on detectors whose scores lie higher)."""

KEPT_MAPS = 3.0
"""A density map counts for so many periods: one that is missed makes no hole."""

DOUBTED_BEGINS = 0.8
"""Share of the score that begins a track of a person which begins one that is told only once it walked on: a
runner scores 0.31 to 0.51 where 0.5 is wanted. Less finds no more of them and more that is nobody; parts of
vehicles score as much as vehicles do, so only people begin in doubt."""

DOUBTED = 2 / 3
"""Share of the score that begins a track elsewhere which begins one in a redaction: for persons of the
bundled detector a score of 0.3. At 0.11 what is nobody fills 83 to 98 % of the sample clips, and not a
pixel less comes out."""

DOUBTED_ON = 0.5
"""Share of the score that begins a track in a redaction which is enough to continue it there."""


def origin_of(node: NodeSpec) -> Origin:
    """Who speaks."""
    return Origin(node.region, node.node)


def pipeline_of(node: NodeSpec, camera: CameraSpec, card: Card, run: str, seed: bytes) -> Pipeline:
    """The pipeline of one run of one camera.

    Args:
        node: the box.
        camera: one of its cameras.
        card: of the model that looks.
        run: id of the run; event ids and track names depend on it.
        seed: of the track names: fresh randomness live, `replay_seed` in a replay.

    Raises:
        ConfigError: a rule or heat map counts a class that the model does not know, or the policy's
            masks leave no floor.
    """
    check_classes(camera, card)
    density = camera.density
    keep_s = KEPT_MAPS * (density.every_s if density else 10.0)
    moving = camera.moving
    spec = SceneSpec(
        card.labels,
        camera.zones,
        camera.lines,
        camera.masks,
        ground=camera.ground,
        map_keep_s=keep_s,
        acuity=card.acuity if needs_glimpses(camera) else None,
    )
    return Pipeline(
        gate=MotionGate(MotionSpec(enabled=node.gate and moving is None, heartbeat_s=node.heartbeat_s)),
        tracker=Tracker(tracker_spec(node, card)),
        scene=_scene(camera, spec),
        rules=Rules(camera.rules, node.node, camera.id, run, density.blend if density else None),
        redactor=Redactor(
            _privacy(node, card),
            camera.id,
            Pseudonyms(seed, camera.id, float(node.rotation_s)),
            None if moving is None or moving.places is None else moving.places.middles(),
        ),
        heats=tuple(Heat(heat, _heat_key(seed, camera.id, heat.zone)) for heat in camera.heat_maps),
        maps=None if density is None else _map_times(camera.id, density),
        witness=_witness(node, card),
        picture=PictureWatch(PictureSpec(thermal=camera.thermal is not None, looped=camera.detect.loop)),
        view=ViewWatch(ViewSpec(still=moving is None, thermal=camera.thermal is not None)),
        flight=None if moving is None else _flight(moving, card),
        things=None if moving is not None else _things(camera, card),
        pace=None if moving is not None else pace_of(camera, card.labels),
        thermal=_thermal(camera),
    )


def _witness(node: NodeSpec, card: Card) -> Witness:
    person = card.labels.index(MAPPED) if MAPPED in card.labels else None
    return Witness(person, wanted_thresholds(node, card).of(MAPPED))


def _flight(moving: MovingSpec, card: Card) -> Flight:
    aloft = None if moving.places is None else Aloft(moving.places, card.labels)
    return Flight(aloft, moving.fixed_only, moving.on_map)


def _things(camera: CameraSpec, card: Card) -> ThingWatch | None:
    """The watch over things, where a rule asks for it."""
    wanted = {place for rule in camera.rules if rule.kind in THINGS for place in rule.places}
    zones = tuple((zone.id, zone.polygon) for zone in camera.zones if zone.id in wanted)
    return ThingWatch(ThingSpec(card.labels, zones, camera.masks, camera.ground)) if zones else None


def pace_of(camera: CameraSpec, labels: tuple[str, ...]) -> PaceWatch | None:
    """The watch over speeds and stops, where a rule asks for it."""
    rules = [rule for rule in camera.rules if rule.kind in MOVERS]
    zones = {kind: {place for rule in rules if rule.kind is kind for place in rule.places} for kind in MOVERS}
    timed, watched = (
        tuple((zone.id, zone.polygon) for zone in camera.zones if zone.id in zones[kind])
        for kind in (Kind.SPEED, Kind.STOPPED)
    )
    if not timed and not watched:
        return None
    classes = frozenset(label for rule in rules for label in rule.classes or labels)
    return PaceWatch(PaceSpec(labels, timed, watched, classes, camera.masks, camera.ground))


def _thermal(camera: CameraSpec) -> ThermalWatch | None:
    """The watch over heat, where a rule asks for it."""
    asked = [rule for rule in camera.rules if rule.kind in HEAT]
    wanted = {place for rule in asked for place in rule.places}
    zones = tuple((zone.id, zone.polygon) for zone in camera.zones if zone.id in wanted)
    levels = tuple(dict.fromkeys(rule.hot for rule in asked if rule.hot is not None))
    if camera.thermal is None or not zones:
        return None
    return ThermalWatch(ThermalSpec(zones, levels, camera.thermal.scale, camera.masks))


def _heat_key(seed: bytes, camera: str, zone: str) -> bytes:
    """What a map's noise is made of; of the run's randomness, and of no use for anything else."""
    return hashlib.sha256(b"\0".join((b"heat", seed, camera.encode(), zone.encode()))).digest()


def _map_times(camera: str, density: DensitySpec) -> MapTimes:
    every_ns = round(density.every_s * NS_PER_S)
    return MapTimes(every_ns, zlib.crc32(camera.encode()) % every_ns)


def told_of(pipeline: Pipeline, node: NodeSpec, card: Card) -> None:
    """Let a pipeline that goes on under another configuration name that one in its messages."""
    pipeline.redactor = pipeline.redactor.under(_privacy(node, card))


def _scene(camera: CameraSpec, spec: SceneSpec) -> Scene:
    try:
        return Scene(spec)
    except ValueError as wrong:
        raise ConfigError(f"camera {camera.id}: {wrong}") from wrong


def tracker_spec(node: NodeSpec, card: Card) -> TrackerSpec:
    """A track begins at the score wanted for its class and is continued by less, as in ByteTrack."""
    wanted = wanted_thresholds(node, card)
    begins = tuple(wanted.of(label) for label in card.labels)
    walks = tuple(
        DOUBTED_BEGINS * score if label == PERSON else 1.0
        for label, score in zip(card.labels, begins, strict=True)
    )
    return TrackerSpec(
        high_score=wanted.default,
        high_scores=begins,
        low_score=min(wanted.default, *begins) * CONTINUES,
        doubted_scores=walks,
        alone=tuple(label in VEHICLES for label in card.labels),
    )


def thresholds_of(node: NodeSpec, card: Card) -> Thresholds:
    """The thresholds of the detector: lower than what begins a track, so that it can be continued."""
    return _scaled(wanted_thresholds(node, card), CONTINUES)


def doubted_of(node: NodeSpec, card: Card) -> Thresholds:
    """Scores that begin a track in a redaction: one too many costs some street, one too few a person."""
    return _scaled(wanted_thresholds(node, card), DOUBTED)


def doubted_on_of(node: NodeSpec, card: Card) -> Thresholds:
    """Scores that continue a track in a redaction."""
    return _scaled(doubted_of(node, card), DOUBTED_ON)


def needs_glimpses(camera: CameraSpec) -> bool:
    """Whether a density is told of this camera, and so how many people may have been missed."""
    dense = any(rule.kind in {Kind.DENSITY, Kind.OCCUPANCY} for rule in camera.rules)
    return camera.ground is not None and dense


def wanted_thresholds(node: NodeSpec, card: Card) -> Thresholds:
    """What begins a track: the card's thresholds, moved together to the configured score if there is one."""
    if node.detector.score is None:
        return card.thresholds
    return _scaled(card.thresholds, node.detector.score / card.thresholds.default)


def _scaled(thresholds: Thresholds, share: float) -> Thresholds:
    score = {label: min(1.0, value * share) for label, value in thresholds.score.items()}
    return replace(thresholds, default=min(1.0, thresholds.default * share), score=score)


def check_classes(camera: CameraSpec, card: Card) -> None:
    """Raise `ConfigError` if a rule counts a class that the model does not know."""
    wanted = [(f"rule {rule.id}", rule.classes or frozenset()) for rule in camera.rules]
    wanted += [(f"heat map of {heat.zone}", heat.classes) for heat in camera.heat_maps]
    for whose, classes in wanted:
        for unknown in sorted(classes - set(card.labels)):
            meant = nearest(unknown, card.labels) or f"; it knows {', '.join(card.labels)}"
            raise ConfigError(f"{whose}: classes: the model {card.name} knows no {unknown}{meant}")


def check_permitted(policy: StatePolicy, card: Card) -> None:
    """Raise `ModelError` if the policy does not let this model look."""
    if policy.models is not None and card.sha256 not in {model.sha256 for model in policy.models}:
        names = ", ".join(sorted(f"{model.name} ({model.sha256[:12]}…)" for model in policy.models))
        raise ModelError(
            f"{card.name}: policy version {policy.version} allows the models {names or 'none'}, got SHA-256 "
            f"{card.sha256}: take one of them, or ask the authority to allow this one"
        )


def replay_seed(*parts: str) -> bytes:
    """A seed that depends on the inputs of a replay alone."""
    return hashlib.sha256("\0".join(("replay", *parts)).encode()).digest()


def _privacy(node: NodeSpec, card: Card) -> PrivacySpec:
    named = node.policy.publish_labels
    labels = frozenset(card.labels) if named is None else named & frozenset(card.labels)
    least = node.policy.public_min_count
    policy = Policy(
        node.policy_sha256,
        float(node.rotation_s),
        node.publish_boxes,
        labels,
        least,
        node.policy.publish_places_m,
    )
    return PrivacySpec(origin_of(node), policy, ModelRef(card.name, card.sha256), node.sha256)
