"""What a node says of itself, in words: its state, its footage, its losses, its alarms.

Law: one function for each of its messages; times are told in the reader's time zone.
"""

from datetime import datetime, tzinfo

from edge.messages.audit import AuditData
from edge.messages.footage import AlarmData, FootageData
from edge.messages.node import GapData, PolicyData, StatusData
from edge.messages.words import LOSSES, local, plural
from edge.privacy.reports import NodeState
from edge.values.footage_state import FootageState
from edge.values.gap import GapCause
from edge.values.policy_term import PolicyStanding


def gap(data: GapData, zone: tzinfo) -> str:
    """What will never arrive, from when to when, and why."""
    if not data.lost:
        return "an unreadable outbox was set aside: nobody can say what was lost"
    if all(lost.cause is GapCause.SUPERSEDED for lost in data.ranges):
        return f"{data.lost} camera states were replaced by newer ones before they left"
    causes = dict.fromkeys(LOSSES[lost.cause] for lost in data.ranges)
    more = ", and more that nobody can count" if data.unknown else ""
    return f"{_lost(data, zone)}: {', '.join(causes)}{more}"


def _lost(data: GapData, zone: tzinfo) -> str:
    """How many messages will never arrive, and from when to when they were committed, where that is known."""
    timed = [lost for lost in data.ranges if lost.from_ and lost.until]
    whole = f"{data.lost} {plural('message', data.lost)}"
    if not timed:
        return f"{whole} will never arrive"
    begin, end = min(lost.from_ or "" for lost in timed), max(lost.until or "" for lost in timed)
    span = f"from {_when(begin, data.utc, zone)} to {_when(end, data.utc, zone)}"
    if len(timed) == len(data.ranges):
        return f"{whole} {span} will never arrive"
    return f"{whole} will never arrive, {sum(lost.count for lost in timed)} of them {span}"


def audit(data: AuditData) -> str:
    """How far the audit log has come."""
    return f"{data.size} entries in the audit log, root {data.root[:16]}…"


def alarm(data: AlarmData, zone: tzinfo) -> str:
    """Who raised an alarm, and which footage it holds."""
    cameras = ", ".join(data.cameras)
    if not data.held_cameras:
        return f"raised by {data.trigger} for {cameras}, none of which is recorded"
    span = f"{_when(data.held_from, data.utc, zone)} to {_when(data.held_until, data.utc, zone)}"
    held = "" if data.held_cameras == data.cameras else f" of {', '.join(data.held_cameras)}"
    return f"raised by {data.trigger} for {cameras}; footage{held} from {span} is under hold"


def footage(data: FootageData) -> str:
    """How much footage there is, and what is wrong with it."""
    whole = f"{data.mib:,} MiB of footage, {data.held_mib:,} of it under hold, {data.free_mib:,} MiB free"
    if data.state is FootageState.CROWDED:
        return f"holds fill the disk, routine footage is not taken any more: {whole}"
    if data.state is FootageState.BROKEN:
        return f"the disk does not let footage be looked after: {whole}"
    return whole


def status(data: StatusData, zone: tzinfo) -> str:
    """Whether a node is up, and what a person should know of its policy."""
    cameras = f"{len(data.cameras)} camera{'' if len(data.cameras) == 1 else 's'}"
    match data.state:
        case NodeState.ONLINE:
            return f"node is up, version {data.version}, {cameras}{_ends(data.policy)}"
        case NodeState.STOPPED:
            return f"node was stopped, {cameras} unwatched"
        case NodeState.LOST:
            return f"node fell silent, {cameras} unwatched, was connected since {clock(data.connected, zone)}"


def _ends(policy: PolicyData | None) -> str:
    """What a person should know of the policy; nothing while it holds."""
    if policy is None or policy.standing is PolicyStanding.HOLDS:
        return ""
    if policy.standing is PolicyStanding.OVER:
        return f"; its policy ended on {policy.expires}, nothing is looked at or recorded"
    return f"; its policy ends on {policy.expires}"


def _when(utc: str, told: str, zone: tzinfo) -> str:
    """A time of day, with its date where that is another than the message's."""
    then, now = (local(datetime.fromisoformat(text), zone) for text in (utc, told))
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M:%S}"


def clock(utc: str | None, zone: tzinfo) -> str:
    """A time of day in the reader's time zone, or nothing where no time is known."""
    return local(datetime.fromisoformat(utc), zone).strftime("%H:%M:%S") if utc else ""
