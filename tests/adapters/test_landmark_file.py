"""The look of a measured place is kept whole, for its camera and its measurement alone."""

from pathlib import Path

import numpy as np
import pytest

from edge.adapters.landmark_file import LandmarkFile
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.values.errors import StorageError
from edge.view.landmarks import Memory

MEAN = np.random.default_rng(1).random((56, 102)).astype(np.float32)
MEMORY = Memory(MEAN, 0.8)


def ground(scale: float = 1.0) -> Ground:
    return Ground(Lens(16 / 9, 0.0), np.diag([scale, scale, 1.0]), np.zeros((0, 3, 3)))


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    LandmarkFile(tmp_path, "gate", ground()).keep(MEMORY)
    kept = LandmarkFile(tmp_path, "gate", ground()).load()
    assert kept is not None
    assert kept.mean == pytest.approx(MEAN, abs=2e-3)
    assert kept.usual == 0.8


def test_another_camera_and_another_measurement_know_nothing_of_it(tmp_path: Path) -> None:
    LandmarkFile(tmp_path, "gate", ground()).keep(MEMORY)
    assert LandmarkFile(tmp_path, "yard", ground()).load() is None
    assert LandmarkFile(tmp_path, "gate", ground(2.0)).load() is None


def test_a_new_measurement_takes_the_place_of_the_old_and_of_no_other_camera(tmp_path: Path) -> None:
    old, other = LandmarkFile(tmp_path, "gate", ground()), LandmarkFile(tmp_path, "gate-2", ground())
    old.keep(MEMORY)
    other.keep(MEMORY)
    LandmarkFile(tmp_path, "gate", ground(2.0)).keep(MEMORY)
    assert old.load() is None
    assert other.load() is not None
    assert len(list((tmp_path / "landmarks").iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"PK", b"no archive", b"\x93NUMPY" + bytes(40)])
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: bytes) -> None:
    file = LandmarkFile(tmp_path, "gate", ground())
    file.keep(MEMORY)
    file.path.write_bytes(damage or file.path.read_bytes()[:-40])
    assert file.load() is None


def test_values_that_cannot_be_are_none(tmp_path: Path) -> None:
    file = LandmarkFile(tmp_path, "gate", ground())
    file.keep(MEMORY)
    np.savez(file.path, mean=np.full((3, 3), np.nan), usual=0.8)
    assert file.load() is None


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "landmarks").write_text("in the way")
    with pytest.raises(StorageError, match="landmarks"):
        LandmarkFile(tmp_path, "gate", ground()).keep(MEMORY)
