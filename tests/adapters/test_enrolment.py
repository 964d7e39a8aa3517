"""Whose key counts: what the authority signed and did not revoke, as it lies in a folder."""

import logging
import time
from pathlib import Path

import pytest

from edge.adapters import certificates, enrolment
from edge.adapters.authority import Authority
from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.enrolment import Enrolment
from edge.values.errors import ConfigError

PASSPHRASE = "correct horse battery staple"
NOW_S = int(time.time())
KEY, OTHER_KEY = Ed25519Signer.fresh().key, Ed25519Signer.fresh().key


class Offices:
    """An authority, and the folder of the centre."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority.found(folder / "ca", "City", 3650, PASSPHRASE, NOW_S)
        self.ca, self.crl = folder / "ca" / "ca.pem", folder / "ca" / "crl.pem"
        self.boxes = folder / "boxes"
        self.boxes.mkdir()

    def enrol(self, name: str, key: bytes, file: str = "", at_s: int = NOW_S, days: int = 90) -> None:
        made = self.authority.issue(name, (), days, PASSPHRASE, at_s, again=True, events_key=key)
        (self.boxes / (file or f"{name}.pem")).write_bytes(made.certificate)

    def enrolment(self) -> Enrolment:
        return Enrolment(self.ca, self.boxes, self.crl)


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    return Offices(tmp_path)


def test_a_certificate_enrols_its_box_and_nobody_else(offices: Offices) -> None:
    offices.enrol("box-1", KEY, file="whatever.pem")
    found = offices.enrolment()
    assert found.of("box-1") == (KEY,)
    assert found.of("whatever") == found.of("box-2") == ()
    assert found.boxes == 1


def test_a_certificate_without_a_key_enrols_nobody(offices: Offices) -> None:
    offices.enrol("box-1", b"")
    assert offices.enrolment().of("box-1") == ()


def test_two_keys_hold_while_one_follows_the_other(offices: Offices) -> None:
    offices.enrol("box-1", KEY, "old.pem")
    offices.enrol("box-1", OTHER_KEY, "new.pem")
    assert set(offices.enrolment().of("box-1")) == {KEY, OTHER_KEY}


def test_one_that_ran_out_still_enrols(offices: Offices) -> None:
    offices.enrol("box-1", KEY, at_s=NOW_S - 400 * 86_400)
    assert offices.enrolment().of("box-1") == (KEY,)


def test_a_revoked_one_enrols_nobody(offices: Offices, caplog: pytest.LogCaptureFixture) -> None:
    offices.enrol("box-1", KEY)
    offices.authority.revoke("box-1", "stolen", PASSPHRASE, NOW_S)
    with caplog.at_level(logging.WARNING):
        assert offices.enrolment().of("box-1") == ()
    assert "was revoked" in caplog.text


def test_one_of_another_authority_enrols_nobody(
    offices: Offices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Authority.found(tmp_path / "other", "City", 3650, PASSPHRASE, NOW_S)
    made = stranger.issue("box-1", (), 90, PASSPHRASE, NOW_S, events_key=KEY)
    (offices.boxes / "box-1.pem").write_bytes(made.certificate)
    (offices.boxes / "junk.pem").write_bytes(b"junk")
    with caplog.at_level(logging.WARNING):
        assert offices.enrolment().of("box-1") == ()
    assert caplog.text.count("enrols nobody") == 2


def test_a_list_of_another_authority_is_refused(offices: Offices, tmp_path: Path) -> None:
    Authority.found(tmp_path / "other", "City", 3650, PASSPHRASE, NOW_S)
    with pytest.raises(ConfigError, match="not signed by the authority"):
        Enrolment(offices.ca, offices.boxes, tmp_path / "other" / "crl.pem")


def test_a_folder_that_is_not_there_is_told(offices: Offices, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="none cannot be read"):
        Enrolment(offices.ca, tmp_path / "none", None)


def test_a_new_certificate_and_a_revocation_count_without_a_restart(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "LOOK_EVERY_S", 0.0)
    found = offices.enrolment()
    assert found.of("box-1") == ()
    offices.enrol("box-1", KEY)
    assert found.of("box-1") == (KEY,)
    offices.authority.revoke("box-1", "stolen", PASSPHRASE, NOW_S)
    assert found.of("box-1") == ()


def test_keys_stay_while_the_folder_is_away(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolment, "LOOK_EVERY_S", 0.0)
    offices.enrol("box-1", KEY)
    found = offices.enrolment()
    offices.boxes.rename(offices.boxes.with_name("elsewhere"))
    assert found.of("box-1") == (KEY,)


def test_the_key_of_a_box_is_made_once(tmp_path: Path) -> None:
    one = Ed25519Signer.kept(tmp_path / "events.key")
    assert Ed25519Signer.kept(tmp_path / "events.key").key == one.key
    assert (tmp_path / "events.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["events.key"]


def test_a_key_of_a_request_that_is_none_is_not_taken(tmp_path: Path) -> None:
    key = certificates.fresh_key()
    (tmp_path / "a.csr").write_bytes(certificates.request(key, certificates.Subject("box-1", (), b"short")))
    assert certificates.read_request(tmp_path / "a.csr")[2] == b""
