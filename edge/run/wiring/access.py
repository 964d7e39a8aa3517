"""Wiring of a broker's access: the trial of a file, and the canary at the broker that serves."""

import os
import signal
import time
from pathlib import Path

from edge.adapters.mosquitto_trial import knock, try_out
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.config.fleet import FleetSpec, Member, Role
from edge.run import access
from edge.values.errors import ConfigError

BOXES_TRIED = 3
STRANGER = Member("nobody-in-this-file", Role.CANARY, None)
RELOADED_S = 1.0
HEARING_S = 2.0


def prove(fleet: FleetSpec, text: str) -> int:
    """Try an access file out: three boxes, the others, and a stranger; how many things were tried.

    Raises:
        ConfigError: it does not stand the trial, or there is no Mosquitto here.
    """
    boxes = [each for each in fleet.members if each.role is None][:BOXES_TRIED]
    tried = {each.name: each for each in (*boxes, *_one_of_each(fleet), STRANGER)}
    topics = [topic for each in tried.values() for topic in access.topics_of(each)]
    return try_out(text, tried, topics, lambda name, write, topic: access.may(tried[name], write, topic))


def ask_canary(fleet: FleetSpec, pid_file: Path | None) -> list[str]:
    """What the canary of the fleet can do at the broker that serves, in words; nothing is right.

    Raises:
        ConfigError: the fleet file does not say how it logs in, or there is no such process.
        BrokerError: the broker cannot be reached, or refuses the canary's certificate.
    """
    probe = fleet.probe
    if probe is None:
        raise ConfigError("the fleet file wants the key probe: where and with which files the canary logs in")
    if pid_file is not None:
        _reload(pid_file)
    endpoint = MqttEndpoint(
        probe.url,
        fleet.canary.name,
        ca_file=probe.ca_file,
        cert_file=probe.cert_file,
        key_file=probe.key_file,
    )
    box = next(each for each in fleet.members if each.role is None)
    topic = f"safecity/v1/{box.region}/{fleet.canary.name}/gap"
    taken, heard = knock(endpoint, topic, HEARING_S)
    return ([f"it can write to {topic}"] if taken else []) + [f"it can read {each}" for each in sorted(heard)]


def _one_of_each(fleet: FleetSpec) -> list[Member]:
    """One client of each role and region."""
    found: dict[tuple[Role, str | None], Member] = {}
    for each in fleet.members:
        if each.role is not None:
            found.setdefault((each.role, each.region), each)
    return list(found.values())


def _reload(pid_file: Path) -> None:
    try:
        os.kill(int(pid_file.read_text(encoding="utf-8")), signal.SIGHUP)
    except (OSError, ValueError) as failure:
        raise ConfigError(
            f"--reload: {pid_file} leads to no Mosquitto that this user may signal: {failure}"
        ) from failure
    time.sleep(RELOADED_S)
