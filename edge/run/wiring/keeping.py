"""Wiring of the keeper, of holds and of the panic button; it knows no broker."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from edge.adapters.age_memory import AgeMemory
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.footage_room import FootageRoom, TimeMemory
from edge.adapters.holdings import Holdings
from edge.adapters.mark_box import MarkBox
from edge.adapters.order_box import OrderBox
from edge.adapters.panic_http import PanicHttp
from edge.adapters.press_box import PressBox
from edge.adapters.undertaker import FileUndertaker
from edge.config.load import load
from edge.config.spec import FootageSpec, NodeSpec
from edge.footage.retention import Disk
from edge.ports import Audit, Outbox
from edge.privacy.footage_reports import footage_state
from edge.run.grounds import grounds
from edge.run.hold_desk import HoldDesk
from edge.run.keep import Keeper
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.panic import PanicDesk
from edge.run.parts import origin_of
from edge.run.places import mark_folder, order_folder, press_folder
from edge.run.started import all_started
from edge.run.sure_inventory import SureInventory, forgotten
from edge.run.tidy import Tidy
from edge.run.wiring.auditing import audit_of, folder_of, readings
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.run.wiring.releasing import exporter
from edge.values.errors import StorageError
from edge.values.footage_state import Alarm, FootageState, Keeping, Trigger
from edge.values.hold import Hold, Release
from edge.values.moment import Moment
from edge.values.press import Press
from edge.values.retention import FootagePolicy, Kept

log = logging.getLogger("keep")

RETELL_S = 60.0


def keep(config: Path, base: Path | None, boot: str, supervised: bool, verbose: bool) -> None:
    """Look after the footage of a box until told to stop.

    Raises:
        ConfigError: nothing is recorded on this box, or the button's port is taken.
        StorageError: vault, audit log or outbox cannot be used.
    """
    lifeline = Lifeline(supervised)
    node = load(config, base)
    configure("keep", node.log, verbose)
    with ExitStack() as stack:
        hands = stack.enter_context(opened(node, boot))
        if (port := hands.footage.panic.http_port) is not None:
            stack.enter_context(PanicHttp(port, hands.press_by_http))
        keeper = hands.keeper(lifeline)
        all_started()
        keeper.serve(lifeline.stop)


@dataclass(frozen=True, slots=True)
class Hands:
    """What holds and deletes footage on one box."""

    node: NodeSpec
    footage: FootageSpec
    policy: FootagePolicy
    room: FootageRoom
    audit: Audit
    outbox: Outbox
    desk: PanicDesk

    def disk(self) -> Disk:
        """How much room there is."""
        return self.room.disk(self.footage.quota_bytes, self.footage.reserve_bytes)

    def press(self, trigger: Trigger, cameras: tuple[str, ...], by: str) -> Alarm:
        """Press the button, now.

        Raises:
            ConfigError: there is no such camera.
            StorageError: the disk does not take it.
        """
        return self.desk.press(Press(os.urandom(6).hex(), trigger, cameras, by, SystemClock().now().utc_ns))

    def press_by_http(self, cameras: tuple[str, ...]) -> dict[str, object]:
        """Press the button, and say what was held.

        Raises:
            ConfigError: there is no such camera.
            StorageError: the disk does not take it.
        """
        alarm = self.press(Trigger.HTTP, cameras, "http")
        log.warning("alarm %s by http: footage is under hold", alarm.hold.id)
        return {"hold": alarm.hold.id, "cameras": list(alarm.held), "review": alarm.hold.review}

    def now(self) -> Moment:
        """The time by this box's clock."""
        return SystemClock().now()

    def release(self, hold: Hold, release: Release) -> None:
        """End a hold.

        Raises:
            StorageError: it still holds.
        """
        self.room.holdings.place(replace(hold, released=release))

    def forgotten(self) -> list[str]:
        """Ids of holds that the audit log tells of and the catalogue does not know, and unreadable lines.

        Raises:
            StorageError: a hold's row is damaged, or the log cannot be read.
        """
        known = {hold.id for hold in self.room.holdings.holds()}
        told = readings(folder_of(self.node))
        return forgotten(told.entries, known, told.unreadable)

    def hold_desk(self) -> HoldDesk:
        """The desk for what people of the state order about footage from afar."""
        return HoldDesk(
            origin_of(self.node),
            self.node.policy,
            self.node.recorded,
            self.room.holdings,
            self.forgotten,
            exporter(self.node, self.room, self.audit),
            self.audit,
            self.outbox,
            SystemClock(),
            Ed25519Verifier(),
        )

    def ages(self) -> AgeMemory:
        """How old footage is whose own times cannot be."""
        return AgeMemory(self.room.root / "ages.json")

    def kept(self) -> Sequence[Kept]:
        """Every slot that is not doomed, aged as the keeper left it.

        Raises:
            StorageError: the catalogue cannot be read.
        """
        return self.ages().peek(self.room.holdings.kept())

    def keeper(self, lifeline: Lifeline) -> Keeper:
        """The keeper of this box."""
        newest = max((slot.aged_from_ns for slot in self.kept()), default=None)
        memory = TimeMemory(self.room.root / "time.json", newest, self.footage.confirm_clock_s)
        presses, teller = PressBox(press_folder(self.node)), _Teller(self.node, self.outbox, self.room)
        marks, orders, holds = (
            MarkBox(mark_folder(self.node)),
            OrderBox(order_folder(self.node)),
            self.hold_desk(),
        )

        def serve() -> None:
            self.desk.serve(presses)
            holds.serve(orders)
            take_marks(marks, self.room.holdings)

        return Keeper(
            SureInventory(self.room.holdings, self.forgotten),
            FileUndertaker(self.room.root, self.room.holdings, self.room.ring),
            self.audit,
            self.policy,
            SystemClock(),
            look=memory.look,
            age=self.ages().look,
            disk=self.disk,
            make_room=self.room.drop_ballast,
            serve_requests=serve,
            tell=teller.tell,
            on_pulse=Tidy(lifeline.tell).tell,
        )


