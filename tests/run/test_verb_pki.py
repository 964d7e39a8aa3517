"""`pki` as it is used: what is written, what is said, and what is refused before anything is."""

import json
import stat
from pathlib import Path

import pytest

from edge.config.load import load
from edge.run import check_broker, verb_access, verb_pki
from edge.run.verb_pki import Passphrase
from edge.run.wiring import pki, signing
from edge.values.certificate import DAY_S
from edge.values.errors import ConfigError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "deploy" / "mosquitto" / "fleet.example.yaml"


@pytest.fixture
def secret(tmp_path: Path) -> Passphrase:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery staple\n")
    return Passphrase("", file)


@pytest.fixture
def ca(tmp_path: Path, secret: Passphrase) -> Path:
    verb_pki.init(tmp_path / "ca", "City", 10, secret)
    return tmp_path / "ca"


def rows(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    verb_pki.show(path, as_json=True)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_is_issued_is_for_its_owner_and_is_shown(
    ca: Path, secret: Passphrase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_pki.issue(ca, "box-17", (), 90, tmp_path, secret)
    assert stat.S_IMODE((tmp_path / "box-17.key").stat().st_mode) == 0o600
    own, box = rows(ca, capsys)
    assert (own["name"], box["name"], box["standing"]) == ("City", "box-17", "good")
    assert box["days_left"] in (89, 90)
    verb_pki.revoke(ca, "box-17", "stolen", secret)
    assert "pki probe" in capsys.readouterr().out
    assert rows(ca, capsys)[1]["standing"] == "revoked"


def test_a_file_that_is_there_stops_an_issue_before_it_is_entered(
    ca: Path, secret: Passphrase, tmp_path: Path
) -> None:
    (tmp_path / "box-17.key").write_text("another key")
    with pytest.raises(ConfigError, match="is there already"):
        verb_pki.issue(ca, "box-17", (), 90, tmp_path, secret)
    assert pki.authority(ca).issued() == ()


def test_a_key_made_on_the_box_gets_its_certificate_and_its_next(
    ca: Path, secret: Passphrase, tmp_path: Path
) -> None:
    verb_pki.csr("box-17", tmp_path / "box", None)
    verb_pki.sign(ca, tmp_path / "box" / "box-17.csr", (), 90, tmp_path / "box", secret, again=False)
    verb_pki.csr("box-17", tmp_path / "next", None)
    with pytest.raises(ConfigError, match="has a good certificate already"):
        verb_pki.sign(ca, tmp_path / "next" / "box-17.csr", (), 90, tmp_path / "next", secret, again=False)
    verb_pki.sign(ca, tmp_path / "next" / "box-17.csr", (), 90, tmp_path / "next", secret, again=True)
    assert len(pki.authority(ca).issued()) == 2


def test_only_who_is_due_is_rotated_and_keeps_its_hosts(
    ca: Path, secret: Passphrase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago_s = pki.now_s() - 70 * DAY_S
    pki.authority(ca).issue("broker-a", ("10.0.0.1",), 90, secret.read(), long_ago_s)
    pki.authority(ca).issue("box-17", (), 90, secret.read(), pki.now_s())
    verb_pki.rotate(ca, (), 90, tmp_path / "next", secret, early=False)
    assert {each.name for each in (tmp_path / "next").iterdir()} == {"broker-a.pem", "broker-a.key"}
    assert pki.read(tmp_path / "next" / "broker-a.pem").hosts == ("10.0.0.1",)
    capsys.readouterr()
    verb_pki.rotate(ca, (), 90, tmp_path / "next", secret, early=False)
    assert "nothing is due" in capsys.readouterr().out
    with pytest.raises(ConfigError, match="box-18 has no certificate to rotate"):
        verb_pki.rotate(ca, ("box-18",), 90, tmp_path / "next", secret, early=False)


def test_without_terminal_or_file_nothing_hangs_and_the_options_are_told(ca: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--passphrase-file"):
        verb_pki.issue(ca, "box-17", (), 90, tmp_path, Passphrase("", None))


@pytest.mark.parametrize(("age_days", "verdict", "status"), [(0, "ok", 0), (70, "warn", 0), (91, "fail", 6)])
def test_check_says_how_long_the_certificate_is_good(
    ca: Path, secret: Passphrase, tmp_path: Path, age_days: int, verdict: str, status: int
) -> None:
    made = pki.authority(ca).issue("box-17", (), 90, secret.read(), pki.now_s() - age_days * DAY_S)
    (finding,) = check_broker.certificate(pki.put(tmp_path, "box-17", made.certificate, None, over=False))
    assert (finding.verdict, finding.exit_code) == (verdict, status)
    assert "box-17" in finding.found


@pytest.mark.process
def test_a_broker_can_read_what_is_written_for_it(tmp_path: Path) -> None:
    verb_access.acl(EXAMPLE, tmp_path / "out")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "out").iterdir()}
    assert modes == {"access": 0o644, "mosquitto.conf": 0o644}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755


@pytest.mark.process
def test_nothing_is_written_that_did_not_stand_its_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = verb_access.access.access_file
    lax = lambda fleet: real(fleet).replace("user duty-north\n", "user duty-north\ntopic read #\n")  # noqa: E731
    monkeypatch.setattr(verb_access.access, "access_file", lax)
    with pytest.raises(ConfigError, match=r"duty-north can read .*/box-17/event/x/x, and must not"):
        verb_access.acl(EXAMPLE, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def box_file(tmp_path: Path) -> Path:
    """The configuration of a box that speaks to a broker with its certificate."""
    file = tmp_path / "box-17.yaml"
    broker = "{urls: ['mqtts://b:8883'], ca_file: ca/ca.pem, cert_file: box-17.pem, key_file: box-17.key}"
    file.write_text(
        f"node: box-17\nregion: north\ndata_dir: var\nbroker: {broker}\n"
        "cameras: [{id: plaza, source: plaza.mp4}]\n"
    )
    return file


def enrolment(file: Path) -> tuple[str, str, str]:
    """What `check` finds: the verdict, what it found, and its advice."""
    found = [each for each in check_broker.of_certificate(load(file)) if each.part == "enrolment"]
    return found[0].verdict, found[0].found, found[0].advice


def test_a_certificate_that_enrols_nobody_says_so_when_it_is_made_and_when_it_is_checked(
    ca: Path, secret: Passphrase, tmp_path: Path, box_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_pki.issue(ca, "box-17", (), 90, tmp_path, secret)
    assert "enrols nobody" in capsys.readouterr().out
    verdict, found, advice = enrolment(box_file)
    assert (verdict, found) == ("warn", "the certificate names no key for signing")
    assert "pki csr box-17 --config FILE" in advice
    assert not (tmp_path / "var").exists()  # who only looks makes no key
    verb_pki.issue(ca, "broker-a", ("broker-a.city",), 90, tmp_path, secret)
    assert "enrols nobody" not in capsys.readouterr().out


def test_a_box_on_this_machine_is_enrolled_by_its_configuration(
    ca: Path, secret: Passphrase, tmp_path: Path, box_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_pki.issue(ca, "box-17", (), 90, tmp_path, secret, box_file)
    assert "a copy at the centre enrols it" in capsys.readouterr().out
    assert enrolment(box_file)[0] == "ok"
    (tmp_path / "var" / "events.key").unlink()
    assert enrolment(box_file)[:2] == ("fail", "the certificate names a key that is not on this box")
    signing.events_key(tmp_path / "var")  # a new disk, a new key
    assert enrolment(box_file)[:2] == ("fail", "the certificate names another key than the box's own")
    with pytest.raises(ConfigError, match=r"is of box-17, and the certificate is for box-18"):
        verb_pki.issue(ca, "box-18", (), 90, tmp_path, secret, box_file)


def test_a_request_of_a_box_names_the_key_that_signs_its_events(
    ca: Path, secret: Passphrase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "node.yaml"
    config.write_text(
        "node: box-17\nregion: north\nbroker: embedded\ncameras: [{id: plaza, source: plaza.mp4}]\n"
    )
    with pytest.raises(ConfigError, match=r"is of box-17, and the certificate is for box-18"):
        verb_pki.csr("box-18", tmp_path / "box", config)
    verb_pki.csr("box-17", tmp_path / "box", config)
    verb_pki.sign(ca, tmp_path / "box" / "box-17.csr", (), 90, tmp_path / "out", secret, again=False)
    assert "names the key with which box-17 signs" in capsys.readouterr().out
    verb_pki.show(tmp_path / "out" / "box-17.pem", as_json=True)
    key = json.loads(capsys.readouterr().out)["events_key"]
    assert len(key) == 64
    verb_pki.rotate(ca, ("box-17",), 90, tmp_path / "next", secret, early=True)
    capsys.readouterr()
    verb_pki.show(tmp_path / "next" / "box-17.pem", as_json=True)
    assert json.loads(capsys.readouterr().out)["events_key"] == key


def test_a_fusion_with_ears_gets_both_certificates_and_its_ears_sign_nothing(
    ca: Path, secret: Passphrase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "fusion.yaml"
    config.write_text((ROOT / "configs" / "fusion.example.yaml").read_text())
    verb_pki.csr("fusion-1", tmp_path / "own", config)
    for name, signs in (("fusion-1", True), ("fusion-1-ears", False)):
        verb_pki.sign(ca, tmp_path / "own" / f"{name}.csr", (), 90, tmp_path / "out", secret, again=False)
        capsys.readouterr()
        verb_pki.show(tmp_path / "out" / f"{name}.pem", as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["name"], bool(told["events_key"])) == (name, signs)


def test_a_file_of_the_ears_that_is_there_stops_an_issue_before_anybody_gets_one(
    ca: Path, secret: Passphrase, tmp_path: Path
) -> None:
    config = tmp_path / "fusion.yaml"
    config.write_text((ROOT / "configs" / "fusion.example.yaml").read_text())
    (tmp_path / "fusion-1-ears.pem").touch()
    with pytest.raises(ConfigError, match=r"fusion-1-ears.pem is there already"):
        verb_pki.issue(ca, "fusion-1", (), 90, tmp_path, secret, config)
    assert not (tmp_path / "fusion-1.pem").exists()


@pytest.mark.process
def test_a_fusion_without_ears_is_told_when_its_broker_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet = tmp_path / "fleet.yaml"
    lines = EXAMPLE.read_text().splitlines(keepends=True)
    fleet.write_text("".join(line for line in lines if "fusion-1-ears" not in line))
    verb_access.acl(fleet, tmp_path / "out")
    assert "fusion-1 has no ears" in capsys.readouterr().out
    verb_access.acl(EXAMPLE, tmp_path / "out")
    assert "has no ears" not in capsys.readouterr().out
