"""The families of topics: who says what where, with an example of each."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from edge.messages import examples
from edge.privacy.footage_reports import FOOTAGE_EXPIRY_S
from edge.privacy.fusion_reports import FUSION_EXPIRY_S
from edge.privacy.reports import STATE_EXPIRY_S
from edge.privacy.street_report import BACKGROUND_EXPIRY_S
from edge.values.message import RedactedMessage

NODE = "safecity/v1/{region}/{node}"


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
    """All families of topics below a node, in the order of the document."""
    return (*_scenes(), *_life(), *_centre(), *_records(), *_fusion(), *_sensors())


def _scenes() -> tuple[Channel, ...]:
    """What cameras saw, and how they are doing."""
    return (
        Channel(
            "event",
            f"{NODE}/event/{{camera}}/{{kind}}",
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
            f"{NODE}/state/{{camera}}",
            "CameraMessage",
            "How a camera is doing; repeated while the node lives.",
            (("a stream hangs", examples.camera()),),
            retain=True,
            expiry_s=STATE_EXPIRY_S,
        ),
        Channel(
            "heatMap",
            f"{NODE}/heat/{{camera}}/{{zone}}",
            "HeatMessage",
            "How many were where on a floor, in cells and numbers too coarse to find anybody.",
            (("five minutes on a square", examples.heat()),),
        ),
        Channel(
            "background",
            f"{NODE}/background/{{camera}}",
            "BackgroundMessage",
            "A camera's street without its people, coarse as the policy wants it; where that is allowed.",
            (("a quiet street", examples.street()),),
            retain=True,
            expiry_s=BACKGROUND_EXPIRY_S,
        ),
    )


def _life() -> tuple[Channel, ...]:
    """How a node is doing, and what it lost."""
    return (
        Channel(
            "nodeStatus",
            f"{NODE}/status",
            "StatusMessage",
            "Birth, orderly death or last will of the node.",
            (("a node comes up", examples.birth()), ("a node fell silent", examples.last_will())),
            retain=True,
        ),
        Channel(
            "gap",
            f"{NODE}/gap",
            "GapMessage",
            "Messages that were committed on the node and will never arrive.",
            (("an outbox was full", examples.losses()),),
        ),
    )


def _centre() -> tuple[Channel, ...]:
    """What the monitoring centre says to a node."""
    return (
        Channel(
            "receipt",
            f"{NODE}/receipt",
            "ReceiptMessage",
            "What the monitoring centre has in its database, so that the node may let go of it.",
            (("the centre has stored", examples.receipt()),),
            speaker=Speaker.CENTRE,
        ),
        Channel(
            "command",
            f"{NODE}/command",
            "CommandMessage",
            "A signed order of somebody whom the policy of the state gives the right; obeyed once.",
            (("an operator wants to know how a box is doing", examples.command()),),
            speaker=Speaker.CENTRE,
        ),
    )


def _records() -> tuple[Channel, ...]:
    """What a node answers, records and keeps."""
    return (
        Channel(
            "answer",
            f"{NODE}/answer",
            "AnswerMessage",
            "What the node says to a command.",
            (("a box tells how it is doing", examples.health()), ("a clock is unsure", examples.challenge())),
        ),
        Channel(
            "audit",
            f"{NODE}/audit",
            "AuditMessage",
            "The signed head of the node's audit log, for a witness to keep.",
            (("the log grew", examples.audit()),),
            retain=True,
        ),
        Channel(
            "alarm",
            f"{NODE}/alarm",
            "AlarmMessage",
            "Somebody raised an alarm by hand, and footage went under hold.",
            (("a button is pressed", examples.button()),),
        ),
        Channel(
            "footage",
            f"{NODE}/footage",
            "FootageMessage",
            "How much footage the node keeps; repeated while it lives.",
            (("holds fill the disk", examples.footage()),),
            retain=True,
            expiry_s=FOOTAGE_EXPIRY_S,
        ),
    )


def _fusion() -> tuple[Channel, ...]:
    """What several sources say together."""
    return (
        Channel(
            "fused",
            f"{NODE}/fused/{{rule}}",
            "FusedMessage",
            "Facts of several sources together fulfil a rule: the start, an update or the end of that.",
            (("smoke in a crowd", examples.together()),),
            speaker=Speaker.FUSION,
        ),
        Channel(
            "fusion",
            f"{NODE}/fusion",
            "FusionMessage",
            "How well a fusion can judge; repeated while it lives.",
            (("a camera is silent", examples.judging()),),
            retain=True,
            expiry_s=FUSION_EXPIRY_S,
            speaker=Speaker.FUSION,
        ),
    )


def _sensors() -> tuple[Channel, ...]:
    """What others say, and a fusion reads."""
    return (
        Channel(
            "reading",
            f"{NODE}/reading/{{sensor}}",
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
