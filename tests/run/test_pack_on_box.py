"""Footage released, opened and packed on its box: the package tells where its pictures came from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyrage
import pytest

from edge.audit.head import verifier_key
from edge.config.load import load
from edge.run import evidence, verb_export
from edge.run.release import released_for
from edge.run.verb_export import Packing
from edge.run.wiring import auditing
from edge.run.wiring.exporting import read_request
from edge.values.audit import Action
from edge.values.errors import AuditError, ConfigError, RefusedError
from edge.values.refusal import Refusal
from edge.values.segment import SegmentId
from tests.run.test_export import repacked, unsealed_with
from tests.run.test_share import CASE, NEXT, SLOT, Street, street

__all__ = ["street"]

COURT = pyrage.x25519.Identity.generate()
RECIPIENT = str(COURT.to_public())
WEIGHTS = "ab" * 32


def opened(street: Street, **changes: Any) -> tuple[Path, list[Path]]:
    request = street.request(original=True, recipient=RECIPIENT, **changes)
    out = street.open(street.sealed(SegmentId(SLOT, 0), SegmentId(SLOT, 1)), request, street.share(request))
    return request, sorted(out.glob("*.mp4"))


def pack(street: Street, request: Path, footage: list[Path], name: str = "case.evidence") -> Path:
    package = street.folder / name
    job = Packing(
        package, request, street.state.file, None, street.box.config, street.key("guardian"), footage
    )
    verb_export.pack(job)
    return package


def manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(files[evidence.MANIFEST])
    return said


def test_the_whole_way_on_the_box(street: Street, capsys: pytest.CaptureFixture[str]) -> None:
    request, footage = opened(street)
    package = pack(street, request, footage)
    last = street.log[-1]
    assert (last.actor, last.action, last.case) == ("guardian", Action.EXPORTED, CASE)
    assert last.subject == read_request(request).request.sha256()
    files = unsealed_with(COURT, package)
    (first, _) = (each for each in manifest(files)["files"] if each["name"].startswith("footage/"))
    told = json.loads((street.folder / "opened" / f"{SLOT}.0000.mp4.json").read_bytes())
    assert first["sha256"] == told.pop("sha256")
    assert first["origin"] == told
    proven = [json.loads(json.loads(each)["line"])["action"] for each in files[evidence.AUDIT].splitlines()]
    assert proven == ["export-requested", "export-approved", "key-released", "exported"]
    capsys.readouterr()
    key = verifier_key(*auditing.told_key(street.box.folder / "var" / "audit"))
    plain = repacked(street.folder / "plain.tar", files)
    verb_export.verify(plain, None, street.state.policy["roots"], key, as_json=True)
    assert json.loads(capsys.readouterr().out)["clocks"] == "2 synced"


def test_the_model_is_told_where_the_log_knows_it(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last that was accepted before the segment began."""
    request, footage = opened(street)
    assert "model_sha256" not in _origin(street, request, footage)
    with auditing.journal(_node(street), "watch") as pen:
        pen.note(Action.MODEL_ACCEPTED, WEIGHTS, "model late")  # now, years after the segment
    assert "model_sha256" not in _origin(street, request, footage)
    monkeypatch.setattr("edge.run.wiring.packing.rfc3339", lambda _: "2023-11-14T22:19:00Z")
    assert _origin(street, request, footage)["model_sha256"] == WEIGHTS


def _origin(street: Street, request: Path, footage: list[Path]) -> dict[str, str]:
    package = pack(street, request, footage[:1])
    (told,) = (
        e for e in manifest(unsealed_with(COURT, package))["files"] if e["name"].startswith("footage/")
    )
    package.unlink()
    origin: dict[str, str] = told["origin"]
    return origin


def _node(street: Street) -> Any:
    return load(street.box.config)


def test_a_refusal_on_the_box_is_on_record_and_leaves_no_package(street: Street) -> None:
    _, footage = opened(street)
    redacted = street.request(recipient=RECIPIENT, name="redacted.json")
    street.share(redacted, name="second.age")
    with pytest.raises(RefusedError, match="not for original pictures"):
        pack(street, redacted, footage)
    last = street.log[-1]
    assert (last.action, last.words) == (Action.DENIED, Refusal.NO_ORIGINALS)
    assert not (street.folder / "case.evidence").exists()


def test_pictures_are_held_to_what_was_written_beside_them(street: Street) -> None:
    request, footage = opened(street)
    footage[0].write_bytes(b"another picture")
    with pytest.raises(ConfigError, match="is not what was opened"):
        pack(street, request, footage)
    footage[0].with_name(footage[0].name + ".json").write_text("{}")
    with pytest.raises(ConfigError, match="wanted what `footage open` wrote"):
        pack(street, request, footage)


def test_a_picture_of_a_slot_that_was_not_released_is_seen(street: Street) -> None:
    request, footage = opened(street)
    files = unsealed_with(COURT, pack(street, request, footage))
    said = manifest(files)
    name = next(each for each in said["files"] if "origin" in each)
    name["origin"]["segment"] = f"{NEXT}.0000"
    raw = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    value = street.state.office.keys["guardian"].sign(evidence.to_sign(raw))
    forged = files | {evidence.MANIFEST: raw, evidence.SIGNATURE: evidence.signature("guardian", value)}
    with pytest.raises(AuditError, match=f"the key of slot {NEXT} was not released"):
        verb_export.verify(repacked(street.folder / "forged.tar", forged), None, "", "", as_json=False)


def test_a_release_is_of_one_request(street: Street) -> None:
    request, _ = opened(street)
    entry = next(each for each in street.log if each.action is Action.KEY_RELEASED)
    assert released_for(entry, read_request(request).request.sha256())
    assert not released_for(entry, "0" * 64)
    assert not released_for(street.log[-2], read_request(request).request.sha256())
