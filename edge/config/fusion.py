"""From a fusion's configuration file to what is judged."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from edge import strictyaml
from edge.config.centre import broker_of, centre_of
from edge.config.fusion_places import camera_source, ns_of, sensor_source
from edge.config.fusion_rules import Compiler, Ruled
from edge.config.fusion_schema import FusedRule, FusionFile
from edge.config.schema import by_receipt
from edge.config.spec import BrokerSpec
from edge.fusion.spec import FusionRule, FusionSpec, Source
from edge.strictyaml.document import Loc
from edge.values.errors import ConfigError
from edge.values.event import Severity
from edge.values.log_spec import LogSpec
from edge.values.sensor import SensorKind


@dataclass(frozen=True, slots=True)
class FusionNode:
    """One fusion.

    Attributes:
        name, region: who it is, in topics.
        broker: where it hears and speaks.
        ears: where it hears what is not urgent, under a name of its own; None if on the same connection.
        data_dir: its memory and its outbox.
        lateness_ns: how long it waits for facts.
        outbox_bytes, message_bytes: bounds of its outbox.
        timezone: in which times are shown.
        sensors: who may speak for a sensor, and its kind, by the sensor's id.
        log: how its log is written.
        spec: sources and rules.
        ruled: how each rule came out, by its id.
    """

    name: str
    region: str
    broker: BrokerSpec
    ears: BrokerSpec | None
    data_dir: Path
    lateness_ns: int
    outbox_bytes: int
    message_bytes: int
    timezone: ZoneInfo
    sensors: Mapping[str, tuple[str, SensorKind]]
    log: LogSpec
    spec: FusionSpec
    ruled: Mapping[str, Ruled]


def load(path: Path) -> FusionNode:
    """The configuration in `path`, compiled; relative paths in it count from its folder.

    Raises:
        ConfigError: it cannot be read or is wrong; the text names file, line, key, wanted and got.
    """
    read = strictyaml.read(path, FusionFile, ConfigError)
    compiler = Compiler(read.model)
    ruled = {rule.id: compiler.rule(index) for index, rule in enumerate(read.model.rules)}
    if compiler.mistakes:
        raise ConfigError(read.refusal(_once(compiler.mistakes)))
    return _node(read.model, path.parent.resolve(), {name: each for name, each in ruled.items() if each})


def is_one(path: Path) -> bool:
    """Whether this is the file of a fusion, and not of a box; what cannot be read is none."""
    found = strictyaml.keys(path)
    return "name" in found and "node" not in found


def _node(file: FusionFile, base: Path, ruled: Mapping[str, Ruled]) -> FusionNode:
    sources: list[Source] = [camera_source(camera) for camera in file.cameras]
    sources += [sensor_source(sensor) for sensor in file.sensors]
    rules = tuple(_rule(rule, ruled[rule.id]) for rule in file.rules)
    return FusionNode(
        name=file.name,
        region=file.region,
        broker=_broker(file, base),
        ears=_ears(file, base),
        data_dir=(base / Path(file.data_dir).expanduser()).resolve(),
        lateness_ns=ns_of(file.lateness_s),
        outbox_bytes=file.outbox.max_mib << 20,
        message_bytes=file.outbox.max_message_kib << 10,
        timezone=ZoneInfo(file.timezone),
        sensors={sensor.id: (sensor.gateway, sensor.kind) for sensor in file.sensors},
        log=file.log.spec(),
        spec=FusionSpec(file.name, tuple(sources), rules),
        ruled=ruled,
    )


def _broker(file: FusionFile, base: Path) -> BrokerSpec:
    return replace(
        broker_of(file.broker, file.name, base),
        receipts=by_receipt(file.delivery, file.centre, file.receipts),
        centre=None if file.centre is None else centre_of(file.centre, base),
        unsigned=file.receipts.unsigned == "accept",
    )


def _ears(file: FusionFile, base: Path) -> BrokerSpec | None:
    """The second connection, if the broker can tell it from the first."""
    own = file.broker
    if file.ears is None:
        who = own if own.cert_file is None and own.username is None else None
    else:
        who = own.model_copy(update={key: getattr(file.ears, key) for key in file.ears.model_fields_set})
    return None if who is None else broker_of(who, f"{file.name}-ears", base)


def _rule(rule: FusedRule, ruled: Ruled) -> FusionRule:
    return FusionRule(
        id=rule.id,
        severity=Severity[rule.severity.upper()],
        sha256=_hash(rule, ruled),
        spots=ruled.spots,
        for_ns=ns_of(rule.for_s),
        clear_ns=ns_of(rule.clear_s),
        unknown_ns=ns_of(rule.unknown_s),
        update_ns=ns_of(rule.update_s),
        cooldown_ns=ns_of(rule.cooldown_s),
    )


def _hash(rule: FusedRule, ruled: Ruled) -> str:
    """Of how the rule was written, and of those that it names."""
    whole = [rule.model_dump(mode="json", by_alias=True)]
    whole += [clause.model_dump(mode="json", by_alias=True) for clause in ruled.clauses.values()]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _once(mistakes: list[tuple[Loc, str]]) -> list[tuple[Loc, str]]:
    return list(dict.fromkeys(mistakes))
