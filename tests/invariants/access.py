"""Who gets at footage: nobody without an entry in the record, and the operator's keys by no way at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyrage
import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.footage_room import FootageRoom
from edge.adapters.vault import Vault
from edge.config import policy as policies
from edge.config.load import load
from edge.config.request import SignedRequest
from edge.governance import acceptance, plain, request
from edge.governance.acceptance import Remembered, Signature
from edge.governance.policy import Party, StatePolicy
from edge.governance.release import Granted, grant
from edge.governance.rights import OF_THE_STATE, RIGHTS, Action
from edge.run import release, verb_audit, verb_hold, verb_release
from edge.run.release import ReleaseDesk
from edge.run.verb_export_form import form
from edge.run.wiring import auditing, governing, standing, vaulting
from edge.strictyaml.document import Document
from edge.values.audit import AuditEntry
from edge.values.errors import PolicyError, RefusedError
from edge.values.keyholders import Role
from tests.fakes.box import Box
from tests.fakes.governed import Governed, recording_box
from tests.fakes.vaults import EPOCH_S, stretch
from tests.invariants.invariant import Invariant, Mutant
from tests.run.test_release import no_refusal_without_its_entry, nothing_leaves_without_its_entry

NAMES = {
    Role.STATE_OFFICER: "officer",
    Role.DATA_PROTECTION_OFFICER: "guardian",
    Role.AUDITOR: "auditor",
    Role.OPERATOR: "night-shift",
    Role.TECHNICIAN: "field-service",
}
"""A person of every role, in the policy of `tests.fakes.policies.Office`."""
STAFF = ("night-shift", "field-service")


@dataclass
class Manned:
    """A box with sealed footage, and a private key for a person of every role."""

    folder: Path
    box: Box
    state: Governed
    tries: int = 0

    def key(self, name: str) -> Ed25519Signer:
        return Ed25519Signer.read(self.key_file(name))

    def key_file(self, name: str) -> Path:
        return self.state.office.key_file(name)

    @property
    def log(self) -> list[AuditEntry]:
        return [each.entry for each in auditing.entries(self.box.folder / "var" / "audit")]

    def fresh(self, suffix: str) -> Path:
        self.tries += 1
        return self.folder / f"{self.tries}{suffix}"

    def agreed(self, one: str, other: str, *, original: bool = False) -> Path:
        """A request that both signed, written by a tool of their own that refuses nobody."""
        recipient = str(pyrage.x25519.Identity.generate().to_public())
        asked = form(
            "A-1", "test/box", "north", "2023-11-14T22:20:00Z", "2023-11-14T22:22:00Z", "public-safety",
            recipient, "2098-01-01T00:00:00Z", self.state.file, original=original,
        )  # fmt: skip
        covered = asked.to_sign()
        signatures = tuple(Signature(name, self.key(name).sign(covered)) for name in (one, other))
        out = self.fresh(".json")
        out.write_text(SignedRequest(asked, signatures).text())
        return out

    def share(self, agreed: Path, name: str) -> None:
        verb_release.share(self.box.config, [], agreed, self.key_file(name), self.fresh(".age"))


def manned(folder: Path, cameras: Mapping[str, Sequence[str]] | None = None) -> Manned:
    """The place; `cameras` for a policy that names some, else any may look."""
    keys = {name: Ed25519Signer.fresh() for name in STAFF}
    box, state = recording_box(folder / "box", staff={name: key.key.hex() for name, key in keys.items()})
    for name, key in keys.items():
        key.write(state.office.key_file(name))
    if cameras is not None:
        state.name_cameras(cameras)
        box.configure(cameras=[each for each in box.wanted["cameras"] if f"test/box/{each['id']}" in cameras])
    node = load(box.config)
    with auditing.journal(node, "run") as pen:
        governing.admit_and_remember(node, pen.audit)
    room, policy = FootageRoom(box.folder / "var" / "footage"), node.footage_policy
    assert policy is not None
    vault = Vault(room.root, room.catalogue, room.ring, policy)
    vault.put(stretch(0, b"north", "north"))
    vault.close()
    room.close()
    assert EPOCH_S  # the footage's time is that of the requests
    return Manned(folder, box, state)


def other_than(name: str) -> str:
    """Somebody of the state with another role."""
    return "guardian" if name != "guardian" else "officer"


def asks(place: Manned, name: str) -> None:
    place.share(place.agreed(name, other_than(name)), "auditor")


def approves(place: Manned, name: str) -> None:
    place.share(place.agreed(other_than(name), name), "auditor")


def takes_shares(place: Manned, name: str) -> None:
    place.share(place.agreed("officer", "guardian"), name)


def agrees_to_originals(place: Manned, name: str) -> None:
    place.share(place.agreed(other_than(name), name, original=True), "auditor")


def holds(place: Manned, name: str) -> None:
    span = ("2023-11-14T22:20:00Z", "2023-11-14T22:30:00Z")
    verb_hold.hold(place.box.config, ["north"], span, "A-1", "City court", "", place.key_file(name))


def lifts(place: Manned, name: str) -> None:
    holds(place, "officer")
    with vaulting.opened(load(place.box.config)) as hands:
        held = [each.id for each in hands.room.holdings.holds() if each.released is None]
    verb_hold.release(place.box.config, held[-1], "case closed", place.key_file(name))


def tightens_the_policy(place: Manned, name: str) -> None:
    """A stricter policy with this one signature, at a box that holds the last one."""
    file = place.fresh(".yaml")
    text = place.state.file.read_text().replace("version: 1 ", "version: 2 ")
    file.write_text(text.replace("max_px_per_m: 40", "max_px_per_m: 30"))
    stricter = policies.load(file).policy
    signature = Signature(name, place.key(name).sign(plain.to_sign(stricter)))
    signatures = policies.signatures_text(plain.sha256(stricter), [signature])
    policies.signatures_path(file).write_text(signatures)
    node = load(place.box.config)
    said = place.box.config.read_text().replace(str(place.state.file), str(file))
    other = place.box.config.with_name(f"{place.tries}.box.yaml")
    other.write_text(said)
    assert load(other).policy.max_px_per_m < node.policy.max_px_per_m
    governing.admit(load(other))


def reads_the_record(place: Manned, name: str) -> None:
    verb_audit.show(place.box.folder / "var" / "audit", 1, as_json=True, key=place.key_file(name))


WAYS: dict[Action, Callable[[Manned, str], None]] = {
    Action.READ_AUDIT: reads_the_record,
    Action.REQUEST_EXPORT: asks,
    Action.APPROVE_EXPORT: approves,
    Action.RELEASE_SHARE: takes_shares,
    Action.SIGN_ORIGINAL: agrees_to_originals,
    Action.PLACE_HOLD: holds,
    Action.LIFT_HOLD: lifts,
    Action.SIGN_POLICY: tightens_the_policy,
}
"""For every action of the state the way on which somebody with a key gets a box to do it."""


def full_matrix(folder: Path) -> None:
    """Every role tries every action of the state with its own private key, on a real box."""
    assert set(WAYS) == OF_THE_STATE
    with pytest.MonkeyPatch.context() as quick:  # the same files are read again and again
        quick.setattr(Document, "read", cache(Document.read))
        _tried(manned(folder))


def _tried(place: Manned) -> None:
    for action, way in WAYS.items():
        for role, name in NAMES.items():
            if role in RIGHTS[action]:
                way(place, name)
                continue
            try:
                way(place, name)
            except (RefusedError, PolicyError):
                continue
            pytest.fail(f"{name}, who is {role}, can {action}")


def _as_if_the_officer_came(asked: object, signed: object, slots: object, _: object, *rest: Any) -> Granted:
    policy: StatePolicy = rest[0].policy
    return grant(asked, signed, slots, policy.party("officer"), *rest)  # type: ignore[arg-type]


def _everybody(policy: StatePolicy, last: Remembered | None, *rest: Any) -> tuple[Party, ...]:
    if last is None or last.policy is None:
        return _judges(policy, last, *rest)
    return tuple(party for party in last.policy.parties if party.key)


_judges = acceptance._judges


def no_key_without_entry(_folder: Path) -> None:
    nothing_leaves_without_its_entry()
    no_refusal_without_its_entry()


NO_KEY_WITHOUT_ENTRY = Invariant(
    "no key is released without its entry in the audit log",
    no_key_without_entry,
    (
        Mutant("entries of a release are left out", ReleaseDesk, "_tell", lambda *_: None),
        Mutant("nothing is entered at all", ReleaseDesk, "_enter", lambda *_: None),
        Mutant(
            "shares are read before they are entered",
            ReleaseDesk,
            "_check_kept",
            lambda desk, granted: [desk._share(slot) for slot in granted.slots],
        ),
    ),
)

OPERATOR_HAS_NOTHING_OF_THE_STATE = Invariant(
    "the operator's keys can do nothing that is the state's",
    full_matrix,
    (
        Mutant("a policy allows everybody everything", StatePolicy, "allows", lambda *_: True),
        Mutant("anybody's consent to an export counts", request, "may_sign", lambda *_: None),
        Mutant("holds ask nobody for a right", standing, "check", lambda *_: None),
        Mutant("whoever comes gets shares", release, "grant", _as_if_the_officer_came),
        Mutant("every key in a policy can sign the next", acceptance, "_judges", _everybody),
    ),
)
