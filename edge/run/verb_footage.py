"""The verbs of `footage` that look: what is kept and why, whether it fits, how long the disk will do."""

import json
from pathlib import Path

from edge.footage.retention import expires_ns
from edge.run.told_footage import described
from edge.run.wiring import vaulting
from edge.run.wiring.vaulting import Hands, Level
from edge.values.errors import ConfigError, FootageError
from edge.values.moment import NS_PER_S, rfc3339
from edge.values.retention import Kept
from edge.values.segment import SegmentId, SlotId

MIB = 1 << 20
DISCREPANCY = 1


def listed(config: Path, camera: str, as_json: bool) -> None:
    """Print every slot that is kept."""
    node = vaulting.node_of(config)
    vaulting.note_reading(node, camera or "all cameras", "list of what is kept")
    with vaulting.opened(node) as hands:
        slots = [slot for slot in hands.kept() if camera in ("", slot.slot.camera)]
        rows = [_row(slot, hands) for slot in slots]
    if as_json:
        for row in rows:
            print(json.dumps(row))
        return
    if not rows:
        print("no footage is kept")
        return
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())


def _row(slot: Kept, hands: Hands) -> dict[str, object]:
    return {
        "slot": str(slot.slot),
        "from": rfc3339(slot.began_ns),
        "until": rfc3339(slot.ended_ns),
        "segments": slot.segments,
        "mib": round(slot.size_bytes / MIB, 1),
        "class": slot.footage_class.value,
        "expires": rfc3339(expires_ns(slot, hands.policy)),
        "held": " ".join(slot.held),
    }


def why(config: Path, name: str) -> None:
    """Print why a segment is still here, or why and when it went."""
    try:
        segment = SegmentId.parse(name) if name.count(".") == 2 else None
        slot = SlotId.parse(name) if segment is None else segment.slot
    except ValueError as failure:
        raise ConfigError(str(failure)) from failure
    node = vaulting.node_of(config)
    vaulting.note_reading(node, str(segment or slot), "why it is here, or went")
    with vaulting.opened(node) as hands:
        print("\n".join(_reasons(slot, segment, hands)))


def _reasons(slot: SlotId, segment: SegmentId | None, hands: Hands) -> list[str]:
    kept = [each for each in hands.kept() if each.slot == slot]
    if kept:
        return _kept_reasons(kept[0], segment, hands)
    doomed = [doom for doom in hands.room.holdings.doomed() if doom.slot == slot]
    if doomed:
        return [f"{slot} is being deleted ({doomed[0].rule}): its key goes first"]
    gone = hands.room.holdings.deletions(slot)
    if gone:
        return [
            f"{each.slot} is gone: {each.segments} segments, {each.size_bytes / MIB:.1f} MiB, deleted "
            f"{rfc3339(each.moment.utc_ns)} by rule {each.rule}: {each.basis} "
            f"(policy {each.policy_sha256[:12]}…, audit entry {each.receipt.index})"
            for each in gone
        ]
    holes = [
        gap
        for gap in hands.room.catalogue.unrecorded(slot.camera)
        if gap.began_ns < slot.end_ns and gap.ended_ns > slot.start_s * NS_PER_S
    ]
    told = [
        f"not recorded from {rfc3339(gap.began_ns)} to {rfc3339(gap.ended_ns)}: {gap.cause}" for gap in holes
    ]
    return [f"{slot} was never here", *told]


def _kept_reasons(kept: Kept, segment: SegmentId | None, hands: Hands) -> list[str]:
    if segment is not None and segment not in {each.id for each in hands.room.catalogue.segments(kept.slot)}:
        raise FootageError(f"slot {kept.slot} has {kept.segments} segments, and none is {segment}")
    keep = hands.policy.keep(kept.footage_class)
    said = [
        f"{segment or kept.slot} is here: {kept.footage_class} footage, kept {keep.keep_s / 3600:g} h by "
        f"policy version {hands.node.policy.version}: {keep.basis}",
        f"expires {rfc3339(expires_ns(kept, hands.policy))}, with its whole slot"
        + (", if nobody holds it" if kept.held else ""),
    ]
    said += [f"held by {described(hold)}" for hold in hands.room.holdings.holds() if hold.id in kept.held]
    holders = ", ".join(f"{holder.id} ({holder.office})" for holder in hands.policy.holders.holders)
    said.append(f"to be opened by two of {holders}, and by nobody alone")
    return said


def check(config: Path, level: str, as_json: bool) -> int:
    """Print everything that does not fit; 1 if anything does not."""
    node = vaulting.node_of(config)
    vaulting.note_reading(node, "footage", f"whether it fits, by {level}")
    room = vaulting.room_of(node)
    try:
        found = list(vaulting.discrepancies(room, Level(level)))
    finally:
        room.close()
    for each in found:
        told = {"misfit": each.misfit.value, "subject": each.subject, "words": each.words}
        print(json.dumps(told) if as_json else f"{each.misfit:12} {each.subject}: {each.words}")
    if not found and not as_json:
        print(f"catalogue, files and keys fit each other, by {level}")
    return DISCREPANCY if found else 0


def disk(config: Path, as_json: bool) -> None:
    """Print how much footage there is, and for how long the disk will do."""
    node = vaulting.node_of(config)
    vaulting.note_reading(node, "footage", "how much there is")
    with vaulting.opened(node) as hands:
        kept, room = hands.room.holdings.kept(), hands.disk()
    size = sum(slot.size_bytes for slot in kept)
    spent_s = sum((slot.ended_ns - slot.began_ns) / NS_PER_S for slot in kept)
    cameras = len({slot.slot.camera for slot in kept})
    per_day = size / spent_s * 86_400 * cameras if spent_s else 0.0
    told = {
        "mib": round(size / MIB, 1),
        "held_mib": round(sum(slot.size_bytes for slot in kept if slot.held) / MIB, 1),
        "quota_mib": room.quota_bytes // MIB,
        "free_mib": room.free_bytes // MIB,
        "reserve_mib": room.reserve_bytes // MIB,
        "mib_per_day": round(per_day / MIB, 1),
        "days": round(min(room.quota_bytes, size + room.free_bytes - room.reserve_bytes) / per_day, 1)
        if per_day
        else None,
    }
    if as_json:
        print(json.dumps(told))
        return
    print(f"footage   {told['mib']:,} MiB, {told['held_mib']:,} MiB of it under hold")
    print(f"quota     {told['quota_mib']:,} MiB")
    print(f"disk      {told['free_mib']:,} MiB free, {told['reserve_mib']:,} MiB of it stay free")
    if per_day:
        print(f"lasts     {told['days']:,} days, at {told['mib_per_day']:,} MiB a day of {cameras} cameras")
