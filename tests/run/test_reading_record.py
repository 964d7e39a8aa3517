"""Who reads a box's own record: people of the policy with that right, each by name, and every refusal."""

import json
import shutil
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.policy_memory import PolicyMemory
from edge.config.load import load
from edge.run import verb_audit
from edge.run.wiring import auditing
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError, RefusedError
from edge.values.refusal import Refusal
from tests.fakes.box import Box
from tests.invariants.access import NAMES, Manned, manned

READERS = ("officer", "guardian", "auditor")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Manned:
    return manned(tmp_path_factory.mktemp("place"))


def record(place: Manned) -> Path:
    return place.box.folder / "var" / "audit"


@pytest.mark.parametrize("name", READERS)
def test_who_may_reads_it_and_stands_in_it(
    place: Manned, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_audit.show(record(place), None, as_json=True, key=place.key_file(name))
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(shown) == len(place.log)
    assert (shown[-1]["actor"], shown[-1]["action"]) == (name, "read"), "the look itself is shown"


@pytest.mark.parametrize("name", sorted(set(NAMES.values()) - set(READERS)))
def test_nobody_of_the_operator_reads_it_and_that_they_tried_is_in_it(
    place: Manned, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RefusedError, match=f"{name} is .*read-audit") as refused:
        verb_audit.show(record(place), 1, as_json=True, key=place.key_file(name))
    assert refused.value.reason is Refusal.NO_RIGHT
    assert capsys.readouterr().out == ""
    last = place.log[-1]
    assert (last.actor, last.action, last.subject) == (name, Action.DENIED, "read-audit")
    assert last.words == "role-not-allowed"


def test_without_a_key_or_with_a_strangers_nothing_is_shown(
    place: Manned, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Ed25519Signer.fresh().write(tmp_path / "stranger.key")
    for key, told in ((None, "give --key FILE"), (tmp_path / "stranger.key", "nobody in policy version 1")):
        before = len(place.log)
        with pytest.raises(RefusedError, match=told):
            verb_audit.show(record(place), None, as_json=False, key=key)
        (last,) = place.log[before:]
        assert (last.actor, last.action, last.words) == ("nobody", Action.DENIED, "person-unknown")
    with pytest.raises(ConfigError, match="cannot be read"):
        verb_audit.show(record(place), None, as_json=False, key=tmp_path / "no.key")
    assert capsys.readouterr().out == ""


def test_a_lost_policy_shows_the_record_to_nobody(place: Manned) -> None:
    kept = PolicyMemory(load(place.box.config).data_dir).path
    away = kept.with_suffix(".away")
    kept.rename(away)
    try:
        with pytest.raises(PolicyError, match="read a copy of the record"):
            verb_audit.show(record(place), None, as_json=False, key=place.key_file("auditor"))
    finally:
        away.rename(kept)


def test_a_copy_is_read_by_whoever_has_it(
    place: Manned, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(record(place), tmp_path / "copy", ignore=lambda *_: {"key.pem"})
    before = len(place.log)
    verb_audit.show(tmp_path / "copy", None, as_json=True)
    assert len(capsys.readouterr().out.splitlines()) == before == len(place.log)


def test_a_box_without_a_policy_of_the_state_is_read_by_its_own_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = load(Box(tmp_path / "bare").config)
    auditing.audit_of(node).close()
    verb_audit.show(auditing.folder_of(node), None, as_json=True)
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert shown["action"] == "read"
    assert shown["actor"].startswith("user ")
