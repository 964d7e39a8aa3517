"""The AsyncAPI 3.0 document of what a node sends, generated from the models and the examples."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from edge import __version__
from edge.messages import examples
from edge.messages.schema import component_schemas
from edge.privacy.footage_reports import FOOTAGE_EXPIRY_S
from edge.privacy.fusion_reports import FUSION_EXPIRY_S
from edge.privacy.reports import STATE_EXPIRY_S
from edge.privacy.spec import NAME
from edge.privacy.street_report import BACKGROUND_EXPIRY_S
from edge.values.event import Kind
from edge.values.message import RedactedMessage

CONTENT_TYPE = "application/cloudevents+json"
MQTT_BINDING = "0.2.0"


class Speaker(StrEnum):
    """Who sends a family of topics; a fusion also sends its status and what it lost, as a box does."""

    BOX = "box"
    CENTRE = "centre"
    FUSION = "fusion"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Channel:
    """One family of topics.

    Attributes:
        name: name of the channel in the document.
        address: topic with its parameters in braces.
        model: message model.
        summary: what comes there.
        examples: messages as they go out.
        retain: the broker keeps the last one.
        expiry_s: after how long the broker forgets it, seconds.
        speaker: who sends it.
    """

    name: str
    address: str
    model: str
    summary: str
    examples: tuple[tuple[str, RedactedMessage], ...]
    retain: bool = False
    expiry_s: int | None = None
    speaker: Speaker = Speaker.BOX

    @property
    def to_node(self) -> bool:
        """Whether the monitoring centre sends it, and the node reads it."""
        return self.speaker is Speaker.CENTRE

    @property
    def to_centre(self) -> bool:
        """Whether the monitoring centre takes it in."""
        return self.speaker in (Speaker.BOX, Speaker.FUSION)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the address."""
        return tuple(level[1:-1] for level in self.address.split("/") if level.startswith("{"))


def channels() -> tuple[Channel, ...]:
    """All families of topics below a node."""
    node = "safecity/v1/{region}/{node}"
    return (
        Channel(
            "event",
            f"{node}/event/{{camera}}/{{kind}}",
            "EventMessage",
            "Something happened: the start, an update or the end of an event.",
            (
                ("a crowd grows", examples.occupancy()),
                ("a measured floor fills", examples.density()),
                ("a gate is near its capacity", examples.flow()),
                ("people wait before a gate", examples.queue()),
                ("a bag is left by a fountain", examples.abandoned()),
                ("a car is too fast", examples.speed()),
                ("a car stands where none may", examples.stopped()),
                ("something grows like a fire", examples.fire()),
                ("a way out is blocked", examples.route()),
                ("a line is crossed", examples.crossing()),
            ),
        ),
        Channel(
            "cameraState",
            f"{node}/state/{{camera}}",
            "CameraMessage",
            "How a camera is doing; repeated while the node lives.",
            (("a stream hangs", examples.camera()),),
            retain=True,
            expiry_s=STATE_EXPIRY_S,
        ),
        Channel(
            "heatMap",
            f"{node}/heat/{{camera}}/{{zone}}",
            "HeatMessage",
            "How many were where on a floor, in cells and numbers too coarse to find anybody.",
            (("five minutes on a square", examples.heat()),),
        ),
        Channel(
            "background",
            f"{node}/background/{{camera}}",
            "BackgroundMessage",
            "A camera's street without its people, coarse as the policy wants it; where that is allowed.",
            (("a quiet street", examples.street()),),
            retain=True,
            expiry_s=BACKGROUND_EXPIRY_S,
        ),
        Channel(
            "nodeStatus",
            f"{node}/status",
            "StatusMessage",
            "Birth, orderly death or last will of the node.",
            (("a node comes up", examples.birth()), ("a node fell silent", examples.last_will())),
            retain=True,
        ),
        Channel(
            "gap",
            f"{node}/gap",
            "GapMessage",
            "Messages that were committed on the node and will never arrive.",
            (("an outbox was full", examples.losses()),),
        ),
        Channel(
            "receipt",
            f"{node}/receipt",
            "ReceiptMessage",
            "What the monitoring centre has in its database, so that the node may let go of it.",
            (("the centre has stored", examples.receipt()),),
            speaker=Speaker.CENTRE,
        ),
        Channel(
            "command",
            f"{node}/command",
            "CommandMessage",
            "A signed order of somebody whom the policy of the state gives the right; obeyed once.",
            (("an operator wants to know how a box is doing", examples.command()),),
            speaker=Speaker.CENTRE,
        ),
        Channel(
            "answer",
            f"{node}/answer",
            "AnswerMessage",
            "What the node says to a command.",
            (("a box tells how it is doing", examples.health()), ("a clock is unsure", examples.challenge())),
        ),
        Channel(
            "audit",
            f"{node}/audit",
            "AuditMessage",
            "The signed head of the node's audit log, for a witness to keep.",
            (("the log grew", examples.audit()),),
            retain=True,
        ),
        Channel(
            "alarm",
            f"{node}/alarm",
            "AlarmMessage",
            "Somebody raised an alarm by hand, and footage went under hold.",
            (("a button is pressed", examples.button()),),
        ),
        Channel(
            "footage",
            f"{node}/footage",
            "FootageMessage",
            "How much footage the node keeps; repeated while it lives.",
            (("holds fill the disk", examples.footage()),),
            retain=True,
            expiry_s=FOOTAGE_EXPIRY_S,
        ),
        Channel(
            "fused",
            f"{node}/fused/{{rule}}",
            "FusedMessage",
            "Facts of several sources together fulfil a rule: the start, an update or the end of that.",
            (("smoke in a crowd", examples.together()),),
            speaker=Speaker.FUSION,
        ),
        Channel(
            "fusion",
            f"{node}/fusion",
            "FusionMessage",
            "How well a fusion can judge; repeated while it lives.",
            (("a camera is silent", examples.judging()),),
            retain=True,
            expiry_s=FUSION_EXPIRY_S,
            speaker=Speaker.FUSION,
        ),
        Channel(
            "reading",
            f"{node}/reading/{{sensor}}",
            "ReadingMessage",
            "A city sensor said something.",
            (("smoke", examples.reading()),),
            speaker=Speaker.GATEWAY,
        ),
    )


