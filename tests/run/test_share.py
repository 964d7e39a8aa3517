"""Shares of keys for an approved request, and footage opened with them: real keys, files and audit log."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest

from edge.adapters import segment_file
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.footage_room import FootageRoom, TimeMemory
from edge.adapters.vault import Vault
from edge.config import policy as policies
from edge.config.load import load
from edge.governance import plain
from edge.run import verb_audit, verb_export, verb_footage, verb_hold, verb_policy, verb_release
from edge.run.verb_export_form import form
from edge.run.wiring import auditing, governing
from edge.run.wiring.opening import Sealed
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError, FootageError, RefusedError, StorageError
from edge.values.evidence import Provenance
from edge.values.refusal import Refusal
from edge.values.segment import SegmentId, SlotId
from tests.fakes.box import Box
from tests.fakes.governed import Governed, recording_box
from tests.fakes.policies import Office
from tests.fakes.vaults import EPOCH_S, stretch

SLOT = SlotId("north", EPOCH_S)  # 2023-11-14T22:20:00Z
NEXT = SlotId("north", EPOCH_S + 600)
SOUTH = SlotId("south", EPOCH_S)
CASE = "2026/17-A"


@dataclass
class Street:
    """A box with sealed footage of two cameras, its policy and the people of the state."""

    folder: Path
    box: Box
    state: Governed

    @property
    def room(self) -> Path:
        return self.box.folder / "var" / "footage"

    @property
    def log(self) -> list[AuditEntry]:
        return [each.entry for each in auditing.entries(self.box.folder / "var" / "audit")]

    def key(self, name: str) -> Path:
        return self.state.office.key_file(name)

    def request(self, *names: str, name: str = "case.json", **changes: Any) -> Path:
        """A request with these people's signatures: the officer and the guardian unless given."""
        said: dict[str, Any] = {
            "case": CASE, "node": "test/box", "camera": "north",
            "begin": "2023-11-14T22:20:00Z", "end": "2023-11-14T22:22:00Z", "purpose": "public-safety",
            "recipient": str(pyrage.x25519.Identity.generate().to_public()),
            "expires": "2098-01-01T00:00:00Z", "original": False,
        } | changes  # fmt: skip
        path = self.folder / name
        one, *others = names or ("officer", "guardian")
        verb_export.request(path, form(policy=self.state.file, **said), self.state.file, self.key(one))
        for other in others:
            verb_export.approve(path, self.state.file, self.key(other))
        return path

    def share(self, request: Path, *slots: object, key: Path | None = None, name: str = "share.age") -> Path:
        out = self.folder / name
        verb_release.share(self.box.config, [str(s) for s in slots], request, key or self.key("auditor"), out)
        return out

    def sealed(self, *segments: SegmentId) -> list[Path]:
        return [segment_file.path_of(self.room, each) for each in segments]

    def open(self, files: Sequence[Path], request: Path, share: Path) -> Path:
        out = self.folder / "opened"
        owners = [self.state.identity_file(name) for name in ("guardian", "auditor")]
        verb_release.open_(Sealed(files, share, owners), request, self.state.file, out, self.box.config)
        return out


@pytest.fixture
def street(tmp_path: Path) -> Street:
    box, state = recording_box(tmp_path / "box")
    node = load(box.config)
    with auditing.journal(node, "run") as pen:
        governing.admit_and_remember(node, pen.audit)
    room, policy = FootageRoom(box.folder / "var" / "footage"), node.footage_policy
    assert policy is not None
    vault = Vault(room.root, room.catalogue, room.ring, policy)
    for second in (0, 100, 300, 700):
        vault.put(stretch(second, f"north {second}".encode(), "north"))
    vault.put(stretch(0, b"south", "south"))
    vault.close()
    room.close()
    return Street(tmp_path, box, state)


def refused(
    street: Street, reason: Refusal, *slots: object, request: Path, key: Path | None = None
) -> AuditEntry:
    before = len(street.log)
    with pytest.raises(RefusedError) as failure:
        street.share(request, *slots, key=key)
    assert failure.value.reason is reason, failure.value
    assert not (street.folder / "share.age").exists()
    (told,) = street.log[before:]
    assert (told.action, told.words) == (Action.DENIED, reason)
    return told


