"""What every counter of crowds must keep to, the scripted one and the real one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from edge.adapters.onnx_counter import OnnxCounter
from edge.ports import CrowdCounter
from edge.values.density import DensityMap
from tests.fakes.counters import FakeCounter, counting_model, map_of
from tests.fakes.frames import frame_of, grey_frame


def fake() -> CrowdCounter:
    return FakeCounter([map_of(np.array([[0.5, 0.5], [0.52, 0.5]]))])


def onnx() -> CrowdCounter:
    return OnnxCounter(counting_model())


@pytest.fixture(params=[fake, onnx])
def counter(request: pytest.FixtureRequest) -> CrowdCounter:
    make: Callable[[], CrowdCounter] = request.param
    return make()


def crowded() -> np.ndarray:
    wide = np.full((72, 128, 3), 100, np.uint8)
    wide[32:40, 64:80] = 255  # two people of 64 pixels
    return wide


def test_a_crowd_is_counted_where_it_stands(counter: CrowdCounter) -> None:
    told = counter.count(replace(grey_frame(), wide=crowded()))
    assert isinstance(told, DensityMap)
    assert told.people == pytest.approx(2.0, abs=0.01)
    rows, columns = np.nonzero(told.cells > 0.1)
    assert set(np.round((rows + 0.5) / told.rows, 1)) == {0.5}
    assert ((columns + 0.5) / told.columns >= 0.49).all() and ((columns + 0.5) / told.columns < 0.63).all()


def test_the_same_picture_gets_the_same_map(counter: CrowdCounter) -> None:
    one, other = (counter.count(replace(grey_frame(), wide=crowded())) for _ in range(2))
    assert isinstance(one, DensityMap) and isinstance(other, DensityMap)
    np.testing.assert_array_equal(one.cells, other.cells)


def test_a_map_says_what_told_it(counter: CrowdCounter) -> None:
    told = counter.count(replace(grey_frame(), wide=crowded()))
    assert isinstance(told, DensityMap)
    assert told.source.name and len(told.source.sha256) == 64 and 0 < told.source.error < 1


def test_a_frame_without_a_wide_picture_is_a_mistake_of_the_wiring(counter: CrowdCounter) -> None:
    with pytest.raises(ValueError, match="wide"):
        counter.count(frame_of(np.zeros((36, 64, 3), np.uint8)))
