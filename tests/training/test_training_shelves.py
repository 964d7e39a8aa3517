"""Every picture has one purpose, and what a purpose needs is made once."""

import json

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch: pip install 'safecity-edge[train]'")

from dataclasses import replace
from pathlib import Path

from models.training.recipe import Filmed, Listed, Noted, Rendered
from models.training.shelves import Folders, choice, exam, lesson
from models.training.synthetic import View
from models.training.thermal_drone_nano import RECIPE
from tests.fakes.shared import shared

CARDS = Path(__file__).parents[2] / "bench" / "models"
COUNT = 36
MADE = replace(
    RECIPE,
    real=(Listed("flight/train", "flight/val", 1.0, (("Car", "car"),)), Noted("coco", 1.0, "notes")),
    rendered=(Rendered("street", 2, 1),),
    rendered_choice=(Rendered("quiet", 2, 2, View.NOBODY), Rendered("busy", 2, 5, View.BUSTLE)),
    rendered_test=(Rendered("other", 2, 3), Rendered("still", 2, 4, View.NOBODY)),
)


def fill(folder, count, first=0):
    """Pictures of noise, all different, and their listing without boxes."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(first)
    for index in range(first, first + count):
        cv2.imwrite(str(folder / f"{index}.jpg"), rng.integers(0, 256, (32, 48, 3)).astype(np.uint8))
    images = [{"id": index, "file_name": f"{index}.jpg"} for index in range(first, first + count)]
    listing = {"images": images, "categories": [{"id": 1, "name": "Car"}], "annotations": []}
    folder.with_suffix(".json").write_text(
        json.dumps({**listing, "annotations": [{"image_id": first, "category_id": 1, "bbox": [1, 1, 9, 9]}]})
    )


@pytest.fixture
def folders(tmp_path):
    for name, count, first in (("flight/train", COUNT, 0), ("flight/val", 5, 100), ("coco", 9, 200)):
        fill(tmp_path / name, count, first)
    (tmp_path / "notes").mkdir()
    (tmp_path / "work").mkdir()
    return Folders(tmp_path, tmp_path, None, tmp_path / "work")


def names(shelves):
    return [shelf[i].name for shelf in shelves for i in range(len(shelf))]


def test_no_picture_has_two_purposes(folders):
    told = []
    learnt = names(source.shelf for source in lesson(MADE, folders, told.append))
    chosen, reported = choice(MADE, folders, told.append), exam(MADE, folders, told.append)
    groups = [learnt, names([*chosen.shelves.values(), chosen.deserted])]
    groups.append(names([*reported.shelves.values(), reported.deserted]))
    sets = [set(group) for group in groups]
    assert not sets[0] & sets[1] | sets[0] & sets[2] | sets[1] & sets[2]
    assert [len(s) for s in sets] == [COUNT - 3 + 6 + 2, 3 + 2 + 2, 5 + 3 + 2 + 2]


@pytest.mark.shared
def test_frames_of_a_clip_have_one_purpose_and_want_to_know_where_clips_and_teachers_are(tmp_path):
    films = Filmed(
        "films",
        learnt=(("car-detection.mp4", 15.0),),
        test=(("one-by-one-person-detection.mp4", 70.0),),
        share=1.0,
    )
    made, weights = replace(MADE, real=(films,), rendered=(), deserted=0.0), shared("models")
    clips = shared("videos/car-detection.mp4").parent
    with pytest.raises(ValueError, match="--clips"):
        lesson(made, Folders(tmp_path, CARDS, weights, tmp_path), print)
    with pytest.raises(ValueError, match="--teachers"):
        lesson(made, Folders(tmp_path, CARDS, None, tmp_path, clips=clips), print)
    folders = Folders(tmp_path, CARDS, weights, tmp_path, clips=clips)
    (learnt,) = (source.shelf for source in lesson(made, folders, print))
    assert names([learnt]) == [f"car-detection-{188 * k}" for k in range(3)]
    reported = exam(replace(made, rendered_test=()), folders, print).shelves["films"]
    assert [name.rsplit("-", 1)[0] for name in names([reported])] == ["one-by-one-person-detection"] * 2
    assert not choice(replace(made, rendered_choice=()), folders, print).shelves


def test_what_was_made_is_kept(folders):
    told = []
    first = choice(MADE, folders, told.append)
    assert any("making it" in line for line in told)
    told.clear()
    again = choice(MADE, folders, told.append)
    assert not any("making it" in line for line in told)
    assert names(again.shelves.values()) == names(first.shelves.values())
