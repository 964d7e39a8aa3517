import pytest

from edge.detect.card import Family
from edge.detect.coco import LABELS
from edge.detect.recognise import USUAL, Picture, Port, Recognised, picture_of, recognise, spelled
from edge.values.errors import ModelError
from edge.values.frame import Size

SIZE = Size(64, 64)  # 64 + 16 + 4 cells
IMAGE = Port("images", (1, 3, 64, 64), "float32")
SIZES = Port("orig_target_sizes", (1, 2), "int64")


def ports(*shapes: tuple[int, ...], names: str = "abcdefgh") -> list[Port]:
    return [Port(name, shape, "float32") for name, shape in zip(names, shapes, strict=False)]


def found(*shapes: tuple[int, ...], **metadata: str) -> Recognised:
    return recognise([IMAGE], ports(*shapes), SIZE, metadata)


def refused(*shapes: tuple[int, ...], **metadata: str) -> str:
    with pytest.raises(ModelError) as caught:
        found(*shapes, **metadata)
    return str(caught.value)


@pytest.mark.parametrize(
    ("shapes", "family", "classes"),
    [
        ([(1, 84, 84)], Family.ULTRALYTICS, 80),
        ([(1, 5, 84)], Family.ULTRALYTICS, 1),
        ([(1, 84, 85)], Family.YOLOX, 80),
        ([(1, 84, 6)], Family.YOLOX, 1),
        ([(1, 300, 6)], Family.ULTRALYTICS_END2END, None),
        ([(1, 85, 4, 4)], Family.FASTESTDET, 80),
        (
            [(1, 64, 80), (1, 16, 80), (1, 4, 80), (1, 64, 32), (1, 16, 32), (1, 4, 32)],
            Family.NANODET,
            80,
        ),
    ],
)
def test_a_family_is_known_by_its_shapes(shapes, family: Family, classes: int | None) -> None:
    assert (found(*shapes).family, found(*shapes).classes) == (family, classes)


def test_a_set_of_labels_boxes_and_scores_is_deim() -> None:
    outputs = [
        Port("labels", (1, 300), "int64"),
        Port("boxes", (1, 300, 4), "float32"),
        Port("scores", (1, 300), "float32"),
    ]
    assert recognise([IMAGE, SIZES], outputs, SIZE, {}).family is Family.DEIM


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        ([(1, 252, 85)], "YOLOv5 to v7"),
        ([(1, 1, 16, 3)], "cells as wide as high"),
        ([(1, 512)], "a classifier's or an embedding's"),
        ([(1, 84, 84), (1, 512)], "more than one thing"),
        ([(1, 77, 9)], "no known family"),
        ([], "no known family"),
    ],
)
def test_what_is_of_no_family_is_told_as_what_it_looks_like(shapes, told: str) -> None:
    assert told in refused(*shapes)


def test_what_the_exporter_wrote_is_taken() -> None:
    told = found(
        (1, 6, 84),
        names="{0: 'Person', 1: 'Car (parked)'}",
        license="AGPL-3.0 License (https://ultralytics.com/license)",
        description="Ultralytics YOLO11n model trained on /usr/src/datasets/coco.yaml",
    )
    assert told.labels == ("person", "car parked")
    assert (told.licence, told.data) == ("AGPL-3.0-only", "coco.yaml")


def test_names_that_are_fewer_than_the_numbers_hide_something() -> None:
    assert "tells more than classes" in refused((1, 6 + 51, 84), names="{0: 'person', 1: 'car'}")


@pytest.mark.parametrize("names", ["", "__import__('os')", "{0: 'a', 5: 'b'}", "[" * 9000, "{'a': 1}", "5"])
def test_names_that_are_none_are_not_believed(names: str) -> None:
    assert found((1, 6, 84), names=names).labels is None


def test_labels_are_spelled_as_cards_spell_them() -> None:
    assert spelled(["Person", "Person", "E-Scooter!", "", "x" * 60]) == (
        "person",
        "person 1",
        "e-scooter",
        "class",
        "x" * 40,
    )


@pytest.mark.parametrize(
    ("shape", "dtype", "picture"),
    [
        ((1, 3, 48, 64), "float32", Picture(Size(64, 48), "NCHW", "float32")),
        ((1, 48, 64, 3), "uint8", Picture(Size(64, 48), "NHWC", "uint8")),
        ((None, 3, None, None), "float32", Picture(None, "NCHW", "float32")),
    ],
)
def test_the_picture_is_found(shape, dtype: str, picture: Picture) -> None:
    assert picture_of([Port("x", shape, dtype), SIZES], {}) == picture


def test_an_open_size_is_that_which_the_exporter_wrote() -> None:
    open_ended = Port("x", (1, 3, None, None), "float32")
    assert picture_of([open_ended], {"imgsz": "[384, 640]"}).size == Size(640, 384)
    assert picture_of([open_ended], {"imgsz": "nonsense"}).size is None


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ([Port("x", (1, 3, 64, 64), "float16")], "without half precision"),
        ([Port("x", (1, 2, None, None), "float32")], "of three colours, or of grey"),
        ([Port("x", (1, 9), "float32")], "four axes"),
        ([IMAGE, IMAGE], "one picture"),
        ([], "one picture"),
    ],
)
def test_an_input_that_takes_no_picture_is_refused(inputs, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        picture_of(inputs, {})


def test_every_family_has_its_usual_input() -> None:
    assert set(USUAL) == set(Family)
    for usual in USUAL.values():
        assert usual.input(SIZE, Picture(SIZE, "NHWC", "uint8")).divisor == 1
    assert len(LABELS) == 80
