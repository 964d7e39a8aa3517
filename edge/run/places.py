"""Files of a box's data folder that more than one process knows."""

from pathlib import Path

from edge.config.spec import NodeSpec


def outbox_file(node: NodeSpec) -> Path:
    """The durable queue."""
    return node.data_dir / "outbox.db"


def events_key_file(data_dir: Path) -> Path:
    """The private key with which a box, or a fusion, signs what it sends."""
    return data_dir / "events.key"


def url_file(node: NodeSpec) -> Path:
    """Where a running box writes down where its embedded broker listens."""
    return node.data_dir / "broker.url"


def command_file(node: NodeSpec) -> Path:
    """Which commands were taken."""
    return node.data_dir / "commands.db"


def end_folder(data_dir: Path) -> Path:
    """Where the ends of commands wait for the process that answers."""
    return data_dir / "ends"


def mark_folder(node: NodeSpec) -> Path:
    """Where marks of severe events wait for the keeper."""
    return node.data_dir / "marks"


def order_folder(node: NodeSpec) -> Path:
    """Where commands about footage wait for the keeper."""
    return node.data_dir / "orders"


def update_folder(node: NodeSpec) -> Path:
    """Where orders to update wait for whoever may install."""
    return node.data_dir / "updates"


def export_folder(node: NodeSpec) -> Path:
    """Where shares of keys lie, sealed to the keyholders, that a command gave out."""
    return node.data_dir / "exports"


def press_folder(node: NodeSpec) -> Path:
    """Where presses of a button wait for the keeper."""
    return node.data_dir / "presses"