def test_two_agree_the_box_releases_and_two_keyholders_open(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    request = street.request(original=True)
    before = len(street.log)
    share = street.share(request)
    told = street.log[before:]
    assert [each.action for each in told] == [
        Action.EXPORT_REQUESTED, Action.EXPORT_APPROVED, Action.KEY_RELEASED,
    ]  # fmt: skip
    assert [each.actor for each in told] == ["officer", "guardian", "auditor"]
    assert (told[2].subject, told[2].case) == (str(SLOT), CASE)
    capsys.readouterr()
    out = street.open(street.sealed(*(SegmentId(SLOT, n) for n in range(3))), request, share)
    assert "1 of 3 stay closed" in capsys.readouterr().out
    assert (out / f"{SLOT}.0000.mp4").read_bytes() == b"north 0"
    assert (out / f"{SLOT}.0001.mp4").read_bytes() == b"north 100"
    assert not (out / f"{SLOT}.0002.mp4").exists()
    beside = Provenance.parse((out / f"{SLOT}.0001.mp4.json").read_bytes())
    assert (beside.segment, beside.clock, beside.began) == (f"{SLOT}.0001", "synced", "2023-11-14T22:21:40Z")
    assert beside.policy_sha256 == plain.sha256(policies.load(street.state.file).policy)
    assert beside.sealed_sha256 == segment_file.fingerprint(*street.sealed(SegmentId(SLOT, 1)))[1]
    assert auditing.judged(street.box.folder / "var" / "audit", None, "").misfit is None


def test_nothing_else_is_given_out_and_the_record_says_why(street: Street) -> None:
    told = refused(street, Refusal.NOT_TWO, request=street.request("officer", name="one.json"))
    assert (told.actor, told.case) == ("auditor", CASE)
    request = street.request()
    assert refused(street, Refusal.OTHER_TIME, NEXT, request=request).actor == "auditor"
    refused(street, Refusal.OTHER_CAMERA, SOUTH, request=request)
    refused(street, Refusal.OTHER_BOX, request=street.request(node="test/other", name="other.json"))
    gone = {"begin": "2023-11-14T10:00:00Z", "end": "2023-11-14T11:00:00Z"}
    refused(street, Refusal.NOTHING_KEPT, request=street.request(name="gone.json", **gone))


def test_a_request_that_was_changed_or_is_none_is_refused(street: Street) -> None:
    request = street.request()
    request.write_text(request.read_text().replace("22:22:00Z", "23:22:00Z"))
    refused(street, Refusal.NOT_TWO, request=request)
    request.write_text("no request")
    assert refused(street, Refusal.UNREADABLE, request=request).subject == "request"


def test_a_stranger_gets_nothing(street: Street) -> None:
    stranger = street.folder / "stranger.key"
    Ed25519Signer.fresh().write(stranger)
    assert refused(street, Refusal.STRANGER, request=street.request(), key=stranger).actor == "nobody"


def test_the_operator_cannot_bring_a_policy_of_his_own(street: Street) -> None:
    """He writes the configuration, and so can name another policy and its roots."""
    request, own = street.request(), Office(street.folder / "own")
    file = own.write(street.folder / "own.yaml", version="9")
    for name in ("officer", "guardian"):
        verb_policy.sign(file, own.key_file(name))
    roots = plain.roots_sha256(policies.load(file).policy)
    street.box.configure(policy={"file": str(file), "roots": roots})
    refused(street, Refusal.POLICY, request=request, key=own.key_file("auditor"))
    with pytest.raises(RefusedError, match="wanted 2 of the signatures"):
        verb_hold.release(street.box.config, "any", "mine", own.key_file("officer"))
    assert (street.log[-1].action, street.log[-1].subject) == (Action.DENIED, "lift-hold")


def test_a_clock_that_was_set_back_releases_nothing(street: Street) -> None:
    TimeMemory(street.room / "time.json", None, 600).look(SystemClock().now().plus(3600))
    refused(street, Refusal.CLOCK, request=street.request())


def test_an_old_file_is_not_overwritten_and_nothing_is_entered(street: Street) -> None:
    request = street.request()
    before = len(street.log)
    (street.folder / "share.age").write_bytes(b"precious")
    with pytest.raises(ConfigError, match="there already"):
        street.share(request)
    assert len(street.log) == before


def test_the_keyholders_tool_opens_only_what_the_request_covers(street: Street) -> None:
    request = street.request()
    share = street.share(request)
    for slot, reason in ((NEXT, Refusal.OTHER_TIME), (SOUTH, Refusal.OTHER_CAMERA)):
        with pytest.raises(RefusedError) as failure:
            street.open(street.sealed(SegmentId(SLOT, 0), SegmentId(slot, 0)), request, share)
        assert failure.value.reason is reason
    assert not (street.folder / "opened").exists()
    other = street.request(name="other.json", case="2026/18")
    with pytest.raises(RefusedError, match="given out for the request") as failure:
        street.open(street.sealed(SegmentId(SLOT, 0)), other, share)
    assert failure.value.reason is Refusal.OTHER_REQUEST
    alone = street.request("officer", name="alone.json")
    with pytest.raises(RefusedError, match="two people"):
        street.open(street.sealed(SegmentId(SLOT, 0)), alone, share)


def test_a_slot_that_was_not_given_out_does_not_open(street: Street) -> None:
    request = street.request(end="2023-11-14T22:40:00Z")
    share = street.share(request, SLOT)
    with pytest.raises(FootageError, match="of which no share was given out"):
        street.open(street.sealed(SegmentId(NEXT, 0)), request, share)


@pytest.mark.parametrize("raw", [b"", b"no age file"])
def test_what_is_no_share_is_named(street: Street, raw: bytes) -> None:
    request, junk = street.request(), street.folder / "junk"
    junk.write_bytes(raw)
    with pytest.raises(FootageError, match="is no share of a box"):
        street.open(street.sealed(SegmentId(SLOT, 0)), request, junk)


def test_who_may_not_hold_is_on_the_record(street: Street) -> None:
    with pytest.raises(RefusedError, match="lets nobody of that role lift-hold"):
        verb_hold.release(street.box.config, "any", "curious", street.key("auditor"))
    last = street.log[-1]
    assert (last.actor, last.action, last.subject) == ("auditor", Action.DENIED, "lift-hold")
    assert last.words == Refusal.NO_RIGHT


def test_what_two_keyholders_open_says_where_it_came_from() -> None:
    with pytest.raises(ValueError, match="wanted began, clock"):
        Provenance.parse(json.dumps({"segment": "a"}).encode())


def test_who_looks_at_what_is_kept_is_on_the_record_first(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_footage.listed(street.box.config, "north", as_json=True)
    verb_footage.why(street.box.config, str(SLOT))
    verb_hold.holds(street.box.config, as_json=True)
    verb_footage.check(street.box.config, "names", as_json=True)
    verb_footage.disk(street.box.config, as_json=True)
    folder = street.box.folder / "var" / "audit"
    verb_audit.show(folder, 3, as_json=True, key=street.key("auditor"))
    read = [each.subject for each in street.log if each.action is Action.READ]
    assert read == ["north", str(SLOT), "holds", "footage", "footage", "audit"]
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["action"] == "read", (
        "the look itself is shown"
    )
    log = folder / "log.jsonl"
    log.rename(log.with_suffix(".away"))
    log.mkdir()
    for look in (
        lambda: verb_footage.listed(street.box.config, "north", as_json=True),
        lambda: verb_footage.check(street.box.config, "names", as_json=True),
        lambda: verb_footage.disk(street.box.config, as_json=True),
        lambda: verb_audit.show(folder, None, as_json=True, key=street.key("auditor")),
    ):
        with pytest.raises((StorageError, AuditError, OSError)):
            look()
        assert capsys.readouterr().out == ""


def test_a_copy_of_a_record_is_read_without_being_changed(street: Street, tmp_path: Path) -> None:
    folder = street.box.folder / "var" / "audit"
    shutil.copytree(folder, tmp_path / "copy", ignore=lambda *_: {"key.pem"})
    before = (tmp_path / "copy" / "log.jsonl").read_bytes()
    verb_audit.show(tmp_path / "copy", None, as_json=True)
    assert (tmp_path / "copy" / "log.jsonl").read_bytes() == before
