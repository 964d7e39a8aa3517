"""A box judges its policy before anything starts, and remembers the last one."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.config import policy as files
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance import plain
from edge.governance.rights import Action
from edge.run import verb_policy
from edge.run.parts import check_permitted
from edge.run.wiring import auditing, governing, standing
from edge.values.errors import ConfigError, ModelError, PolicyError, RefusedError, StorageError
from tests.config.test_load import GOOD
from tests.fakes.audit import MemoryAudit
from tests.fakes.cards import tiny_card
from tests.fakes.policies import Office

Writes = Callable[..., NodeSpec]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


@pytest.fixture
def box(tmp_path: Path, office: Office) -> Writes:
    """Writes a policy, has it signed by these people, and loads the configuration of one and the same box."""
    file, config = tmp_path / "policy.yaml", tmp_path / "node.yaml"

    def written(*signers: str, **changes: str) -> NodeSpec:
        office.write(file, **changes)
        for name in signers:
            verb_policy.sign(file, office.key_file(name))
        roots = plain.roots_sha256(files.load(file).policy)
        if not config.exists():
            config.write_text(f"{GOOD}policy: {{file: policy.yaml, roots: {roots}}}\n")
        return load(config)

    return written


def remember(node: NodeSpec) -> None:
    with auditing.journal(node, "run") as journal:
        governing.admit_and_remember(node, journal.audit)


def test_an_unsigned_policy_is_refused_and_two_signatures_make_it_good(box: Writes) -> None:
    with pytest.raises(PolicyError, match="wanted 2 of the signatures of officer, guardian, auditor"):
        remember(box())
    with pytest.raises(PolicyError, match="got officer"):
        remember(box("officer"))
    remember(box("officer", "auditor"))


def test_signing_again_after_a_change_drops_the_old_signatures(box: Writes, tmp_path: Path) -> None:
    box("officer", "auditor")
    box("guardian", version="2")
    told = json.loads((tmp_path / "policy.yaml.sig").read_text())
    assert [each["signer"] for each in told["signatures"]] == ["guardian"]


def test_no_older_policy_comes_back(box: Writes) -> None:
    remember(box("officer", "auditor"))
    remember(box("guardian", version="2", hours="24"))
    governing.admit(box("guardian", version="2", hours="24"))
    with pytest.raises(PolicyError, match="wanted 2 or newer, got 1"):
        remember(box("officer", "auditor", "guardian"))


def test_a_deleted_or_changed_memory_does_not_bring_an_older_policy_back(box: Writes) -> None:
    node = box("officer", "auditor", version="5")
    remember(node)
    memory = node.data_dir / "policy" / "accepted.yaml"
    memory.write_text(memory.read_text().replace("hours: 72", "hours: 7200"))
    with pytest.raises(PolicyError, match="the policy before it is lost"):
        remember(box("officer", version="6", hours="7200"))
    memory.unlink()
    with pytest.raises(PolicyError, match="wanted 5 or newer, got 4"):
        remember(box("officer", "auditor", "guardian", version="4"))
    remember(box("officer", version="5"))
    assert memory.exists(), "the same policy is kept again"


def test_what_is_accepted_is_in_the_record_before_it_holds(box: Writes) -> None:
    node = box("officer", "auditor")
    audit = MemoryAudit()
    audit.full = True
    with pytest.raises(StorageError):
        governing.admit_and_remember(node, audit)
    assert governing.remembered(node) is None
    audit.full = False
    governing.admit_and_remember(node, audit)
    assert [entry.subject for entry in audit.entries] == [node.policy_sha256]


def test_one_person_cannot_take_the_box_back_to_more_footage(box: Writes) -> None:
    remember(box("officer", "auditor"))
    with pytest.raises(PolicyError, match="it loosens retention"):
        remember(box("officer", version="2", hours="73"))
    remember(box("officer", "guardian", version="2", hours="73"))


def test_a_box_that_had_a_policy_does_not_run_without_one(box: Writes, tmp_path: Path) -> None:
    remember(box("officer", "auditor"))
    (tmp_path / "node.yaml").write_text(GOOD)
    with pytest.raises(PolicyError, match="governed by policy version 1"):
        governing.admit(load(tmp_path / "node.yaml"))


def test_another_authoritys_policy_is_refused(box: Writes, tmp_path: Path) -> None:
    box()
    other = Office(tmp_path / "other")
    file = other.write(tmp_path / "policy.yaml")
    for name in ("officer", "guardian", "auditor"):
        verb_policy.sign(file, other.key_file(name))
    with pytest.raises(PolicyError, match="another authority's policy"):
        governing.admit(load(tmp_path / "node.yaml"))


def test_an_expired_policy_is_refused(box: Writes) -> None:
    with pytest.raises(PolicyError, match="expired on 2026-02-01"):
        governing.admit(box("officer", "auditor", expires="2026-02-01"))


def test_after_its_last_day_the_policy_that_held_still_lets_footage_be_kept_and_not_let_go(
    box: Writes, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = box("officer", "auditor")
    remember(node)
    monkeypatch.setattr(governing, "today", lambda: node.policy.expires)
    officer = office.key_file("officer")
    assert standing.person(node, officer, Action.PLACE_HOLD).id == "officer"
    for right in (Action.LIFT_HOLD, Action.APPROVE_EXPORT, Action.RELEASE_SHARE):
        with pytest.raises(RefusedError, match="expired on"):
            standing.person(node, officer, right)
    never_taken = box("officer", "auditor", version="2")
    with pytest.raises(RefusedError, match="expired on"):
        standing.person(never_taken, officer, Action.PLACE_HOLD)


def test_only_a_roots_key_can_sign(box: Writes, tmp_path: Path) -> None:
    box()
    verb_policy.keygen("night-shift", tmp_path)
    with pytest.raises(PolicyError, match="is no root of this policy"):
        verb_policy.sign(tmp_path / "policy.yaml", tmp_path / "night-shift.key")


def test_a_model_that_is_not_on_the_list_does_not_look(box: Writes) -> None:
    card = tiny_card(b"anything")
    with pytest.raises(ModelError, match="allows the models street-nano"):
        check_permitted(box().policy, card)
    check_permitted(box(sha256=card.sha256).policy, card)


def test_the_verbs_say_what_a_box_would_say(
    box: Writes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box("officer", "auditor")
    old, new = tmp_path / "policy.yaml", tmp_path / "new.yaml"
    verb_policy.verify(old, None, "", as_json=False)
    new.write_text(old.read_text().replace("version: 1", "version: 2").replace("hours: 72", "hours: 96"))
    capsys.readouterr()
    verb_policy.diff(old, new, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told == {"changes": [{"field": "retention", "tighter": False}], "signatures": 2}
    with pytest.raises(PolicyError, match="it loosens retention"):
        verb_policy.verify(new, old, "", as_json=False)
    verb_policy.show(old, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["signed_by"] == ["auditor", "officer"]
    assert shown["policy"]["country"] == "UZ"
    with pytest.raises(ConfigError, match="never overwritten"):
        verb_policy.init(old, "UZ")


def test_the_command_line_refuses_with_status_2_and_says_why(tmp_path: Path) -> None:
    verb_policy.init(tmp_path / "p.yaml", "KZ")
    command = [sys.executable, "-m", "edge.cli", "policy", "verify", "p.yaml"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "wanted 2 of the signatures" in refused.stderr
