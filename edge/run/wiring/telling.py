"""Wiring of what the public is told: a box's configuration, audit log and catalogue as a month's record."""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters.clock import SystemClock
from edge.adapters.footage_room import FootageRoom
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.month import Month
from edge.governance.transparency import BoxRecord, CameraRecord, Held
from edge.run.released import exports, refusals
from edge.run.wiring import auditing, in_force
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError

HELD = {Action.HOLD_PLACED: Held.ORDER, Action.PANIC: Held.PANIC}


def month_of(text: str) -> Month:
    """The month that is wanted, or the last one if nothing is; it is over.

    Raises:
        ConfigError: it is none, or not over yet.
    """
    now_ns = SystemClock().now().utc_ns
    if not text:
        return Month.last_whole(now_ns)
    try:
        month = Month.parse(text)
    except ValueError as failure:
        raise ConfigError(f"--month: {failure}") from failure
    if month.end_ns > now_ns:
        raise ConfigError(f"--month: {month} is not over yet; figures of a part give away those of the rest")
    return month


def nodes_of(configs: list[Path]) -> list[NodeSpec]:
    """The boxes of these configurations, which stand under one policy.

    Raises:
        ConfigError: a configuration is wrong, or has another policy than the first.
    """
    nodes = [load(config) for config in configs]
    for config, node in zip(configs, nodes, strict=True):
        if node.policy_sha256 != nodes[0].policy_sha256:
            raise ConfigError(f"{config}: wanted the policy of {configs[0]}, got another; report them apart")
    return nodes


def record_of(node: NodeSpec, month: Month) -> BoxRecord:
    """What a box's own record says of a month.

    Raises:
        AuditError: its audit log is not what it was.
        StorageError: log or catalogue cannot be read, or the look at them not be entered.
    """
    folder = auditing.folder_of(node)
    auditing.note_reading(folder, "report", f"figures of {month} for the public")
    verdict = auditing.judged(folder, None, "")
    if verdict.misfit is not None:
        raise AuditError(
            f"{folder}: {verdict.misfit.told}: nothing is reported from a record that was changed"
        )
    every = [logged.entry for logged in auditing.entries(folder)]
    entries = [each for each in every if each.moment.utc_ns in month]
    return BoxRecord(
        node=f"{node.region}/{node.node}",
        cameras=tuple(_cameras(node)),
        exports=exports(every, month),
        refusals=refusals(entries),
        holds=[HELD[each.action] for each in entries if each.action in HELD],
        starts=sum(_started(each) for each in entries),
        log_size=verdict.size,
        log_root=verdict.root.hex(),
        rules_since=in_force.since(node),
    )


def _started(entry: AuditEntry) -> bool:
    return entry.action is Action.STARTED


def _cameras(node: NodeSpec) -> Iterator[CameraRecord]:
    if node.footage is None:
        for camera in node.cameras:
            yield CameraRecord(camera.id, False, purposes=tuple(sorted(camera.purposes)))
        return
    room = FootageRoom(node.footage.folder)
    try:
        for camera in node.cameras:
            gaps = room.catalogue.unrecorded(camera.id)
            known = [
                *(each.began_ns for each in room.catalogue.segments(camera=camera.id)),
                *(each.began_ns for each in room.holdings.deletions() if each.slot.camera == camera.id),
                *(gap.began_ns for gap in gaps),
            ]
            since_ns, purposes = min(known, default=None), tuple(sorted(camera.purposes))
            yield CameraRecord(camera.id, camera.id in node.recorded, since_ns, gaps, purposes)
    finally:
        room.close()
