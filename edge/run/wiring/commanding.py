"""Wiring of commands on the box: what each of them does here."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from edge.adapters.audit_log import AuditLog
from edge.adapters.clock import SystemClock
from edge.adapters.command_ledger import CommandLedger
from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.end_box import EndBox
from edge.adapters.order_box import OrderBox
from edge.adapters.press_box import PressBox
from edge.config.spec import NodeSpec
from edge.messages.command import CommandMessage
from edge.messages.orders import PanicOrder
from edge.ports import Outbox
from edge.privacy.spec import Origin
from edge.run import status_socket
from edge.run.commands import Desk, Effect
from edge.run.places import command_file, end_folder, order_folder, press_folder
from edge.run.status import BoxStatus
from edge.run.wiring.amending import amender
from edge.run.wiring.obeying import updater, waiting_updates
from edge.run.wiring.reading import reader
from edge.run.wiring.switching import switcher
from edge.values.command import Camera, Doubt, End, Health, Verb
from edge.values.errors import SafecityError, StorageError
from edge.values.footage_state import Trigger
from edge.values.press import Press

NONCE_BYTES = 16
PRESS_DIGITS = 12


def desk_of(
    node: NodeSpec,
    read: tuple[Path, Path | None],
    audit: AuditLog,
    outbox: Outbox,
    supervised: bool,
) -> Desk | None:
    """The desk of this box; None where no policy names anybody who could sign a command.

    Args:
        node: the box.
        read: its configuration's file, and the folder from which paths in it count.
        audit: the record.
        outbox: where answers go.
        supervised: whether there is a supervisor to tell.

    Raises:
        StorageError: the ledger cannot be used.
    """
    if not any(party.key for party in node.policy.parties):
        return None

    def reload() -> Effect:
        return _signalled(signal.SIGHUP, supervised)

    amend = amender(node, *read, reload)
    return Desk(
        Origin(node.region, node.node),
        node.policy,
        {
            Verb.HEALTH: lambda _: _health(node),
            Verb.RELOAD: lambda _: reload(),
            Verb.RESTART: lambda _: _signalled(signal.SIGUSR1, supervised),
            Verb.PANIC: _press(node),
            **dict.fromkeys((Verb.HOLD, Verb.RELEASE, Verb.EXPORT), _passed_on(node)),
            **dict.fromkeys((Verb.POLICY, Verb.MASK, Verb.RETENTION), amend),
            Verb.MODEL: switcher(node, read[0], reload),
            Verb.UPDATE: updater(node),
            Verb.AUDIT: reader(node, audit),
        },
        CommandLedger(command_file(node)),
        audit,
        outbox,
        SystemClock(),
        Ed25519Verifier(),
        lambda: os.urandom(NONCE_BYTES).hex(),
        _Ends(node),
    )


class _Ends:
    """How commands ended, wherever they were carried out."""

    def __init__(self, node: NodeSpec) -> None:
        self._here = EndBox(end_folder(node.data_dir))
        self._updates = waiting_updates(node)

    def waiting(self) -> Iterator[End]:
        yield from self._here.waiting()
        if self._updates is not None:
            yield from self._updates.waiting()

    def done(self, end: End) -> None:
        if end.verb is Verb.UPDATE and self._updates is not None:
            self._updates.done(end)
        else:
            self._here.done(end)


def _health(node: NodeSpec) -> Effect:
    try:
        told = status_socket.ask(node.data_dir)
    except SafecityError:
        return Effect(Doubt.NOT_HERE)
    return Effect(health=_healthy(told))


def _healthy(told: BoxStatus) -> Health:
    outbox = told.outbox
    return Health(
        version=told.version,
        up_s=told.up_s,
        free_mib=told.free_mib,
        processes=len(told.processes),
        down=sum(not each.lives for each in told.processes),
        deaths=sum(each.deaths for each in told.processes),
        waiting=0 if outbox is None else outbox.waiting,
        oldest_s=0 if outbox is None else outbox.oldest_s,
        lost=0 if outbox is None else outbox.lost,
        cameras=tuple(Camera(each.camera, each.state.partition(" ")[0]) for each in told.cameras),
    )


def _signalled(number: signal.Signals, supervised: bool) -> Effect:
    """Tell the supervisor, once the answer is on the disk."""
    if not supervised:
        return Effect(Doubt.NOT_HERE)
    return Effect(then=lambda: os.kill(os.getppid(), number))


def _passed_on(node: NodeSpec) -> Callable[[CommandMessage], Effect]:
    """Leave what is about footage for the keeper, who judges it again and answers."""
    box = OrderBox(order_folder(node))

    def pass_on(message: CommandMessage) -> Effect:
        if node.footage is None:
            return Effect(Doubt.NOT_HERE)
        try:
            box.drop(int(message.data.sequence), message.data.nonce, message.as_bytes())
        except StorageError:
            return Effect(Doubt.DISK)
        return Effect(passed_on=True)

    return pass_on


def _press(node: NodeSpec) -> Callable[[CommandMessage], Effect]:
    """Leave the press for the keeper; the same command twice is one press, by its id."""
    known = {camera.id for camera in node.cameras}

    def press(message: CommandMessage) -> Effect:
        order = message.data
        assert isinstance(order, PanicOrder)
        if node.footage is None:
            return Effect(Doubt.NOT_HERE)
        if not known.issuperset(order.cameras):
            return Effect(Doubt.NO_CAMERA)
        now = SystemClock().now().utc_ns
        pressed = Press(order.nonce[:PRESS_DIGITS], Trigger.MQTT, tuple(order.cameras), order.signer, now)
        try:
            PressBox(press_folder(node)).drop(pressed)
        except StorageError:
            return Effect(Doubt.DISK)
        return Effect()

    return press
