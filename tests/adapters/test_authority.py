"""A city's authority: who gets a certificate, what is written down, and what never shows."""

import base64
import json
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import CertificateSigningRequestBuilder, Name, NameAttribute
from cryptography.x509.oid import NameOID

from edge.adapters import certificates
from edge.adapters.authority import BACKDATED_S, Authority
from edge.values.certificate import DAY_S, Life
from edge.values.errors import ConfigError, StorageError

PASSPHRASE = "correct horse battery staple"
NOW_S = 1_790_000_000


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.found(tmp_path / "ca", "City", 3650, PASSPHRASE, NOW_S)


def openssl_says(folder: Path, certificate: bytes, at_s: int) -> str:
    (folder / "one.pem").write_bytes(certificate)
    files = ("-CAfile", "ca/ca.pem", "-CRLfile", "ca/crl.pem", "-crl_check", "-x509_strict")
    command = ["openssl", "verify", *files, "-attime", str(at_s), "one.pem"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_what_is_issued_is_believed_by_openssl_until_it_is_revoked(
    authority: Authority, tmp_path: Path
) -> None:
    made = authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    assert "OK" in openssl_says(tmp_path, made.certificate, NOW_S + DAY_S)
    assert "expired" in openssl_says(tmp_path, made.certificate, NOW_S + 91 * DAY_S)
    authority.revoke("box-1", "stolen", PASSPHRASE, NOW_S + 1)
    assert "revoked" in openssl_says(tmp_path, made.certificate, NOW_S + DAY_S)


def test_every_issue_and_every_revocation_is_in_the_index(authority: Authority, tmp_path: Path) -> None:
    authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    authority.issue("broker-a", ("10.0.0.1", "broker-a.city.example"), 30, PASSPHRASE, NOW_S)
    authority.revoke("box-1", "stolen", PASSPHRASE, NOW_S + 5)
    box, broker = Authority(tmp_path / "ca").issued()
    assert (box.certificate.name, box.revoked_s) == ("box-1", NOW_S + 5)
    assert broker.certificate.life == Life(NOW_S - BACKDATED_S, NOW_S + 30 * DAY_S)
    assert set(broker.certificate.hosts) == {"10.0.0.1", "broker-a.city.example"}
    lines = [json.loads(line) for line in (tmp_path / "ca" / "index.jsonl").read_text().splitlines()]
    assert [line["act"] for line in lines] == ["issued", "issued", "revoked"]


def test_the_key_that_signs_events_is_taken_from_a_request_and_kept_at_a_rotation(
    authority: Authority, tmp_path: Path
) -> None:
    key, events_key = certificates.fresh_key(), bytes(range(32))
    (tmp_path / "a.csr").write_bytes(certificates.request(key, certificates.Subject("box-1", (), events_key)))
    _, made = authority.sign(tmp_path / "a.csr", (), 90, PASSPHRASE, NOW_S)
    (tmp_path / "box-1.pem").write_bytes(made)
    assert certificates.read(tmp_path / "box-1.pem").events_key == events_key
    assert certificates.read(tmp_path / "box-1.pem").hosts == ()
    (issued,) = authority.issued()
    assert issued.certificate.events_key == events_key
    assert "OK" in openssl_says(tmp_path, made, NOW_S + DAY_S)


def test_a_broker_signs_no_events(authority: Authority) -> None:
    with pytest.raises(ConfigError, match="signs no events"):
        authority.issue("broker-a", ("10.0.0.1",), 90, PASSPHRASE, NOW_S, events_key=bytes(32))


def test_a_damaged_index_is_an_error_with_its_line(authority: Authority, tmp_path: Path) -> None:
    authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    with (tmp_path / "ca" / "index.jsonl").open("a") as file:
        file.write('{"act": "revoked", "serial": "ff", "at": "2026-01-01T00:00:00Z"}\n')
    with pytest.raises(StorageError, match=r"index\.jsonl:2"):
        authority.issued()


def test_the_key_is_for_its_owner_and_under_the_passphrase(authority: Authority, tmp_path: Path) -> None:
    key = tmp_path / "ca" / "ca.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    with pytest.raises(ConfigError, match="does not fit") as refused:
        authority.issue("box-1", (), 90, "another passphrase", NOW_S)
    assert "another" not in str(refused.value)
    assert authority.issued() == ()


def test_a_key_that_is_not_the_one_of_the_certificate_beside_it_signs_nothing(
    authority: Authority, tmp_path: Path
) -> None:
    Authority.found(tmp_path / "other", "Other", 3650, PASSPHRASE, NOW_S)
    (tmp_path / "ca" / "ca.key").write_bytes((tmp_path / "other" / "ca.key").read_bytes())
    with pytest.raises(ConfigError, match=r"this key is not the one of ca\.pem"):
        authority.issue("box-9", (), 90, PASSPHRASE, NOW_S)


def test_a_key_does_not_show(authority: Authority) -> None:
    made = authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    assert "PRIVATE" not in repr(made)


@pytest.mark.parametrize("name", ["", "Box", "box 1", "box/1", "+", "#", "a" * 41, "box-1\nuser x"])
def test_a_name_that_is_no_level_of_a_topic_gets_nothing(authority: Authority, name: str) -> None:
    with pytest.raises(ConfigError, match="a name wants"):
        authority.issue(name, (), 90, PASSPHRASE, NOW_S)


def test_a_name_has_one_good_certificate_and_its_next(authority: Authority) -> None:
    authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    with pytest.raises(ConfigError, match="has a good certificate already"):
        authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    authority.issue("box-1", (), 90, PASSPHRASE, NOW_S, again=True)
    assert len(authority.revoke("box-1", "stolen", PASSPHRASE, NOW_S)) == 2
    authority.issue("box-1", (), 90, PASSPHRASE, NOW_S)
    with pytest.raises(ConfigError, match="issued to: box-1"):
        authority.revoke("box-2", "stolen", PASSPHRASE, NOW_S)


def test_nothing_outlives_the_authority(authority: Authority) -> None:
    with pytest.raises(ConfigError, match="outlive the authority by 1 day"):
        authority.issue("box-1", (), 3651, PASSPHRASE, NOW_S)


def test_a_short_passphrase_and_a_second_authority_are_refused(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="12 characters"):
        Authority.found(tmp_path / "other", "City", 3650, "short", NOW_S)
    with pytest.raises(ConfigError, match="is there already"):
        Authority.found(tmp_path / "ca", "City", 3650, PASSPHRASE, NOW_S)


def test_a_request_gets_a_certificate_for_its_own_key(authority: Authority, tmp_path: Path) -> None:
    key = certificates.fresh_key()
    (tmp_path / "box-2.csr").write_bytes(certificates.request(key, certificates.Subject("box-2")))
    name, made = authority.sign(tmp_path / "box-2.csr", (), 90, PASSPHRASE, NOW_S)
    assert name == "box-2"
    assert "OK" in openssl_says(tmp_path, made, NOW_S + DAY_S)
    assert certificates.read_x509(tmp_path / "one.pem").public_key() == key.public_key()


def test_a_request_that_its_key_did_not_sign_gets_nothing(authority: Authority, tmp_path: Path) -> None:
    head, *body, tail = (
        certificates.request(certificates.fresh_key(), certificates.Subject("box-2")).decode().splitlines()
    )
    forged = base64.b64decode("".join(body)).replace(b"box-2", b"box-3")
    csr = tmp_path / "box-3.csr"
    csr.write_text(f"{head}\n{base64.encodebytes(forged).decode()}{tail}\n")
    with pytest.raises(ConfigError, match="not signed by the key in it"):
        authority.sign(csr, (), 90, PASSPHRASE, NOW_S)


def test_a_request_with_a_key_of_another_sort_gets_nothing(authority: Authority, tmp_path: Path) -> None:
    key = rsa.generate_private_key(65_537, 2048)
    subject = Name([NameAttribute(NameOID.COMMON_NAME, "box-2")])
    made = CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    (tmp_path / "box-2.csr").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(ConfigError, match=r"wanted a key of P-256"):
        authority.sign(tmp_path / "box-2.csr", (), 90, PASSPHRASE, NOW_S)


def test_each_list_of_revoked_ones_is_newer_than_the_last(authority: Authority, tmp_path: Path) -> None:
    made = []
    for name in ("box-1", "box-2"):
        authority.issue(name, (), 90, PASSPHRASE, NOW_S)
        authority.revoke(name, "stolen", PASSPHRASE, NOW_S)  # within the same second
        made.append(certificates.updated_s((tmp_path / "ca" / "crl.pem").read_bytes()))
    assert NOW_S - BACKDATED_S < made[0] < made[1] < NOW_S


@pytest.mark.parametrize(
    ("now_s", "standing"),
    [
        (-1, "early"),
        (0, "good"),
        (59, "good"),
        (60, "due"),
        (90, "expired"),
    ],
)
def test_a_certificate_is_due_when_two_thirds_of_its_life_are_over(now_s: int, standing: str) -> None:
    assert Life(0, 90).standing(now_s) == standing
