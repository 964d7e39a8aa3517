"""Wiring of the recorder: streams in, sealed footage on the disk; it knows no broker, model or message."""

import logging
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from edge.adapters.av_spec import Decode, Pace, SourceSpec, Transport
from edge.adapters.av_tape import AvTape
from edge.adapters.clock import SystemClock
from edge.adapters.footage_room import FootageRoom
from edge.adapters.reconcile import mend
from edge.adapters.vault import Vault
from edge.config.load import load
from edge.config.spec import CameraSpec, FootageSpec, NodeSpec
from edge.footage.admission import Mode
from edge.footage.cutter import CutSpec
from edge.run.deck import Deck, DeckSpec
from edge.run.grounds import grounds
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.record import RecordWorker
from edge.values.errors import ConfigError, StorageError
from edge.values.recorded import Recorded

log = logging.getLogger("record")


def record(config: Path, base: Path | None, cameras: Sequence[str], supervised: bool, verbose: bool) -> None:
    """Record cameras in this process until told to stop.

    Raises:
        ConfigError: configuration or secrets are wrong, or a camera is not to be recorded.
        StorageError: the vault cannot be used.
        CameraError: a thread hangs in a camera, so that only a new process helps.
    """
    lifeline = Lifeline(supervised)
    node = load(config, base)
    configure("record", node.log, verbose)
    footage, policy = grounds(node)
    chosen = _chosen(node, cameras)
    room = FootageRoom(footage.folder)
    for found in mend(room.root, room.catalogue, room.ring, [camera.id for camera in chosen]):
        log.warning("footage %s: %s", found.subject, found.words)
    vault = Vault(room.root, room.catalogue, room.ring, policy)
    try:
        decks = [_deck(footage, camera, room, vault) for camera in chosen]
        RecordWorker(decks, vault, SystemClock(), lifeline.tell).serve(lifeline.stop)
    finally:
        vault.close()
        room.close()


def _chosen(node: NodeSpec, wanted: Sequence[str]) -> list[CameraSpec]:
    if unknown := [name for name in wanted if name not in node.recorded]:
        raise ConfigError(
            f"--camera: no camera {unknown[0]} is recorded; those are {', '.join(node.recorded) or 'none'}"
        )
    return [node.camera(name) for name in wanted or node.recorded]


def _deck(footage: FootageSpec, camera: CameraSpec, room: FootageRoom, vault: Vault) -> Deck:
    stream, clock = camera.record, SystemClock()
    assert stream is not None
    source = SourceSpec(
        url=stream.url,
        username=stream.username,
        password=None if stream.password is None else stream.password.read(),
        transport=Transport(stream.transport),
        decode=Decode.SOFTWARE,
        pace=Pace.REALTIME,
        loop=stream.loop,
        hang_s=stream.hang_s,
    )
    mode = Mode.ON_HOLD if camera.id in footage.on_hold else Mode.ALWAYS
    return Deck(
        camera.id,
        lambda: AvTape(source, camera.id, clock, CutSpec(footage.segment_s)),
        vault,
        clock,
        random.SystemRandom(),
        DeckSpec(footage.segment_s, stream.hang_s, mode, footage.on_hold_before_s),
        ended_ns=room.catalogue.last_ended_ns(camera.id),
        held=_held(room),
        room=_roomy(footage, room),
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


def _roomy(footage: FootageSpec, room: FootageRoom) -> Callable[[], bool]:
    """Whether routine footage may go in.

    The keeper makes room in time where it may delete, so less than half of the reserve means that it may not.
    """

    def roomy() -> bool:
        disk = room.disk(footage.quota_bytes, footage.reserve_bytes)
        return disk.free_bytes >= footage.reserve_bytes // 2

    return roomy
