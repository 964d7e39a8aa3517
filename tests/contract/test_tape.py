"""The contract of a tape, on the fake and on libav: stretches in order, and all that came before a fault."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from edge.adapters.av_spec import SourceSpec
from edge.adapters.av_tape import AvTape
from edge.footage.cutter import CutSpec
from edge.ports import Tape
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from tests.fakes.clips import access_units
from tests.fakes.clock import FakeClock
from tests.fakes.footage_store import FakeTape, stretches
from tests.fakes.vaults import stretch

Make = Callable[[], Tape]


@pytest.fixture(params=["fake", "libav"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A recording of five seconds in more than one stretch."""
    if request.param == "fake":
        return lambda: FakeTape([stretch(at, lasts_s=2) for at in (0, 2, 4)])
    units = access_units(tmp_path / "street.h264")
    clock = FakeClock()
    spec = SourceSpec(url=str(units))
    return lambda: AvTape(spec, "plaza", clock, CutSpec(0.6), sleep=clock.pass_s)


def test_stretches_follow_each_other_until_the_end(make: Make) -> None:
    tape = make()
    found = list(stretches(tape))
    assert len(found) >= 2
    for earlier, later in pairwise(found):
        assert earlier.began < earlier.ended
        assert abs(later.began.seconds_since(earlier.ended)) < 0.2
    assert tape.read() is None
    assert tape.packets > 0


def test_after_close_there_is_an_end(make: Make) -> None:
    tape = make()
    assert tape.read() is not None
    tape.close()
    for _ in range(4):
        if tape.read() is None:
            return
    pytest.fail("a closed tape went on")


def test_what_came_before_a_fault_is_given_out_first() -> None:
    tape = FakeTape([stretch()], CameraError("gone", Reason.STREAM_ENDED))
    assert tape.read() is not None
    with pytest.raises(CameraError):
        tape.read()
