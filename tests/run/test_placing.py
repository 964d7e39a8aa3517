"""What a measured place looks like is kept once, and known again after a restart."""

from pathlib import Path

import numpy as np

from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.run.wiring.placing import view_of
from edge.values.camera_state import Reason
from edge.view.landmarks import Landmarks, Memory
from edge.view.watch import ViewWatch

GROUND = Ground(Lens(16 / 9, 0.0), np.eye(3), np.zeros((0, 3, 3)))
MEMORY = Memory(np.random.default_rng(1).random((56, 102)).astype(np.float32) * 2, 0.8)


def known() -> ViewWatch:
    view = ViewWatch()
    view._landmarks = Landmarks.of(MEMORY)
    return view


def test_it_is_kept_once_it_is_known_and_known_after_a_restart(tmp_path: Path) -> None:
    view, keep = view_of(tmp_path, "gate", GROUND)
    keep(view)
    assert not list(tmp_path.iterdir()), "nothing is known yet"
    keep(known())
    (file,) = (tmp_path / "landmarks").iterdir()
    first = file.read_bytes()
    other = known()
    other._landmarks = Landmarks.of(Memory(MEMORY.mean[::-1].copy(), 0.9))
    keep(other)
    assert file.read_bytes() == first, "what it looked like when it was measured stays"
    again, _ = view_of(tmp_path, "gate", GROUND)
    assert again.memory is not None


def test_nothing_is_kept_of_a_turned_camera_or_of_one_without_measured_ground(tmp_path: Path) -> None:
    _, keep = view_of(tmp_path, "gate", GROUND)
    turned = known()
    turned.reason = Reason.MOVED_PICTURE
    keep(turned)
    _, keep = view_of(tmp_path, "gate", None)
    keep(known())
    assert not list(tmp_path.iterdir())


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "landmarks").write_text("in the way")
    _, keep = view_of(tmp_path, "gate", GROUND)
    keep(known())
