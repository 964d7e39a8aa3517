from dataclasses import replace

import numpy as np
import pytest

from edge.detect.capability import (
    DoorPolicy,
    Rule,
    check_allowed,
    check_card,
    check_names,
    check_scores,
    trait_in,
)
from edge.detect.card import Family
from edge.values.errors import ModelError
from tests.fakes.cards import REAL, raw_table, real_model, tiny_card
from tests.fakes.counters import counting_model

DIGEST = "0" * 64


def refused(rule: Rule, call, *arguments) -> str:
    with pytest.raises(ModelError, match=f"refused by rule {rule}") as caught:
        call(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    "outputs", [("boxes", "embedding"), ("landmarks",), (), ("boxes", "plate text"), ("boxes", "anything")]
)
def test_a_card_that_declares_more_than_boxes_is_refused(outputs) -> None:
    told = refused(Rule.DECLARED, check_card, tiny_card(b"", outputs=outputs))
    assert "boxes and nothing else" in told and "tiny" in told


def test_a_detector_tells_no_density_and_a_density_model_no_boxes() -> None:
    told = refused(Rule.DECLARED, check_card, tiny_card(b"", outputs=("density",)))
    assert "wanted a model that tells boxes" in told
    counter = counting_model().card
    check_card(counter)
    told = refused(Rule.DECLARED, check_card, replace(counter, outputs=("boxes",)))
    assert "wanted a model that tells density" in told
    refused(Rule.DECLARED, check_card, replace(counter, outputs=("density", "boxes")))


@pytest.mark.parametrize(
    "label",
    [
        *("male", "female", "man", "old woman", "age 20-30", "child", "left eye", "nose", "right_shoulder"),
        *(
            "happy",
            "angry face",
            "ethnicity",
            "plate text",
            "embedding-1",
            "re-id",
            "reid",
            "sex f",
            "kpt 3",
        ),
    ],
)
def test_labels_that_sort_people_are_refused(label: str) -> None:
    assert repr(label) in refused(Rule.LABELS, check_card, tiny_card(b"", labels=("person", label)))


def test_an_alphabet_is_the_text_of_a_plate() -> None:
    told = refused(Rule.LABELS, check_card, tiny_card(b"", labels=("plate", *"abc123")))
    assert "text of a number plate" in told


def test_things_may_be_named_as_they_like() -> None:
    names = (
        "person",
        "human",
        "orange",
        "teddy bear",
        "mouse",
        "page",
        "trace",
        "skis",
        "bus",
        "face mask",
        "pedestrian",
    )
    assert [trait_in(name) for name in names] == [None] * len(names)
    check_card(tiny_card(b"", labels=names))


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_cards_of_real_detectors_pass(name: str) -> None:
    check_card(real_model(name).card)


@pytest.mark.parametrize("name", ["embedding", "kps_8", "landmarks", "fc1_age", "gender_logits", "ReID_feat"])
def test_names_of_tensors_that_identify_are_refused(name: str) -> None:
    assert name in refused(Rule.NAMES, check_names, "x", ["boxes", name])


def test_a_graph_made_for_another_task_is_refused() -> None:
    assert "the task pose" in refused(Rule.TASK, check_names, "x", ["output0"], "pose")
    check_names("x", ["output0"], "detect")
    check_names("x", ["758"], "")


def scores(family: Family, value: float) -> list[np.ndarray]:
    """Outputs of a family whose scores are all of one value; coordinates are large everywhere."""
    far = np.full((1, 5, 4), 300, np.float32)
    full = np.full
    return {
        Family.YOLOX: lambda: [np.concatenate([far, full((1, 5, 3), value, np.float32)], 2)],
        Family.ULTRALYTICS: lambda: [
            np.concatenate([far.transpose(0, 2, 1), full((1, 2, 5), value, np.float32)], 1)
        ],
        Family.ULTRALYTICS_END2END: lambda: [
            np.concatenate([far, full((1, 5, 1), value, np.float32), np.ones((1, 5, 1), np.float32)], 2)
        ],
        Family.DEIM: lambda: [np.zeros((1, 5), np.int64), far, full((1, 5), value, np.float32)],
        Family.NANODET: lambda: [full((1, 5, 2), value, np.float32)] * 3 + [far] * 3,
        Family.FASTESTDET: lambda: [
            np.concatenate(
                [full((1, 1, 2, 2), value), full((1, 4, 2, 2), 300), full((1, 2, 2, 2), value)], 1
            ).astype(np.float32)
        ],
    }[family]()


@pytest.mark.parametrize("family", [each for each in Family if each is not Family.DENSITY_MAP])
def test_what_is_no_probability_is_no_score(family: Family) -> None:
    card = tiny_card(b"", family=family)
    for value in (0.0, 0.5, 1.0, 1.01):
        check_scores(card, scores(family, value))
    for value in (-0.2, 1.2, 87.0):
        told = refused(Rule.RANGE, check_scores, card, scores(family, value))
        assert "no probabilities" in told


@pytest.mark.parametrize("stride", [0, 1, 2])
def test_every_stride_of_nanodet_is_looked_at(stride: int) -> None:
    outputs = scores(Family.NANODET, 0.5)
    outputs[stride] = np.full_like(outputs[stride], 7.0)
    refused(Rule.RANGE, check_scores, tiny_card(b"", family=Family.NANODET), outputs)


@pytest.mark.parametrize("channel", [0, 5, 6])
def test_whether_something_is_there_at_all_is_a_probability_as_well_as_what_it_is(channel: int) -> None:
    outputs = scores(Family.FASTESTDET, 0.5)
    outputs[0][0, channel] = -3.0
    refused(Rule.RANGE, check_scores, tiny_card(b"", family=Family.FASTESTDET), outputs)


def test_a_class_that_is_no_whole_number_is_none() -> None:
    table = scores(Family.ULTRALYTICS_END2END, 0.5)
    table[0][0, 2, 5] = 0.4
    refused(Rule.RANGE, check_scores, tiny_card(b"", family=Family.ULTRALYTICS_END2END), table)


def test_only_listed_weights_may_run_where_there_is_a_list() -> None:
    check_allowed(DoorPolicy(), "x", DIGEST)
    check_allowed(DoorPolicy(frozenset({DIGEST})), "x", DIGEST)
    told = refused(Rule.ALLOWED, check_allowed, DoorPolicy(frozenset({DIGEST})), "x", "1" * 64)
    assert "1" * 64 in told and "detector.allow" in told
    refused(Rule.ALLOWED, check_allowed, DoorPolicy(frozenset()), "x", DIGEST)


def test_a_list_of_what_is_no_digest_is_no_list() -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        DoorPolicy(frozenset({"ABC"}))


def test_a_table_of_detections_passes() -> None:
    check_scores(tiny_card(b""), [raw_table((32, 32, 16, 20, 0.9, 0.1))])
