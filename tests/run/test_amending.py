"""Changes of the policy by command: what one signature may, what wants two, what is refused by which name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.centre.order_form import Filled, details
from edge.config import policy as files
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance import plain
from edge.messages.command import CommandMessage, command_bytes, order_of, parse_command
from edge.privacy.spec import Origin
from edge.run import verb_policy
from edge.run.commands import Effect
from edge.run.wiring import amending, auditing, governing
from edge.values.command import Doubt, Loosened, Verb
from edge.values.errors import ConfigError, PolicyError
from tests.config.test_load import GOOD
from tests.fakes.policies import Office

NOW_NS = 1_790_000_000_000_000_000
TIGHTER = {"public_min_count": "12"}
LOOSER = {"public_min_count": "3"}


class Box:
    """A box under version 1 of a policy, and an office that has changed ones."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.office = folder, Office(folder / "office")
        self.now = self.policy("policy.yaml", "officer", "guardian")
        self.config = folder / "node.yaml"
        roots = plain.roots_sha256(files.load(self.now).policy)
        self.config.write_text(f"{GOOD}policy: {{file: policy.yaml, roots: {roots}}}\n")
        self.reloads = 0
        self.reload()

    def policy(self, name: str, *signers: str, edit: Callable[[str], str] = str, **changes: str) -> Path:
        file = self.office.write(self.folder / name, **changes)
        file.write_text(edit(file.read_text()))
        for each in signers:
            verb_policy.sign(file, self.office.key_file(each))
        return file

    def reload(self) -> Effect:
        """What the supervisor does at a reload: the policy is judged again, and remembered."""
        self.reloads += 1
        with auditing.journal(self.node, "run") as journal:
            governing.admit_and_remember(self.node, journal.audit)
        return Effect()

    @property
    def node(self) -> NodeSpec:
        return load(self.config)

    @property
    def min_count(self) -> int:
        return self.node.policy.public_min_count

    def ordered(self, new: Path, after: Path | None = None, verb: Verb = Verb.POLICY, **more: Any) -> Effect:
        form = details(verb, Filled(policy=new, after=after or self.now)) | more
        return amending.amender(self.node, self.config, None, self.reload)(self.message(verb, form))

    def message(self, verb: Verb, form: dict[str, Any]) -> CommandMessage:
        origin = Origin(self.node.region, self.node.node)
        data = order_of(origin, verb, "officer", "5e" * 16, NOW_NS, 60) | form
        payload = command_bytes(data, Ed25519Signer.read(self.office.key_file("officer")))
        return parse_command(origin.topic("command"), payload)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def masked(camera: str, polygons: str) -> Callable[[str], str]:
    mask = f"  - {{camera: {camera}, polygons: {polygons}}}\n"
    return lambda text: text.replace("  - camera: square\n", f"{mask}  - camera: square\n")


HALF, QUARTER = "[[0, 0], [0.5, 0], [0.5, 1]]", "[[0, 0], [0.2, 0], [0.2, 0.3333]]"


def test_one_signature_tightens_and_the_box_goes_by_it_after_the_reload(box: Box) -> None:
    new = box.policy("new.yaml", "guardian", version="2", **TIGHTER)
    assert box.ordered(new) == Effect()
    assert (box.min_count, box.node.policy.version, box.reloads) == (12, 2, 2)
    assert box.node.policy_sha256 == plain.sha256(files.load(new).policy)


def test_loosening_wants_two_and_is_refused_by_the_rules_name(box: Box) -> None:
    assert box.ordered(box.policy("one.yaml", "officer", version="2", **LOOSER)) == Effect(
        Doubt.QUORUM, Loosened.PUBLIC_MIN_COUNT
    )
    assert (box.min_count, box.reloads) == (10, 1)
    assert box.ordered(box.policy("two.yaml", "officer", "auditor", version="2", **LOOSER)) == Effect()
    assert box.min_count == 3


def test_two_signatures_of_one_person_are_one(box: Box) -> None:
    new = box.policy("new.yaml", "officer", version="2", **LOOSER)
    (mine,) = details(Verb.POLICY, Filled(policy=new, after=box.now))["approvals"]  # type: ignore[misc]
    assert box.ordered(new, approvals=[mine, mine]).doubt is Doubt.QUORUM


