"""Who may read and write which topics at a broker, and the Mosquitto files that say so.

Law: what is not granted is denied. Topics come from the messages that a box sends, so a new one cannot be
forgotten here. A name in the access file is a certificate's common name. Nothing is read or written here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edge.config.fleet import FleetSpec, Member, Role
from edge.messages.channels import Speaker, channels

ANY = "+"

HEALTH = ("cameraState", "nodeStatus", "answer")
HEADS = ("audit",)
RECEIPTS = ("receipt",)
COMMANDS = ("command",)
FOR_BOXES = (*RECEIPTS, *COMMANDS)
BUTTON = "command/panic"
"""Below a box: where a panic button speaks, which is not signed."""
LIKE_A_BOX = ("nodeStatus", "gap")
READINGS = ("reading",)
FUSED_FROM = ("event", "cameraState", *READINGS)
ECHO = "safecity/v1/{region}/{node}/echo"
"""What a fusion says to itself, to know what reached the broker before it."""

PACKET_BYTES = 320 << 10
"""The largest message that a box may be told to send, and what MQTT adds."""

_CONF = """\
# Written by `safecity-edge pki acl`; change the fleet file and write it anew.
per_listener_settings true
persistence true
persistence_location {state_dir}
autosave_interval 60
max_queued_messages 100000
max_packet_size {packet_bytes}

listener {port}{address}
tls_version tlsv1.3
cafile {folder}/ca.pem
crlfile {folder}/crl.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
require_certificate true
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
acl_file {folder}/access
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to read or write what a filter matches."""

    write: bool
    topics: str

    def covers(self, topic: str) -> bool:
        """Whether a topic is among them; no `#` stands in these filters."""
        wanted, levels = self.topics.split("/"), topic.split("/")
        return len(wanted) == len(levels) and all(
            each in (ANY, level) for each, level in zip(wanted, levels, strict=True)
        )


def grants(member: Member) -> tuple[Grant, ...]:
    """All that somebody may."""
    region, name = member.region or ANY, member.name
    write: Iterable[str] = ()
    read: Iterable[str] = ()
    match member.role:
        case None:
            write = _topics(region, name)
            read = (*_topics(region, name, only=FOR_BOXES), _button(region, name))
        case Role.CENTRE:
            write = _topics(region, ANY, only=RECEIPTS)
            read = _topics(region, ANY, speakers=(Speaker.BOX, Speaker.FUSION))
        case Role.OPERATOR:
            write, read = _topics(region, ANY, only=COMMANDS), _topics(region, ANY, only=HEALTH)
        case Role.BUTTON:
            write = (_button(region, ANY),)
        case Role.AUDITOR | Role.WITNESS:
            read = _topics(region, ANY, only=HEADS)
        case Role.FUSION:
            write, read = _said_by_fusion(region, name), _read_by_fusion(region, name)
        case Role.EARS:
            write, read = (ECHO.format(region=region, node=name),), heard_by_fusion(region, name)
        case Role.GATEWAY:
            write = _topics(region, name, only=READINGS)
        case Role.CANARY:
            pass
    return (*(Grant(True, each) for each in write), *(Grant(False, each) for each in read))


def heard_by_fusion(region: str, name: str) -> tuple[str, ...]:
    """What a fusion listens to: cameras and sensors, and itself."""
    return (*_topics(region, ANY, only=FUSED_FROM), ECHO.format(region=region, node=name))


def heard_urgently(region: str, name: str, sensors: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What a fusion listens to on its own connection beside one for the rest: some sensors, and itself."""
    (reading,) = _topics(region, "{node}", only=READINGS)
    wanted = (reading.replace("{node}", gateway).replace(ANY, sensor) for gateway, sensor in sensors)
    return (*wanted, ECHO.format(region=region, node=name))


def _read_by_fusion(region: str, name: str) -> tuple[str, ...]:
    return (*heard_by_fusion(region, name), *_topics(region, name, only=RECEIPTS))


def _said_by_fusion(region: str, name: str) -> tuple[str, ...]:
    """Below its own name, as a box does, and to itself."""
    own = (*_topics(region, name, speakers=(Speaker.FUSION,)), *_topics(region, name, only=LIKE_A_BOX))
    return (*own, ECHO.format(region=region, node=name))


def earless(fleet: FleetSpec) -> list[Member]:
    """Fusions whose second connection is not in the fleet, so that the broker would refuse it."""
    names = {each.name for each in fleet.members}
    return [each for each in fleet.members if each.role is Role.FUSION and f"{each.name}-ears" not in names]


def may(member: Member, write: bool, topic: str) -> bool:
    """Whether somebody may write to, or read from, a topic."""
    return any(each.write is write and each.covers(topic) for each in grants(member))


def access_file(fleet: FleetSpec) -> str:
    """Mosquitto's access file for everybody in the fleet."""
    head = "# Written by `safecity-edge pki acl`; change the fleet file and write it anew.\n"
    return head + "".join(f"\n{chapter}" for chapter in map(_chapter, fleet.members))


def configuration(fleet: FleetSpec) -> str:
    """Mosquitto's whole configuration."""
    address = f" {fleet.address}" if fleet.address else ""
    return _CONF.format(
        state_dir=fleet.state_dir,
        packet_bytes=PACKET_BYTES,
        port=fleet.port,
        address=address,
        folder=fleet.folder,
    )


def topics_of(member: Member) -> tuple[str, ...]:
    """One topic of each sort that is about somebody: what is sent under that name, and what is sent to it."""
    own = (each.topics for each in grants(member) if f"/{member.name}/" in each.topics)
    return tuple(dict.fromkeys(each.replace(ANY, "x") for each in own))


def _chapter(member: Member) -> str:
    lines = [f"# {member.role or 'box'}", f"user {member.name}"]
    lines += [f"topic {'write' if each.write else 'read'} {each.topics}" for each in grants(member)]
    return "\n".join(lines) + "\n"


def _button(region: str, node: str) -> str:
    return f"safecity/v1/{region}/{node}/{BUTTON}"


def _topics(
    region: str, node: str, *, only: tuple[str, ...] = (), speakers: tuple[Speaker, ...] = (Speaker.BOX,)
) -> Iterator[str]:
    """Topics below a node: by these names, or else of these speakers."""
    levels = dict.fromkeys(("camera", "kind", "zone", "rule", "sensor"), ANY)
    for each in channels():
        if each.name in only if only else each.speaker in speakers:
            yield each.address.format(region=region, node=node, **levels)
