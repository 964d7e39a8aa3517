"""Wiring of updates that are ordered from afar: the box passes the order on, root judges it and obeys.

Law: whoever obeys believes a person's signature and not the process that passed the command on. A command
gives the right to begin, never the right to install: what two people signed as a release is judged as by
hand. The process that speaks with the network cannot write where programs are.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.order_box import OrderBox
from edge.adapters.update_ends import UpdateEnds, WaitingUpdates
from edge.config.software import load_release
from edge.config.spec import NodeSpec
from edge.governance import commanding
from edge.messages.command import CommandMessage, parse_command
from edge.messages.orders import UpdateOrder
from edge.privacy.spec import Origin
from edge.run.commands import Effect
from edge.run.places import update_folder
from edge.run.wiring import governing
from edge.run.wiring.updating import RELEASE
from edge.values.command import Doubt, End
from edge.values.errors import ConfigError, MessageError, StorageError
from edge.values.software import Release

log = logging.getLogger("commands")

BUNDLES = "bundles"


@dataclass(frozen=True, slots=True)
class Told:
    """An order that waits: what it says, and why it is not to be obeyed, NONE where it is."""

    order: UpdateOrder
    doubt: Doubt


def updater(node: NodeSpec) -> Callable[[CommandMessage], Effect]:
    """Passes orders on to whoever may install; what no bundle on this box says is refused at once."""

    def update(message: CommandMessage) -> Effect:
        order = message.data
        assert isinstance(order, UpdateOrder)
        if node.updates is None:
            return Effect(Doubt.NOT_HERE)
        if bundle_of(node.updates, order) is None:
            return Effect(Doubt.NO_RELEASE)
        try:
            OrderBox(update_folder(node)).drop(int(order.sequence), order.nonce, message.as_bytes())
        except StorageError as error:
            log.error("an update that was ordered cannot be passed on: %s", error)
            return Effect(Doubt.DISK)
        return Effect(begun=True)

    return update


def waiting_updates(node: NodeSpec) -> WaitingUpdates | None:
    """Ends of updates to be told; None where this box takes none by command."""
    return None if node.updates is None else WaitingUpdates(update_folder(node), node.updates)


def orders(node: NodeSpec, home: Path) -> Iterator[Told]:
    """What waits to be obeyed, judged by the policy that holds here.

    Raises:
        PolicyError: none holds.
        StorageError: a folder cannot be read.
    """
    governing.admit(node)
    ends = UpdateEnds(home)
    for _, payload in OrderBox(update_folder(node)).waiting():
        try:
            message = parse_command(Origin(node.region, node.node).topic("command"), payload)
        except MessageError as error:
            log.warning("not a command: %s", error)
            continue
        order = message.data
        if isinstance(order, UpdateOrder) and ends.of(order.nonce) is None:
            yield Told(order, _doubt(node, message))


def ended(home: Path, order: UpdateOrder, doubt: Doubt) -> None:
    """Write down how an order ended, where the box can read it.

    Raises:
        StorageError: it cannot be written.
    """
    UpdateEnds(home).write(End(order.nonce, order.signer, order.verb, doubt))


def bundles(home: Path) -> list[Path]:
    """The folders of the bundles that lie on this box."""
    return [file.parent for file in sorted((home / BUNDLES).glob(f"*/{RELEASE}"))]


def bundle_of(home: Path, order: UpdateOrder) -> Path | None:
    """The bundle on this box that is what the order says; None where there is none."""
    for bundle in bundles(home):
        try:
            release, _ = load_release(bundle / RELEASE)
        except ConfigError as error:
            log.warning("not a release: %s", error)
            continue
        if _is(release, order):
            return bundle
    return None


def _is(release: Release, order: UpdateOrder) -> bool:
    said = (release.version, release.sequence, release.sha256)
    return said == (order.version, order.number, order.sha256)


def _doubt(node: NodeSpec, message: CommandMessage) -> Doubt:
    frame = message.frame()
    party = commanding.author(frame, node.policy, Ed25519Verifier())
    if party is None:
        return Doubt.NO_RIGHT
    box, now = f"{node.region}/{node.node}", SystemClock().now()
    return commanding.doubt(frame, party, node.policy, box, now, challenged=bool(frame.challenge))