@contextmanager
def opened(node: NodeSpec, boot: str = "") -> Iterator[Hands]:
    """The vault, the audit log and the outbox of a box, for keeping, holding and pressing.

    Raises:
        ConfigError: nothing is recorded on this box.
        StorageError: one of them cannot be used.
    """
    footage, policy = grounds(node)
    with ExitStack() as stack:
        room = FootageRoom(footage.folder)
        stack.callback(room.close)
        audit = audit_of(node)
        stack.callback(audit.close)
        outbox = outbox_of(node, boot or fresh_boot())
        stack.callback(outbox.close)
        cameras = [camera.id for camera in node.cameras]
        desk = PanicDesk(
            room.holdings,
            audit,
            outbox,
            origin_of(node),
            footage.panic,
            cameras,
            node.recorded,
            SystemClock(),
        )
        yield Hands(node, footage, policy, room, audit, outbox, desk)


def take_marks(marks: MarkBox, holdings: Holdings) -> None:
    """Enter the marks that wait; what the disk does not take is tried again."""
    try:
        for slot in marks.waiting():
            holdings.mark(slot)
            marks.done(slot)
            log.info("footage of %s is kept as that of an event", slot)
    except StorageError as error:
        log.error("a mark cannot be entered yet: %s", error)


class _Teller:
    """Tells the monitoring centre how the footage is doing: every minute, and when that changes."""

    def __init__(self, node: NodeSpec, outbox: Outbox, room: FootageRoom) -> None:
        self._origin, self._outbox, self._room = origin_of(node), outbox, room
        self._told: tuple[FootageState, Moment] | None = None

    def tell(self, keeping: Keeping, now: Moment) -> None:
        if keeping.state is FootageState.KEEPING:
            self._room.take_ballast()
        if (
            self._told is None
            or self._told[0] is not keeping.state
            or now.seconds_since(self._told[1]) >= RETELL_S
        ):
            self._told = keeping.state, now
            try:
                self._outbox.put((footage_state(self._origin, keeping, now),))
            except StorageError as error:
                log.error("the state of the footage cannot be told: %s", error)
