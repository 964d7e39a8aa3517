"""Wiring of the recorder: streams in, sealed footage on the disk; it knows no broker, model or message."""

import logging
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from edge.adapters.av_tape import AvTape
from edge.adapters.clock import SystemClock
from edge.adapters.footage_room import FootageRoom
from edge.adapters.heap import give_back_large_buffers
from edge.adapters.reconcile import mend
from edge.adapters.vault import Vault
from edge.footage.cutter import CutSpec
from edge.run.deck import Deck
from edge.run.last_day import until_over
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.record import RecordWorker
from edge.run.started import all_started
from edge.run.tidy import Tidy
from edge.run.wiring.entering import Entrance
from edge.run.wiring.record_plan import CameraPlan, RecordPlan, plan_of
from edge.values.errors import StorageError
from edge.values.recorded import Recorded

log = logging.getLogger("record")


def record(config: Path, base: Path | None, cameras: Sequence[str], supervised: bool, verbose: bool) -> None:
    """Record cameras in this process until told to stop.

    Raises:
        ConfigError: configuration or secrets are wrong, or a camera is not to be recorded.
        PolicyError: its policy does not hold, or is over now.
        StorageError: the vault cannot be used.
        CameraError: a thread hangs in a camera, so that only a new process helps.
    """
    give_back_large_buffers()
    lifeline = Lifeline(supervised)
    plan = plan_of(config, base, cameras, supervised)
    configure("record", plan.log, verbose)
    room = FootageRoom(plan.folder)
    for found in mend(room.root, room.catalogue, room.ring, [camera.id for camera in plan.cameras]):
        log.warning("footage %s: %s", found.subject, found.words)
    vault = Vault(room.root, room.catalogue, room.ring, plan.policy)
    try:
        decks = [_deck(plan, camera, room, vault) for camera in plan.cameras]
        with until_over(plan.ends, SystemClock(), lifeline) as pulse:
            tidy = Tidy(pulse)
            worker = RecordWorker(decks, vault, SystemClock(), tidy.tell)
            all_started()
            worker.serve(lifeline.stop)
    finally:
        vault.close()
        room.close()


def _deck(plan: RecordPlan, camera: CameraPlan, room: FootageRoom, vault: Vault) -> Deck:
    clock, entrance = SystemClock(), Entrance(camera.id, camera.source, log)
    return Deck(
        camera.id,
        lambda: AvTape(entrance.now(), camera.id, clock, CutSpec(camera.deck.segment_s)),
        vault,
        clock,
        random.SystemRandom(),
        camera.deck,
        ended_ns=room.catalogue.last_ended_ns(camera.id, clock.now().utc_ns),
        held=_held(room),
        room=_roomy(plan, room),
    )


def _held(room: FootageRoom) -> Callable[[Recorded], bool]:
    """Whether a hold covers a stretch; where nobody can say, it does."""

    def held(stretch: Recorded) -> bool:
        began, ended = stretch.began.utc_ns, stretch.ended.utc_ns
        try:
            return any(hold.touches(stretch.camera, began, ended) for hold in room.holdings.holds())
        except StorageError as error:
            log.error("holds cannot be read, so everything counts as held: %s", error)
            return True

    return held


def _roomy(plan: RecordPlan, room: FootageRoom) -> Callable[[], bool]:
    """Whether routine footage may go in.

    The keeper makes room in time where it may delete, so less than half of the reserve means that it may not.
    """

    def roomy() -> bool:
        disk = room.disk(plan.quota_bytes, plan.reserve_bytes)
        return disk.free_bytes >= plan.reserve_bytes // 2

    return roomy
