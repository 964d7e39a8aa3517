"""Messages as a monitoring centre receives them: typed models, their schemas, and one readable line each.

Law: this is the receiver's side and shares no code with the redactor but its words, so that each checks
the other: what the allow-list lets out must be exactly what the models take in.
"""

from edge.messages.audit import AuditMessage
from edge.messages.background import BackgroundMessage
from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.footage import AlarmMessage, FootageMessage
from edge.messages.fused import FusedMessage, FusionMessage
from edge.messages.heat import HeatMessage
from edge.messages.line import Line, readable
from edge.messages.node import GapMessage, StatusMessage
from edge.messages.parse import Message, parse

__all__ = [
    "AlarmMessage",
    "AuditMessage",
    "BackgroundMessage",
    "CameraMessage",
    "EventMessage",
    "FootageMessage",
    "FusedMessage",
    "FusionMessage",
    "GapMessage",
    "HeatMessage",
    "Line",
    "Message",
    "StatusMessage",
    "parse",
    "readable",
]
