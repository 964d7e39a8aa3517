"""Wiring of the verbs that look at sealed footage and hold it."""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters import reconcile
from edge.adapters.footage_room import FootageRoom
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.grounds import grounds
from edge.run.wiring.keeping import Hands, opened
from edge.run.wiring.standing import person
from edge.values.discrepancy import Discrepancy

__all__ = ["Hands", "Level", "discrepancies", "node_of", "opened", "person", "room_of"]

Level = reconcile.Level


def node_of(config: Path) -> NodeSpec:
    """The configuration of a box that records.

    Raises:
        ConfigError: it is wrong, or nothing is recorded there.
    """
    node = load(config)
    grounds(node)
    return node


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
