from dataclasses import replace

import pytest

from edge.privacy import ModelRef, Origin, Policy
from tests.fakes.privacy import ORIGIN, SPEC


@pytest.mark.parametrize(
    "name", ["", "Plaza", "a b", "10.0.0.1", "cam@home", "-a", "a-", "ü", "a/b", "#", "a" * 41, "a\n"]
)
def test_a_word_that_could_be_more_than_an_identifier_is_refused(name: str):
    with pytest.raises(ValueError, match="a region wants"):
        Origin(name, "registan-01")
    with pytest.raises(ValueError, match="a node wants"):
        Origin("samarkand", name)


@pytest.mark.parametrize("label", ["", "Person", "john@doe", "a" * 40])
def test_labels_are_plain_words(label: str):
    with pytest.raises(ValueError, match="a label wants"):
        replace(SPEC.policy, labels=frozenset({label}))


@pytest.mark.parametrize("rotation_s", [0.0, 9.9, 86_401.0, float("nan"), float("inf")])
def test_names_must_turn_within_a_day(rotation_s: float):
    with pytest.raises(ValueError, match=r"a rotation wants 10\.\.86400 s"):
        Policy("a" * 64, rotation_s, boxes=True, labels=frozenset())


def test_hashes_are_hashes():
    with pytest.raises(ValueError, match="a model hash wants"):
        ModelRef("street-nano", "b" * 63)
    with pytest.raises(ValueError, match="a policy hash wants"):
        replace(SPEC.policy, sha256="z" * 64)
    with pytest.raises(ValueError, match="a configuration hash wants"):
        replace(SPEC, config_sha256="")
    with pytest.raises(ValueError, match="a model name wants"):
        ModelRef("/srv/models/mine.onnx", "b" * 64)


def test_an_origin_names_its_sources_and_topics():
    assert ORIGIN.source() == "/safecity/samarkand/registan-01"
    assert ORIGIN.source("plaza") == "/safecity/samarkand/registan-01/plaza"
    assert ORIGIN.topic("state", "plaza") == "safecity/v1/samarkand/registan-01/state/plaza"
