"""A policy file becomes a policy or a named error, and no node goes beyond it."""

import re
from pathlib import Path

import pytest

from edge.config import policy as files
from edge.config.egress import endpoint
from edge.config.load import load
from edge.config.policy_template import template
from edge.governance import plain
from edge.governance.acceptance import Signature
from edge.governance.built_in import BUILT_IN
from edge.governance.capability import NEVER, Capability
from edge.values.errors import ConfigError, PolicyError
from tests.config.test_load import GOOD
from tests.fakes.policies import Office

EXAMPLE = Path(__file__).parents[2] / "configs" / "policy.example.yaml"


def test_the_example_is_the_template_and_a_good_policy() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    policy = files.load(EXAMPLE).policy
    assert template(policy.country, policy.issued, policy.expires) == text
    assert policy.may(Capability.RECORD)
    assert policy.forbidden == NEVER
    assert policy.footage(plain.sha256(policy)) is not None


def changed(tmp_path: Path, old: str, new: str) -> str:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        files.load(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("country: UZ", "county: UZ", r"policy.yaml:6: county: unknown key, did you mean country\?"),
        ("hours: 72", "hours: 0", r"retention.0.hours: wanted at least 1, got 0"),
        ("issued: 2026-01-01", "issued: soon", "issued: "),
        ("[detect-objects,", "[identification,", "identification cannot be allowed by any policy"),
        ("class: event", "class: routine", "routine stands there twice"),
        ("[operator, state-officer]", "[technician]", "technician can never press-panic"),
        ("[mqtts://broker-a.city.example:8883,", "[http://x,", "egress.0: wanted mqtt"),
        ("seal: age13", "seal: age14bad", "the seal of officer wants"),
    ],
)
def test_a_mistake_in_a_policy_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert re.search(told, changed(tmp_path, old, new))


def test_comments_and_layout_do_not_change_what_is_signed(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("# another comment\n" + EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert plain.sha256(files.load(path).policy) == plain.sha256(files.load(EXAMPLE).policy)


def test_signatures_are_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml.sig"
    signatures = (Signature("a", b"\x01" * 64), Signature("b", b"\x02" * 64))
    path.write_text(files.signatures_text("c" * 64, signatures), encoding="utf-8")
    assert files.load_signatures(path) == signatures
    path.write_text('{"policy_sha256": "x", "signatures": [{"signer": "a", "ed25519": "00"}]}')
    with pytest.raises(PolicyError, match="ed25519"):
        files.load_signatures(path)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("mqtt://Host", "mqtt://host:1883"),
        ("mqtts://host", "mqtts://host:8883"),
        ("mqtt://10.0.0.1:07", "mqtt://10.0.0.1:7"),
        ("mqtts://[fe80::1]", "mqtts://[fe80::1]:8883"),
        ("mqtts://[fe80::1]:1", "mqtts://[fe80::1]:1"),
    ],
)
def test_a_broker_is_named_in_one_way(url: str, wanted: str) -> None:
    assert endpoint(url) == wanted


BROKER = "broker: {urls: [mqtts://broker-a.city.example, mqtts://elsewhere:1]}"


def node(tmp_path: Path, more: str = "", broker: str = "broker: embedded", **policy: str) -> Path:
    Office(tmp_path / "office").write(tmp_path / "policy.yaml", **policy)
    path = tmp_path / "node.yaml"
    source = f"policy: {{file: policy.yaml, roots: {'a' * 64}}}\n"
    path.write_text(GOOD.replace("broker: embedded", broker) + source + more, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "policy", "told"),
    [
        ("privacy: {track_id_rotation_s: 901}\n", {}, ":29: privacy.track_id_rotation_s: wanted at most 900"),
        ("privacy:\n  publish_boxes: true\n", {"boxes": "false"}, ":30: privacy.publish_boxes: wanted false"),
    ],
)
def test_a_node_that_goes_beyond_its_policy_is_told_line_and_key(
    tmp_path: Path, more: str, policy: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(node(tmp_path, more, **policy))
    assert told in str(refused.value)
    assert "policy version 1" in str(refused.value)


def test_a_node_speaks_to_no_broker_but_those_of_the_policy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(node(tmp_path, broker=BROKER))
    assert "node.yaml:4: broker.urls.1: wanted one of mqtts://broker-a" in str(refused.value)
    assert "broker.urls.0" not in str(refused.value)


def test_a_rule_counts_no_class_that_may_not_be_named(tmp_path: Path) -> None:
    path = node(tmp_path, labels="[person]")
    path.write_text(path.read_text().replace("direction: forward", "classes: [car]"))
    with pytest.raises(ConfigError, match=r"rules\.1\.classes: wanted classes that may be named \(person"):
        load(path)


def test_what_a_node_does_not_write_follows_the_policy(tmp_path: Path) -> None:
    spec = load(node(tmp_path, max_rotation_s="120", boxes="false"))
    assert (spec.rotation_s, spec.publish_boxes) == (120, False)
    stricter = load(node(tmp_path / "b", "privacy: {track_id_rotation_s: 60, publish_boxes: false}\n"))
    assert (stricter.rotation_s, stricter.publish_boxes) == (60, False)


def test_masks_of_the_policy_are_added_to_the_nodes_own(tmp_path: Path) -> None:
    spec = load(node(tmp_path, camera="plaza"))
    assert spec.camera("plaza").masks == (((0.85, 0.0), (1.0, 0.0), (1.0, 0.2), (0.85, 0.2)),)
    assert spec.camera("gate").masks == ()


def test_a_node_without_a_policy_has_the_built_in_one(tmp_path: Path) -> None:
    path = tmp_path / "node.yaml"
    path.write_text(GOOD)
    spec = load(path)
    assert (spec.policy, spec.policy_ref) == (BUILT_IN, None)
    path.write_text(GOOD + "privacy: {track_id_rotation_s: 3601}\n")
    with pytest.raises(ConfigError, match=r"at most 3600 s \(the built-in policy\)"):
        load(path)


def test_a_policy_that_is_not_there_is_no_reason_to_run_without_one(tmp_path: Path) -> None:
    path = node(tmp_path)
    (tmp_path / "policy.yaml").unlink()
    with pytest.raises(PolicyError, match=r"policy\.yaml: the policy cannot be read"):
        load(path)
