"""From a request to a package and to its verification: the whole way, with real keys and files."""

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from edge.adapters.audit_log import AuditLog
from edge.audit.head import verifier_key
from edge.config import policy as policies
from edge.governance import plain
from edge.run import evidence, verb_export, verb_policy
from edge.run.verb_export import Packing
from edge.run.verb_export_form import form
from edge.run.wiring import auditing
from edge.run.wiring.exporting import read_request
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError, PolicyError
from tests.fakes.clock import FakeClock
from tests.fakes.policies import Office

CASE = "2026/17-A"
PICTURES = bytes(range(256)) * 40


@dataclass
class Desk:
    """One city: its office, its policy, a box's log, a court with a key."""

    folder: Path
    office: Office
    identity: Path
    recipient: str

    @property
    def policy(self) -> Path:
        return self.folder / "policy.yaml"

    @property
    def request(self) -> Path:
        return self.folder / "request.json"

    @property
    def audit(self) -> Path:
        return self.folder / "audit"

    def key(self, name: str) -> Path:
        return self.office.key_file(name)

    def ask(self, name: str = "officer", *, original: bool = False, case: str = CASE) -> None:
        hours = ("2026-05-31T20:00:00Z", "2026-05-31T20:10:00Z")
        asked = form(
            case, "north/a", "plaza", *hours, "public-safety", self.recipient, "2098-01-01T00:00:00Z",
            self.policy, original=original,
        )  # fmt: skip
        verb_export.request(self.request, asked, self.policy, self.key(name))

    def release(self, slot: str = "plaza.20260531T200000Z") -> None:
        """What the box enters when it gives out a share for the request."""
        log = AuditLog(self.audit, "safecity/north/a", FakeClock().now)
        words = (
            f"request {read_request(self.request).request.sha256()}, asked by officer, approved by guardian"
        )
        log.append(AuditEntry(FakeClock().now(), "auditor", Action.KEY_RELEASED, slot, CASE, words))
        log.close()

    def pack(self, *footage: Path) -> Path:
        package = self.folder / "case.evidence"
        verb_export.pack(
            Packing(package, self.request, self.policy, self.audit, None, self.key("guardian"), footage)
        )
        return package


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    office = Office(tmp_path / "office")
    file = office.write(tmp_path / "policy.yaml")
    for name in ("officer", "auditor"):
        verb_policy.sign(file, office.key_file(name))
    log = AuditLog(tmp_path / "audit", "safecity/north/a", FakeClock().now)
    for number in range(9):
        case = CASE if number in (3, 6) else ""
        log.append(AuditEntry(FakeClock().now(), "keep", Action.KEY_RELEASED, f"slot-{number}", case))
    log.close()
    own = pyrage.x25519.Identity.generate()
    identity = tmp_path / "court.age"
    identity.write_text(f"# the court's key\n{own}\n")
    (tmp_path / "plaza.mp4").write_bytes(PICTURES)
    return Desk(tmp_path, office, identity, str(own.to_public()))


def unsealed(desk: Desk, package: Path) -> dict[str, bytes]:
    return unsealed_with(pyrage.x25519.Identity.from_str(desk.identity.read_text().splitlines()[1]), package)


def unsealed_with(own: pyrage.x25519.Identity, package: Path) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(package.read_bytes(), [own]))) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]