def sent(message: RedactedMessage) -> dict[str, Any]:
    """The message as the broker gets it: a node's outbox stamps everything but its status."""
    plain = message.topic.endswith(("/status", "/receipt", "/command")) or "/reading/" in message.topic
    stamped = message.body if plain else message.stamped(examples.BOOT, 4_471)
    body: dict[str, Any] = json.loads(stamped)
    return body


def document() -> dict[str, Any]:
    """The document as plain data."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:safecity:edge",
        "info": {
            "title": "safecity-edge node",
            "version": __version__,
            "description": "What an edge box, or a fusion of several, sends to the monitoring centre over "
            "MQTT 5 (3.1.1 without expiry and content type), the receipts and commands that it gets, and "
            "readings of sensors: CloudEvents 1.0, structured mode, JSON. No embeddings, no free text, and "
            "no pixels but those of a street without its people, where a policy of the state allows that.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {channel.name: _channel(channel) for channel in channels()},
        "operations": {
            f"{_action(channel)}{_capital(channel.name)}": _operation(channel) for channel in channels()
        },
        "components": {
            "messages": {channel.name: _message(channel) for channel in channels()},
            "schemas": component_schemas(),
            "parameters": _parameters(),
        },
    }


def asyncapi() -> str:
    """The document as YAML."""
    return yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


class _Plain(yaml.SafeDumper):
    """Without anchors, which tools that read AsyncAPI need not know."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the base class passes it)
        return True


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": channel.address,
        "summary": channel.summary,
        "messages": {channel.name: {"$ref": f"#/components/messages/{channel.name}"}},
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in channel.parameters},
    }


def _operation(channel: Channel) -> dict[str, Any]:
    mqtt: dict[str, Any] = {"qos": 1, "retain": channel.retain}
    if channel.expiry_s is not None:
        mqtt["messageExpiryInterval"] = channel.expiry_s
    return {
        "action": _action(channel),
        "summary": channel.summary,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.name}"}],
        "bindings": {"mqtt": {**mqtt, "bindingVersion": MQTT_BINDING}},
    }


def _action(channel: Channel) -> str:
    return "send" if channel.to_centre else "receive"


def _message(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.model,
        "title": channel.summary,
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{channel.model}"},
        "bindings": {"mqtt": {"contentType": CONTENT_TYPE, "bindingVersion": MQTT_BINDING}},
        "examples": [
            {
                "name": "".join(_capital(word) for word in title.split()),
                "summary": title,
                "payload": sent(message),
            }
            for title, message in channel.examples
        ],
    }


def _parameters() -> dict[str, Any]:
    return {
        "region": {"description": f"region of the city, {NAME}"},
        "node": {"description": f"edge box, unique in the region, {NAME}"},
        "camera": {"description": f"camera of the node, {NAME}"},
        "zone": {"description": f"zone of the camera, {NAME}"},
        "rule": {"description": f"rule of the fusion, {NAME}"},
        "sensor": {"description": f"sensor behind the gateway, {NAME}"},
        "kind": {"description": "what sort of thing happened", "enum": [kind.value for kind in Kind]},
    }


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
