"""Wiring of the verbs that look at sealed footage and hold it."""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters import reconcile
from edge.adapters.footage_room import FootageRoom
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.grounds import grounds
from edge.run.wiring import auditing
from edge.run.wiring.keeping import Hands, opened
from edge.run.wiring.standing import person
from edge.values.audit import Action
from edge.values.discrepancy import Discrepancy

__all__ = ["Hands", "Level", "discrepancies", "node_of", "note_reading", "opened", "person", "room_of"]

Level = reconcile.Level


def node_of(config: Path) -> NodeSpec:
    """The configuration of a box that records.

    Raises:
        ConfigError: it is wrong, or nothing is recorded there.
    """
    node = load(config)
    grounds(node)
    return node


def note_reading(node: NodeSpec, subject: str, words: str) -> None:
    """Enter in the audit log that somebody looks, before they see anything.

    Raises:
        StorageError: it cannot be entered, so nothing is shown.
    """
    with auditing.journal(node, auditing.somebody()) as pen:
        pen.note(Action.READ, subject, words)


def room_of(node: NodeSpec) -> FootageRoom:
    """The vault's folder, for looking.

    Raises:
        StorageError: it cannot be used.
    """
    footage, _ = grounds(node)
    return FootageRoom(footage.folder)


def discrepancies(room: FootageRoom, level: Level) -> Iterator[Discrepancy]:
    """Everything that does not fit between catalogue, files and keys.

    Raises:
        StorageError: catalogue or key ring cannot be read.
    """
    return reconcile.check(room.root, room.catalogue, room.ring, level)
