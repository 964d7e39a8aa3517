"""Models that are ordered from afar: only those of the policy, on trial first, gone back from whole."""

from pathlib import Path
from typing import Any

import pytest

from edge.adapters import model_folder
from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.end_box import EndBox
from edge.centre.order_form import Filled, details
from edge.config import ordered_model
from edge.config import policy as files
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance import plain
from edge.messages.command import command_bytes, order_of, parse_command
from edge.privacy.spec import Origin
from edge.run import verb_policy
from edge.run.commands import Effect
from edge.run.places import end_folder
from edge.run.wiring import switching
from edge.values.command import Doubt, End, Verb
from edge.values.errors import ConfigError
from tests.config.test_load import GOOD
from tests.fakes.blobs import blob_onnx
from tests.fakes.cards import tiny_folder
from tests.fakes.policies import Office

NOW_NS = 1_790_000_000_000_000_000


class Box:
    """A box with three models in its store, two of which the policy names; `one` is its file's."""

    def __init__(self, folder: Path) -> None:
        self.store, self.config = folder / "store", folder / "node.yaml"
        for name in ("one", "two", "stranger"):
            tiny_folder(self.store / name, blob_onnx() + name.encode(), name=name)
        office = Office(folder / "office")
        self.key = Ed25519Signer.read(office.key_file("officer"))
        policy = office.write(folder / "policy.yaml", sha256=self.sha256("one"), egress="any")
        second = f"  - name: two\n    sha256: {self.sha256('two')}\n\nmasks:"
        policy.write_text(policy.read_text().replace("\nmasks:", second, 1))
        for name in ("officer", "guardian"):
            verb_policy.sign(policy, office.key_file(name))
        self.roots = plain.roots_sha256(files.load(policy).policy)
        self.names("one")
        self.reloads, self.can_reload = 0, True

    def names(self, model: str, allow: str = "") -> None:
        """What the operator's file says."""
        policy = f"policy: {{file: policy.yaml, roots: {self.roots}}}"
        self.config.write_text(f"{GOOD}{policy}\ndetector: {{model: {model}{allow}}}\n")

    def sha256(self, name: str) -> str:
        return model_folder.card_of(self.store / name)[0].sha256

    @property
    def node(self) -> NodeSpec:
        return load(self.config)

    @property
    def looks(self) -> str:
        return self.node.detector.model

    def ordered(self, name: str, sha256: str = "", nonce: str = "5e" * 16) -> Doubt:
        form = details(Verb.MODEL, Filled(model=name, sha256=sha256 or self.sha256(name)))
        origin = Origin(self.node.region, self.node.node)
        data = order_of(origin, Verb.MODEL, "officer", nonce, NOW_NS, 60) | form
        message = parse_command(origin.topic("command"), command_bytes(data, self.key))
        effect = switching.switcher(self.node, self.config, self.reload)(message)
        assert effect.passed_on is (effect.doubt is Doubt.NONE)
        if effect.then is not None:
            effect.then()
        return effect.doubt

    def reload(self) -> Effect:
        def count() -> None:
            self.reloads += 1

        return Effect(then=count) if self.can_reload else Effect(Doubt.NOT_HERE)

    @property
    def ends(self) -> list[End]:
        return list(EndBox(end_folder(self.node.data_dir)).waiting())


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    monkeypatch.setenv("SAFECITY_MODELS", str(tmp_path / "store"))
    return Box(tmp_path)


def an_end(doubt: Doubt, nonce: str = "5e" * 16) -> End:
    return End(nonce, "officer", Verb.MODEL, doubt)


def test_a_model_on_the_list_looks_on_trial_and_stays_when_it_is_well(box: Box) -> None:
    before = box.node.sha256
    assert box.ordered("two") is Doubt.NONE
    assert (box.looks, box.reloads, box.ends) == ("two", 1, [])
    node = box.node
    assert switching.on_trial(node)
    assert node.sha256 != before
    switching.settle(node, well=True)
    assert box.ends == [an_end(Doubt.NONE)]
    assert box.looks == "two"
    assert not switching.on_trial(box.node)
    assert box.node == node, "a reload later finds nothing changed"


def test_a_model_that_is_not_well_is_gone_back_from(box: Box) -> None:
    box.ordered("two")
    switching.settle(box.node, well=False)
    assert (box.looks, box.ends) == ("one", [an_end(Doubt.UNFIT)])


def test_the_way_back_leads_to_the_last_model_that_proved_itself(box: Box) -> None:
    box.ordered("two")
    switching.settle(box.node, well=True)
    assert box.ordered("one", nonce="77" * 16) is Doubt.NONE
    assert box.looks == "one"
    switching.settle(box.node, well=False)
    assert box.looks == "two"
    assert an_end(Doubt.UNFIT, "77" * 16) in box.ends


@pytest.mark.parametrize(
    ("name", "changes", "wanted"),
    [
        ("stranger", {}, Doubt.MODEL),
        ("nobody", {"sha256": "a" * 64}, Doubt.NO_MODEL),
        ("two", {"sha256": "a" * 64}, Doubt.NO_MODEL),
    ],
)
def test_another_is_refused_by_name_and_changes_nothing(
    box: Box, name: str, changes: dict[str, Any], wanted: Doubt
) -> None:
    assert box.ordered(name, **changes) is wanted
    assert (box.looks, box.reloads, box.ends) == ("one", 0, [])


def test_the_boxs_own_list_counts_too(box: Box) -> None:
    box.names("one", allow=f", allow: [{box.sha256('one')}]")
    assert box.ordered("two") is Doubt.MODEL


def test_without_a_supervisor_nothing_is_put_on_trial(box: Box) -> None:
    box.can_reload = False
    assert box.ordered("two") is Doubt.NOT_HERE
    assert box.looks == "one"


def test_who_edits_the_file_has_the_last_word(box: Box) -> None:
    box.ordered("two")
    switching.settle(box.node, well=True)
    box.names("stranger")
    assert box.looks == "stranger"
    assert box.node.ordered_model is None


def test_a_trial_that_a_crash_cut_off_is_over_and_told(box: Box) -> None:
    box.ordered("two")
    switching.end_trial(box.node.data_dir)
    assert (box.looks, box.ends) == ("one", [an_end(Doubt.UNFIT)])
    switching.end_trial(box.node.data_dir)
    assert len(box.ends) == 1


def test_the_same_command_again_begins_its_trial_again_and_another_ends_it(box: Box) -> None:
    box.ordered("two")
    box.ordered("two")
    assert box.ends == []
    box.ordered("one", nonce="77" * 16)
    assert box.ends == [an_end(Doubt.UNFIT)]
    assert box.looks == "one"


def test_a_copy_of_the_configuration_keeps_its_own_order(box: Box, tmp_path: Path) -> None:
    box.ordered("two")
    copy = tmp_path / "active.yaml"
    copy.write_bytes(box.config.read_bytes())
    (tmp_path / "active.policy.yaml").write_bytes((tmp_path / "policy.yaml").read_bytes())
    (tmp_path / "active.policy.yaml.sig").write_bytes((tmp_path / "policy.yaml.sig").read_bytes())
    switching.copied(box.node, copy)
    switching.settle(box.node, well=False)
    assert load(copy).detector.model == "two"
    switching.copied(box.node, copy)
    assert load(copy).detector.model == "one"


def test_a_damaged_order_is_an_error_and_no_other_model(box: Box) -> None:
    box.ordered("two")
    ordered_model.trial_file(box.node.data_dir).write_bytes(b"{")
    with pytest.raises(ConfigError, match="remove the file"):
        load(box.config)
