"""Shelves come back as they were, and no scene lies on both sides of the split."""

import numpy as np

from models.training.data import Labelled, Shelf, held_back, scenes


def picture(seed, name="p", height=48, width=72, boxes=1):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (4, 6, 3)).repeat(height // 4, 0).repeat(width // 6, 1).astype(np.uint8)
    corners = np.array([[1, 2, 30, 40]] * boxes, np.float32).reshape(-1, 4)
    return Labelled(name, small, corners, np.zeros(boxes, np.int64), np.ones(boxes, np.float32))


def test_a_shelf_survives_its_file(tmp_path):
    shelf = Shelf([picture(1, "one"), picture(2, "two", 60, 36, 0), picture(3, "three", boxes=2)])
    shelf.save(tmp_path / "shelf.npz")
    back = Shelf.load(tmp_path / "shelf.npz")
    assert len(back) == 3
    for index in range(3):
        assert back[index].name == shelf[index].name
        for part in ("pixels", "boxes", "kinds", "scores"):
            assert np.array_equal(getattr(back[index], part), getattr(shelf[index], part))
    assert [p.name for p in tmp_path.iterdir()] == ["shelf.npz"]


def test_pictures_that_look_alike_are_one_scene_wherever_they_lie():
    scene = scenes(Shelf([picture(1), picture(2), picture(3), picture(1)]))
    assert scene[0] == scene[3]
    assert len(set(scene.tolist())) == 3


def test_a_scene_is_held_back_whole_or_not_at_all():
    scene = np.repeat(np.arange(40), 5)
    held = held_back(scene, 0.1, seed=3)
    assert 20 <= held.sum() <= 25
    for number in range(40):
        assert len(set(held[scene == number].tolist())) == 1


def test_a_huge_scene_is_never_the_test():
    scene = np.concatenate((np.zeros(100, np.int64), np.arange(1, 101)))
    assert not held_back(scene, 0.1, seed=1)[:100].any()


def test_the_split_depends_on_its_seed_alone():
    scene = np.arange(100)
    assert np.array_equal(held_back(scene, 0.1, 7), held_back(scene, 0.1, 7))
    assert not np.array_equal(held_back(scene, 0.1, 7), held_back(scene, 0.1, 8))
