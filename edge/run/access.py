"""Who may read and write which topics at a broker, and the Mosquitto files that say so.

Law: what is not granted is denied. Topics come from the messages that a box sends, so a new one cannot be
forgotten here. A name in the access file is a certificate's common name. Nothing is read or written here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.config.fleet import FleetSpec, Member, Role
from edge.messages.asyncapi import channels

ANY = "+"

HEALTH = ("cameraState", "nodeStatus", "answer")
HEADS = ("audit",)
RECEIPTS = ("receipt",)
COMMANDS = ("command",)
BUTTON = "command/panic"
"""Below a box: where a panic button speaks, which is not signed."""

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
    region = member.region or ANY
    match member.role:
        case None:
            told = tuple(Grant(True, each) for each in _topics(region, member.name))
            got = (*_topics(region, member.name, to_node=True), _button(region, member.name))
            return told + tuple(Grant(False, each) for each in got)
        case Role.CENTRE:
            heard = tuple(Grant(False, each) for each in _topics(region, ANY))
            return heard + tuple(Grant(True, each) for each in _topics(region, ANY, True, RECEIPTS))
        case Role.OPERATOR:
            seen = tuple(Grant(False, each) for each in _topics(region, ANY, only=HEALTH))
            return seen + tuple(Grant(True, each) for each in _topics(region, ANY, True, COMMANDS))
        case Role.BUTTON:
            return (Grant(True, _button(region, ANY)),)
        case Role.AUDITOR | Role.WITNESS:
            return tuple(Grant(False, each) for each in _topics(region, ANY, only=HEADS))
        case Role.CANARY:
            return ()


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
    """One topic of each sort that is about a box: what it sends, and what is sent to it."""
    region = member.region or ""
    sent, got = _topics(region, member.name), _topics(region, member.name, to_node=True)
    return tuple(each.replace(ANY, "x") for each in (*sent, *got, _button(region, member.name)))


def _chapter(member: Member) -> str:
    lines = [f"# {member.role or 'box'}", f"user {member.name}"]
    lines += [f"topic {'write' if each.write else 'read'} {each.topics}" for each in grants(member)]
    return "\n".join(lines) + "\n"


def _button(region: str, node: str) -> str:
    return f"safecity/v1/{region}/{node}/{BUTTON}"


def _topics(region: str, node: str, to_node: bool = False, only: tuple[str, ...] = ()) -> Iterator[str]:
    for each in channels():
        if each.to_node is to_node and (not only or each.name in only):
            levels = each.address.format(region=region, node=node, camera=ANY, kind=ANY, zone=ANY).split("/")
            yield "/".join(levels)
