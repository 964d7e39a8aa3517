"""Labels are read as their files mean them."""

import json

import cv2
import numpy as np
import pytest

from models.training.data import ANY, SURE
from models.training.labelled import annotated, listed


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "set").mkdir()
    for name in ("a.jpg", "b.jpg"):
        cv2.imwrite(str(tmp_path / "set" / name), np.full((48, 64, 3), 90, np.uint8))
    return tmp_path / "set"


def listing(spelling, name):
    """A COCO listing with one known box, one of a category that is not ours, and a picture without boxes."""
    return {
        "images": [{"id": 7, name: "a.jpg"}, {"id": 8, name: "b.jpg"}],
        "categories": [{"id": 1, "name": "Car"}, {"id": 4, "name": "DontCare"}],
        spelling: [
            {"image_id": 7, "category_id": 1, "bbox": [4, 6, 20, 10]},
            {"image_id": 7, "category_id": 4, "bbox": [30, 6, 9, 9]},
        ],
    }


@pytest.mark.parametrize(("spelling", "name"), [("annotations", "file_name"), ("annotation", "filename")])
def test_a_listing_gives_boxes_and_places_to_ignore(folder, spelling, name):
    folder.with_suffix(".json").write_text(json.dumps(listing(spelling, name)))
    shown, empty = listed(folder, {"Car": 2})
    assert shown.boxes.tolist() == [[4, 6, 24, 16], [30, 6, 39, 15]]
    assert shown.kinds.tolist() == [2, ANY]
    assert shown.scores[0] == 1.0
    assert shown.scores[1] < SURE
    assert len(empty.kinds) == 0
    assert empty.pixels.shape == (48, 64, 3)


def test_text_labels_are_in_the_unit_square_and_of_classes_we_have(folder, tmp_path):
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0 0.5 0.5 0.25 0.5\n16 0.5 0.5 0.1 0.1\n")
    shown, empty = annotated(folder, tmp_path / "labels")
    assert shown.boxes.tolist() == [[24, 12, 40, 36]]
    assert shown.kinds.tolist() == [0]
    assert len(empty.kinds) == 0


def test_a_picture_that_cannot_be_decoded_is_named(folder):
    (folder / "c.jpg").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"c\.jpg: wanted a picture"):
        list(annotated(folder, folder))