def repacked(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return path


def originals(desk: Desk) -> Path:
    desk.ask(original=True)
    verb_export.approve(desk.request, desk.policy, desk.key("guardian"))
    desk.release()
    return desk.pack(desk.folder / "plaza.mp4")


def test_the_whole_way(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    package = originals(desk)
    assert PICTURES not in package.read_bytes()
    capsys.readouterr()
    roots = plain.roots_sha256(policies.load(desk.policy).policy)
    key = verifier_key(*auditing.told_key(desk.audit))
    verb_export.verify(package, desk.identity, roots, key, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["case"] == CASE
    assert told["asked"] == "officer (state-officer)"
    assert told["approved"] == "guardian (data-protection-officer)"
    assert (told["pictures"], told["entries"]) == (evidence.ORIGINALS, 3)
    assert unsealed(desk, package)["footage/plaza.mp4"] == PICTURES


def test_without_the_second_signature_there_is_no_package(desk: Desk) -> None:
    desk.ask()
    with pytest.raises(PolicyError, match="two people of different roles, got officer"):
        desk.pack()
    with pytest.raises(PolicyError, match="signed this request already"):
        verb_export.approve(desk.request, desk.policy, desk.key("officer"))


def test_under_a_policy_that_nobody_signed_nothing_is_asked(desk: Desk) -> None:
    policies.signatures_path(desk.policy).unlink()
    with pytest.raises(PolicyError, match="none of its roots signed it"):
        desk.ask()
    assert not desk.request.exists()


def test_pictures_are_never_there_by_default(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.ask()
    verb_export.approve(desk.request, desk.policy, desk.key("auditor"))
    with pytest.raises(PolicyError, match="not for original pictures"):
        desk.pack(desk.folder / "plaza.mp4")
    files = unsealed(desk, desk.pack())
    assert set(files) == {evidence.MANIFEST, evidence.SIGNATURE, *evidence.PAPERS}
    assert json.loads(files[evidence.MANIFEST])["pictures"] == evidence.NONE_GIVEN


def test_a_changed_byte_names_its_file(desk: Desk) -> None:
    files = unsealed(desk, originals(desk))
    for name, content in files.items():
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        package = repacked(desk.folder / "changed.tar", {**files, name: changed})
        with pytest.raises(AuditError, match=f"^{name.replace('.sig', '.(sig|json)')}: "):
            verb_export.verify(package, None, "", "", as_json=False)


def test_a_file_too_many_or_too_few_is_named(desk: Desk) -> None:
    files = unsealed(desk, originals(desk))
    more = repacked(desk.folder / "more.tar", {**files, "footage/other.mp4": b"x"})
    with pytest.raises(AuditError, match=r"footage/other\.mp4: this file is not in the manifest"):
        verb_export.verify(more, None, "", "", as_json=False)
    for gone in files:
        fewer = {name: content for name, content in files.items() if name != gone}
        with pytest.raises(AuditError, match=f"^{gone}: "):
            verb_export.verify(repacked(desk.folder / "few.tar", fewer), None, "", "", as_json=False)


def test_pictures_that_were_slipped_in_are_seen_even_with_a_good_signature(desk: Desk) -> None:
    """Who packs is a keyholder who may sign manifests; the request still has the last word."""
    desk.ask()
    verb_export.approve(desk.request, desk.policy, desk.key("auditor"))
    files = unsealed(desk, desk.pack())
    said = json.loads(files[evidence.MANIFEST])
    slipped = {"name": "footage/a.mp4", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    said["files"] = [*said["files"], slipped]
    manifest = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    signature = desk.office.keys["guardian"].sign(evidence.to_sign(manifest))
    forged = {
        **files,
        evidence.MANIFEST: manifest,
        evidence.SIGNATURE: evidence.signature("guardian", signature),
        "footage/a.mp4": b"x",
    }
    with pytest.raises(AuditError, match="the request is not for originals"):
        verb_export.verify(repacked(desk.folder / "forged.tar", forged), None, "", "", as_json=False)


def test_other_roots_and_another_log_are_no_proof(desk: Desk) -> None:
    package = originals(desk)
    with pytest.raises(AuditError, match=r"policy\.yaml: wanted the roots"):
        verb_export.verify(package, desk.identity, "0" * 64, "", as_json=False)
    other = verifier_key("safecity/north/a", desk.office.keys["officer"].key)
    with pytest.raises(AuditError, match=r"audit\.head: not signed by the key"):
        verb_export.verify(package, desk.identity, "", other, as_json=False)


def test_nothing_is_packed_for_a_case_of_which_the_record_says_nothing(desk: Desk) -> None:
    desk.ask(case="2026/99")
    verb_export.approve(desk.request, desk.policy, desk.key("guardian"))
    with pytest.raises(AuditError, match="wanted an entry of the case 2026/99"):
        desk.pack()


def test_only_the_recipient_opens_it(desk: Desk) -> None:
    package = originals(desk)
    with pytest.raises(ConfigError, match="give --identity"):
        verb_export.verify(package, None, "", "", as_json=False)
    desk.identity.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    with pytest.raises(AuditError, match="does not open"):
        verb_export.verify(package, desk.identity, "", "", as_json=False)


@pytest.mark.parametrize("raw", [b"", b"no package", b"x" * 20_000])
def test_what_is_no_package_is_named(desk: Desk, raw: bytes) -> None:
    path = desk.folder / "junk"
    path.write_bytes(raw)
    with pytest.raises(AuditError, match=r"junk: wanted a package|manifest\.json: wanted this file"):
        verb_export.verify(path, None, "", "", as_json=False)


def test_no_pictures_are_packed_for_which_no_key_was_released(desk: Desk) -> None:
    desk.ask(original=True)
    verb_export.approve(desk.request, desk.policy, desk.key("guardian"))
    with pytest.raises(AuditError, match="no key was released for this request"):
        desk.pack(desk.folder / "plaza.mp4")


def no_pictures_without_a_release(desk: Desk, files: dict[str, bytes]) -> None:
    """The invariant of who verifies: a package whose log tells of the case and not of this request's keys."""
    told = [line for line in files[evidence.AUDIT].splitlines(keepends=True) if b"request " not in line]
    said = json.loads(files[evidence.MANIFEST])
    audit = b"".join(told)
    for each in said["files"]:
        if each["name"] == evidence.AUDIT:
            each |= {"size": len(audit), "sha256": hashlib.sha256(audit).hexdigest()}
    manifest = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    value = desk.office.keys["guardian"].sign(evidence.to_sign(manifest))
    forged = files | {
        evidence.AUDIT: audit,
        evidence.MANIFEST: manifest,
        evidence.SIGNATURE: evidence.signature("guardian", value),
    }
    with pytest.raises(AuditError, match=r"footage/plaza\.mp4: no key was released"):
        verb_export.verify(repacked(desk.folder / "forged.tar", forged), None, "", "", as_json=False)


def test_who_verifies_sees_it_too_and_a_mutant_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    files = unsealed(desk, originals(desk))
    no_pictures_without_a_release(desk, files)
    monkeypatch.setattr(evidence, "check_released", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        no_pictures_without_a_release(desk, files)


@pytest.mark.parametrize(("audit", "config"), [(True, True), (False, False)])
def test_one_log_is_wanted(desk: Desk, audit: bool, config: bool) -> None:
    desk.ask()
    verb_export.approve(desk.request, desk.policy, desk.key("guardian"))
    with pytest.raises(ConfigError, match="one of them"):
        verb_export.pack(Packing(
            desk.folder / "p", desk.request, desk.policy, desk.audit if audit else None,
            desk.folder / "n" if config else None, desk.key("guardian"),
        ))  # fmt: skip
