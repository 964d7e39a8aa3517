"""The verbs that hold footage and raise an alarm."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from edge.config import times
from edge.governance.rights import Action as Right
from edge.run.told_footage import described
from edge.run.wiring import vaulting
from edge.run.wiring.vaulting import Hands
from edge.values.audit import Action, AuditEntry
from edge.values.errors import ConfigError
from edge.values.footage_state import Trigger
from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.moment import NS_PER_S, Moment, rfc3339


def holds(config: Path, as_json: bool) -> None:
    """Print all holds, released ones too."""
    node = vaulting.node_of(config)
    vaulting.note_reading(node, "holds", "list of all holds")
    with vaulting.opened(node) as hands:
        found = hands.room.holdings.holds()
        today = datetime.fromtimestamp(hands.now().utc_ns / NS_PER_S, UTC).date().isoformat()
    for each in found:
        overdue = each.released is None and each.review < today
        if as_json:
            print(json.dumps(_hold_json(each, overdue)))
        else:
            print(described(each) + (" · REVIEW OVERDUE" if overdue else ""))
    if not found and not as_json:
        print("no footage is under hold")


def hold(
    config: Path,
    cameras: Sequence[str],
    span: tuple[str, str],
    case: str,
    authority: str,
    review: str,
    key: Path,
) -> None:
    """Put footage under hold."""
    node = vaulting.node_of(config)
    who = vaulting.person(node, key, Right.PLACE_HOLD)
    recorded = ", ".join(node.recorded)
    if unknown := [name for name in cameras if name not in node.recorded]:
        raise ConfigError(f"--camera: no camera {unknown[0]} is recorded; those are {recorded}")
    began_ns, ended_ns = times.utc_ns("--from", span[0]), times.utc_ns("--to", span[1])
    with vaulting.opened(node) as hands:
        now = hands.now()
        placed = _placed(
            id=os.urandom(6).hex(),
            origin=HoldOrigin.AUTHORITY,
            case=case,
            authority=authority,
            review=_review(review, now, hands),
            cameras=tuple(cameras) or node.recorded,
            began_ns=began_ns,
            ended_ns=ended_ns,
            placed=now,
            by=who.id,
        )
        words = f"by order of {authority}: {', '.join(placed.cameras)}, {span[0]} to {span[1]}"
        hands.audit.append(AuditEntry(now, who.id, Action.HOLD_PLACED, placed.id, case, words[:400]))
        hands.room.holdings.place(placed)
        kept = sum(1 for slot in hands.room.holdings.kept() if placed.id in slot.held)
    print(f"hold {placed.id} keeps {kept} slots, and what is still to come; review by {placed.review}")


def _placed(**said: Any) -> Hold:
    try:
        return Hold(**said)
    except ValueError as failure:
        raise ConfigError(str(failure)) from failure


def release(config: Path, name: str, reason: str, key: Path) -> None:
    """End a hold; its footage goes by its class again."""
    node = vaulting.node_of(config)
    who = vaulting.person(node, key, Right.LIFT_HOLD)
    with vaulting.opened(node) as hands:
        found = [each for each in hands.room.holdings.holds() if each.id == name and each.released is None]
        if not found and name not in hands.forgotten():
            raise ConfigError(f"there is no hold {name} to release; safecity-edge footage holds lists them")
        now, case = hands.now(), found[0].case if found else ""
        hands.audit.append(AuditEntry(now, who.id, Action.HOLD_RELEASED, name, case, reason[:400]))
        for each in found:
            hands.release(each, Release(now, who.id, reason))
    print(f"hold {name} is released: its footage is deleted when its time by policy is over")


def panic(config: Path, cameras: Sequence[str], by: str) -> None:
    """Press the button."""
    node = vaulting.node_of(config)
    with vaulting.opened(node) as hands:
        alarm = hands.press(Trigger.COMMAND, tuple(cameras), by)
    span = f"{rfc3339(alarm.hold.began_ns)} to {rfc3339(alarm.hold.ended_ns)}"
    print(
        f"alarm {alarm.hold.id}: footage of {', '.join(alarm.held) or 'no camera'} from {span} is under hold"
    )
    if missing := [name for name in alarm.cameras if name not in alarm.held]:
        print(f"not recorded, so not held: {', '.join(missing)}", file=sys.stderr)


def _hold_json(hold: Hold, overdue: bool) -> dict[str, object]:
    return {
        "id": hold.id,
        "origin": hold.origin.value,
        "case": hold.case,
        "authority": hold.authority,
        "review": hold.review,
        "overdue": overdue,
        "cameras": list(hold.cameras),
        "from": rfc3339(hold.began_ns),
        "until": rfc3339(hold.ended_ns),
        "released": hold.released is not None,
    }


def _review(wanted: str, now: Moment, hands: Hands) -> str:
    today = datetime.fromtimestamp(now.utc_ns / NS_PER_S, UTC).date()
    latest = today + timedelta(days=hands.node.policy.hold_review_days)
    if not wanted:
        return latest.isoformat()
    try:
        day = date.fromisoformat(wanted)
    except ValueError as failure:
        raise ConfigError(f"--review wants a day like 2026-03-01, got {wanted!r}") from failure
    if not today < day <= latest:
        raise ConfigError(
            f"--review wants a day after today and by {latest}, as the policy says, got {wanted}"
        )
    return wanted