def test_a_signature_on_another_policy_is_none(box: Box) -> None:
    other = box.policy("other.yaml", "guardian", version="3", **TIGHTER)
    new = box.policy("new.yaml", "officer", version="2", **TIGHTER)
    approvals = details(Verb.POLICY, Filled(policy=other, after=box.now))["approvals"]
    assert box.ordered(new, approvals=approvals).doubt is Doubt.POLICY
    assert box.min_count == 10


def test_a_mask_more_wants_one_signature_and_a_mask_less_two(box: Box) -> None:
    more = box.policy("more.yaml", "auditor", version="2", edit=masked("plaza", f"[{HALF}, {QUARTER}]"))
    assert box.ordered(more, verb=Verb.MASK) == Effect()
    assert ((0.0, 0.0), (0.2, 0.0), (0.2, 0.3333)) in box.node.camera("plaza").masks
    less = box.policy("less.yaml", "auditor", version="3", edit=masked("plaza", f"[{HALF}]"))
    assert box.ordered(less, more, Verb.MASK) == Effect(Doubt.QUORUM, Loosened.MASKS)
    none = box.policy("none.yaml", "auditor", version="3")
    assert box.ordered(none, more, Verb.MASK) == Effect(Doubt.QUORUM, Loosened.MASKS)
    verb_policy.sign(none, box.office.key_file("guardian"))
    assert box.ordered(none, more, Verb.MASK) == Effect()
    assert box.node.policy.masks.keys() == {"square"}


def test_footage_is_kept_shorter_by_one_signature_and_longer_by_two(box: Box) -> None:
    shorter = box.policy("shorter.yaml", "guardian", version="2", hours="24")
    assert box.ordered(shorter, verb=Verb.RETENTION) == Effect()
    longer = box.policy("longer.yaml", "guardian", version="3", hours="25")
    assert box.ordered(longer, shorter, Verb.RETENTION) == Effect(Doubt.QUORUM, Loosened.RETENTION)
    assert "24" in {str(kept.hours) for kept in box.node.policy.retention.values()}


def test_the_narrow_commands_carry_nothing_else(box: Box) -> None:
    new = box.policy("new.yaml", "officer", version="2", hours="24", **TIGHTER)
    for verb in (Verb.MASK, Verb.RETENTION):
        with pytest.raises(ConfigError, match="differs: public_min_count, retention"):
            box.ordered(new, verb=verb)
    unsigned = box.policy("unsigned.yaml", version="2", hours="24")
    with pytest.raises(ConfigError, match="nobody signed it"):
        box.ordered(unsigned, verb=Verb.RETENTION)


def test_a_change_of_another_policy_than_the_one_that_holds_is_refused(box: Box) -> None:
    first = box.policy("first.yaml", "officer", version="2", **TIGHTER)
    box.ordered(first)
    other = box.policy("other.yaml", "officer", version="3", public_min_count="20")
    assert box.ordered(other, box.now).doubt is Doubt.OTHER_POLICY
    assert box.ordered(other, first) == Effect()
    assert box.ordered(first, box.now).doubt is Doubt.OTHER_POLICY  # no older one comes back


def test_what_holds_already_is_done_without_another_reload(box: Box) -> None:
    new = box.policy("new.yaml", "officer", version="2", **TIGHTER)
    box.ordered(new)
    assert box.ordered(new, box.now) == Effect()
    assert box.reloads == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"masks": {"plaza": "everything"}},
        {"masks": [1]},
        {"retention": {"routine": 24}},
        {"public_min_count": True},
        {"public_min_count": 12, "country": "Uzbekistan"},
        {"parties": []},
        {"capabilities": ["facial-recognition"]},
        {"public_min_count": 13},  # a policy, and not the one that was signed
    ],
)
def test_what_makes_no_policy_or_another_one_is_refused(box: Box, changes: dict[str, Any]) -> None:
    new = box.policy("new.yaml", "officer", "guardian", version="2", **TIGHTER)
    assert box.ordered(new, changes=changes).doubt is Doubt.POLICY
    assert box.min_count == 10


