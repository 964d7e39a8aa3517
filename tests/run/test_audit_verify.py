"""The verb `audit verify` as an auditor calls it: a witness's file, the box's own heads, a key."""

import json
from pathlib import Path

import pytest

from edge.adapters.audit_log import HEADS, KEPT_EVERY, LOG
from edge.audit.head import SignedHead, verifier_key
from edge.privacy import Origin
from edge.privacy.reports import AuditHead, audit_head
from edge.run import verb_audit
from edge.run.wiring import auditing
from edge.values.errors import AuditError, ConfigError
from tests.adapters.test_audit_log import forged, rechained, rows, written
from tests.fakes.clock import FakeClock


def rolled_back(folder: Path) -> list[SignedHead]:
    """The disk of an hour ago, put back whole; what a witness kept before and since."""
    kept = written(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    kept += written(folder, 10)
    for path in folder.iterdir():
        path.write_bytes(before.get(path.name, b""))
    return kept


def notes(file: Path, heads: list[SignedHead]) -> Path:
    file.write_bytes(b"".join(each.note() for each in heads))
    return file


def test_a_disk_that_was_rolled_back_is_found_with_the_witnesss_file_and_not_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = rolled_back(tmp_path / "audit")
    verb_audit.verify(tmp_path / "audit", None, "", as_json=False)
    assert "not compared with a witness" in capsys.readouterr().out
    with pytest.raises(AuditError, match="entry 21 is missing: the witness kept a head over 22 entries"):
        verb_audit.verify(tmp_path / "audit", notes(tmp_path / "heads", kept), "", as_json=False)


def test_what_audit_head_prints_day_by_day_is_a_witness(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, said = tmp_path / "audit", tmp_path / "heads"
    for _ in range(2):
        written(folder, 3)
        verb_audit.head(folder)
    said.write_text(capsys.readouterr().out)
    verb_audit.verify(folder, said, "", as_json=False)
    assert "3 heads compared" in capsys.readouterr().out
    (folder / LOG).write_bytes(b"".join(rows(folder)[:4]))
    with pytest.raises(AuditError, match="entry 4 is missing"):
        verb_audit.verify(folder, said, "", as_json=False)


def messages(file: Path, heads: list[SignedHead], key: bytes) -> Path:
    """What a subscriber wrote down of the node: one message a line, and other things among them."""
    origin, now = Origin("north", "a"), FakeClock().now()
    told = [AuditHead(each.head.size, each.head.root, key, each.signature) for each in heads]
    bodies = [json.loads(audit_head(origin, each, now).body) for each in told]
    lines = [json.dumps(body | {"boot": "b", "sequence": f"{at:020d}"}) for at, body in enumerate(bodies)]
    file.write_text("\n".join(['{"type": "safecity.camera.state.v1"}', *lines]) + "\n")
    return file


def test_what_a_subscriber_kept_of_the_nodes_messages_is_a_witness_too(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    kept = rolled_back(folder)
    file = messages(tmp_path / "heads.jsonl", kept, auditing.told_key(folder)[1])
    with pytest.raises(AuditError, match="entry 21 is missing: the witness kept a head over 22 entries"):
        verb_audit.verify(folder, file, "", as_json=False)
    file.write_text('{"type": "safecity.audit.head.v1"}\n')
    with pytest.raises(ConfigError, match="wanted heads, or messages one a line"):
        verb_audit.verify(folder, file, "", as_json=False)


def test_the_boxs_own_earlier_heads_find_what_was_written_anew(tmp_path: Path) -> None:
    """Who has the key and forgets the earlier heads is found by them, without any witness."""
    folder = tmp_path / "audit"
    written(folder, 2 * KEPT_EVERY)
    earlier = (folder / HEADS).read_bytes()
    changed = rows(folder)
    changed[3] = changed[3].replace(b"slot-", b"slut-")
    forged(folder, changed)
    verb_audit.verify(folder, None, "", as_json=False)
    (folder / HEADS).write_bytes(earlier)
    with pytest.raises(AuditError, match="is another: the box kept a head"):
        verb_audit.verify(folder, None, "", as_json=False)


def test_the_key_that_an_auditor_was_told_is_believed_and_not_the_logs_own(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    written(folder)
    own = verifier_key(*auditing.told_key(folder))
    verb_audit.verify(folder, None, own, as_json=False)
    written(tmp_path / "other")
    other = verifier_key(*auditing.told_key(tmp_path / "other"))
    assert other != own
    with pytest.raises(AuditError, match="is not signed by the log's key"):
        verb_audit.verify(folder, None, other, as_json=False)


def test_what_somebody_without_the_key_adds_is_told_as_under_no_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "audit"
    written(folder)
    verb_audit.verify(folder, None, "", as_json=False)
    assert "under no signed head" not in capsys.readouterr().out
    whole = rows(folder)
    (folder / LOG).write_bytes(b"".join(rechained([*whole, whole[5], whole[6]])))
    verb_audit.verify(folder, None, "", as_json=False)
    assert "the last 2 entries are under no signed head" in capsys.readouterr().out
    verb_audit.verify(folder, None, "", as_json=True)
    assert json.loads(capsys.readouterr().out)["unsigned"] == 2


def test_a_cut_and_an_edit_are_found_by_the_verb_and_named_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "audit"
    written(folder)
    whole = rows(folder)
    for changed, first in (
        (whole[:9], 9),
        ([*whole[:4], whole[4].replace(b"slot-", b"slut-"), *whole[5:]], 4),
    ):
        (folder / LOG).write_bytes(b"".join(changed))
        with pytest.raises(AuditError, match=f"entry {first} "):
            verb_audit.verify(folder, None, "", as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["fits"], told["first"]) == (False, first)
