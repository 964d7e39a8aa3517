"""The verb `command`: what the box answered, for people and for scripts."""

import re
from datetime import datetime
from pathlib import Path

from edge.centre import order_form, ordering, wiring
from edge.centre.order_form import Filled
from edge.config.centre import load
from edge.messages.answer import AnswerData, HealthData
from edge.messages.words import lasting, plural
from edge.privacy.spec import NAME, Origin
from edge.run.wiring import brokers
from edge.values.command import Doubt, Outcome, Verb
from edge.values.errors import ConfigError, SafecityError

BOX = re.compile(rf"(?P<region>{NAME})/(?P<node>{NAME})")

WHY = {
    Doubt.OTHER_BOX: "it is another box",
    Doubt.NO_RIGHT: "the policy does not give this person's role the right",
    Doubt.EXPIRED: "it came too late: compare the clocks",
    Doubt.EARLY: "it is dated later than the box's clock says: compare the clocks",
    Doubt.TOO_LONG: "it would be good for too long",
    Doubt.REPLAYED: "this person ordered something later already: is this machine's clock behind?",
    Doubt.CLOCK_UNSURE: "the box does not know the time, and its challenge was not signed in time",
    Doubt.CHALLENGE_UNKNOWN: "the challenge was another's, or too old",
    Doubt.NO_CAMERA: "the box has no such camera",
    Doubt.NOT_HERE: "nothing on this box can do it",
    Doubt.DISK: "the box's disk does not take it",
    Doubt.OTHER_POLICY: "another policy holds on the box than the one that this is a change of: see --after",
    Doubt.QUORUM: "it loosens a rule of the policy, and that wants the signatures of two of its roots",
    Doubt.POLICY: "the box does not take the policy that it makes; its log says why",
    Doubt.CONFIGURATION: "the box's own configuration goes beyond the policy that it makes",
    Doubt.REVIEW: "the day of review is past, or later than the policy lets a hold go without one",
    Doubt.NO_MODEL: "the box has no detector of that name with these weights",
    Doubt.MODEL: "the policy's list of models, or the box's own, does not name it",
    Doubt.UNFIT: "it was tried and does not work there; the one before works again",
    Doubt.EXPORT: "nothing may leave; the box's audit log has the refusal",
    Doubt.NO_SEAL: "the policy names no seal of this person, to which a copy could be sealed",
    Doubt.NO_RELEASE: "no bundle on the box says this version, number and hash",
    Doubt.RELEASE: "the box may not take it, or it is damaged; the journal of safecity-update says why",
    Doubt.TURN: "it is for a share of the boxes, and not for this one yet",
    Doubt.NO_HOLD: "the box has no hold of that name, or it was released already",
}


def command(
    config: Path,
    box: str,
    verb: Verb,
    signer: str,
    key: Path,
    filled: Filled,
    wait_s: float,
    as_json: bool,
) -> None:
    """Order a box about, and print what it said.

    Raises:
        ConfigError: configuration, key or the box's name are wrong.
        BrokerError: no broker can be reached, or the box does not answer.
        SafecityError: it was refused, or failed.
    """
    named = BOX.fullmatch(box)
    if named is None:
        raise ConfigError(f"REGION/NODE wants two names like north/box-17, got {box!r}")
    details, spec = order_form.details(verb, filled), load(config)
    wanted = ordering.Wanted(Origin(named["region"], named["node"]), verb, signer, details, wait_s)

    def begun(said: AnswerData) -> None:
        if not as_json:
            print(_first(box, said), flush=True)

    said = ordering.answered(
        brokers.endpoints_of(spec.broker), wiring.signatures(spec), wanted, ordering.signer_in(key), begun
    )
    if as_json:
        print(said.model_dump_json(by_alias=True, exclude_none=True))
    elif said.outcome is Outcome.DONE:
        print("\n".join(_told(box, said)))
    elif said.outcome is Outcome.BEGUN:
        print("  it goes on; the box says on its topic answer how it ended, and health tells its version")
    if said.outcome not in {Outcome.DONE, Outcome.BEGUN}:
        detail = said.rule or said.refusal
        rule = "" if detail is None else f": {detail}"
        raise SafecityError(f"{box}: {verb} was not done: {WHY[said.reason]} ({said.reason}{rule})")


def _first(box: str, said: AnswerData) -> str:
    at = datetime.fromisoformat(said.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    about = "" if said.hold is None else f" ({said.hold})"
    return f"{box}: {said.verb}{about} {said.outcome} at {at}"


def _told(box: str, said: AnswerData) -> list[str]:
    first = _first(box, said)
    if said.package is not None:
        whom = said.signer if said.verb is Verb.AUDIT else "the keyholders"
        where = f"exports/{said.package.name} in the box's data folder"
        return [first, f"  {where}, sealed to {whom}", f"  SHA-256 {said.package.sha256}"]
    return [first, *(_healthy(said.health) if said.health is not None else ())]


def _healthy(told: HealthData) -> list[str]:
    oldest = f", the oldest for {lasting(told.oldest_s)}" if told.waiting else ""
    down = f"{told.down} of {told.processes} are down" if told.down else f"all {told.processes} live"
    rows = [
        ("version", f"{told.version}, up {lasting(told.up_s)}"),
        ("processes", f"{down}, died {told.deaths} {plural('time', told.deaths)}"),
        ("outbox", f"{told.waiting:,} {plural('message', told.waiting)} waiting{oldest}, {told.lost:,} lost"),
        ("disk", f"{told.free_mib:,} MiB free"),
        *((each.id, each.state) for each in told.cameras),
    ]
    return [f"  {name:12} {text}" for name, text in rows]