@pytest.mark.parametrize("more", [{"version": 1}, {"begins": "2098-01-01"}])
def test_a_version_that_does_not_rise_and_a_day_to_come_are_refused(box: Box, more: dict[str, Any]) -> None:
    text = {"version": str(more.get("version", 2)), "issued": more.get("begins", "2026-01-01")}
    new = box.policy("new.yaml", "officer", "guardian", **text, **TIGHTER)
    assert box.ordered(new).doubt is Doubt.POLICY


def test_a_policy_under_which_the_box_could_not_start_is_refused(box: Box) -> None:
    box.config.write_text(f"{box.config.read_text()}privacy: {{publish_boxes: true}}\n")
    new = box.policy("new.yaml", "officer", version="2", boxes="false")
    assert box.ordered(new).doubt is Doubt.CONFIGURATION
    assert box.node.policy.publish_boxes


def named(*cameras: str) -> Callable[[str], str]:
    listed = "".join(f"  - {{camera: north/box-1/{each}, purposes: [traffic]}}\n" for each in cameras)
    return lambda text: text.replace("cameras: any\n", f"cameras:\n{listed}")


def test_cameras_are_named_by_one_signature_and_one_more_wants_two(box: Box) -> None:
    """From any camera to a list and on: a policy that had no such field is changed by command too."""
    both = named("plaza", "gate")
    first = box.policy("2.yaml", "auditor", version="2", edit=both)
    assert box.ordered(first) == Effect()
    assert [camera.purposes for camera in box.node.cameras] == [{"traffic"}, {"traffic"}]
    more = named("plaza", "gate", "yard")
    one = box.policy("3.yaml", "auditor", version="3", edit=more)
    assert box.ordered(one, after=first) == Effect(Doubt.QUORUM, Loosened.CAMERAS)
    again = box.policy("any.yaml", "auditor", version="3")
    assert box.ordered(again, after=first) == Effect(Doubt.QUORUM, Loosened.CAMERAS)
    two = box.policy("3.yaml", "auditor", "officer", version="3", edit=more)
    assert box.ordered(two, after=first) == Effect()
    back = box.policy("4.yaml", "auditor", "officer", version="4")
    assert box.ordered(back, after=two) == Effect()
    assert box.node.policy.cameras is None


def test_a_camera_that_the_box_has_is_not_taken_away_behind_its_back(box: Box) -> None:
    fewer = box.policy("new.yaml", "guardian", version="2", edit=named("plaza"))
    assert box.ordered(fewer).doubt is Doubt.CONFIGURATION
    assert box.node.policy.cameras is None


def test_where_places_are_is_let_out_by_two_and_coarser_by_one(box: Box) -> None:
    one = box.policy("2.yaml", "officer", version="2", places_m="100")
    assert box.ordered(one) == Effect(Doubt.QUORUM, Loosened.PUBLISH_PLACES_M)
    two = box.policy("2.yaml", "officer", "auditor", version="2", places_m="100")
    assert box.ordered(two) == Effect()
    assert box.ordered(box.policy("3.yaml", "officer", version="3", places_m="500"), after=two) == Effect()
    assert box.node.policy.publish_places_m == 500


def test_a_newer_file_wins_over_what_was_ordered_and_an_older_one_does_not(box: Box) -> None:
    box.ordered(box.policy("new.yaml", "officer", version="2", **TIGHTER))
    box.policy("policy.yaml", "officer", "guardian", version="1")
    assert box.min_count == 12
    box.policy("policy.yaml", "officer", version="3", public_min_count="30")
    assert box.min_count == 30


def test_a_damaged_ordered_policy_stops_the_box_and_is_named(box: Box) -> None:
    box.ordered(box.policy("new.yaml", "officer", version="2", **TIGHTER))
    (kept,) = (box.node.data_dir / "policy").glob("ordered-*.yaml")
    kept.write_text("version: 2\n")
    with pytest.raises(PolicyError, match=kept.name):
        _ = box.node


def test_only_the_newest_ordered_policy_stays(box: Box) -> None:
    first = box.policy("first.yaml", "officer", version="2", **TIGHTER)
    box.ordered(first)
    box.ordered(box.policy("second.yaml", "officer", version="11", public_min_count="20"), first)
    found = sorted(each.name for each in (box.node.data_dir / "policy").glob("ordered-*"))
    assert found == ["ordered-0000000011.yaml", "ordered-0000000011.yaml.sig"]
