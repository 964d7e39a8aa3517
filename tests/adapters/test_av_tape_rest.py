"""A live stream is read in bursts: what comes meanwhile waits in the kernel, and is dated as it came."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from edge.adapters import av_tape
from edge.adapters.av_spec import SourceSpec, Transport
from edge.adapters.av_stream import AvStream
from edge.adapters.av_tape import AvTape
from edge.footage.cutter import CutSpec
from edge.values.errors import CameraError
from edge.values.moment import Moment
from edge.values.recorded import Recorded
from tests.adapters.test_av_tape import pictures
from tests.fakes.clips import clip
from tests.fakes.clock import FakeClock
from tests.fakes.footage_store import stretches

FPS, SECONDS = 25, 12
STEP_S = 1 / FPS
URL = "rtsp://camera/street"


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = {"preset": "ultrafast", "x264-params": "keyint=25:scenecut=0"}
    return clip(tmp_path_factory.mktemp("rest") / "street.mp4", FPS * SECONDS, fps=FPS, options=options)


@dataclass
class Camera:
    """Sends the pictures of a clip when they are due; whoever reads takes a while for each.

    Attributes:
        reading_s: of one packet.
        rests: how long the reader left it alone, each time, and when.
        behind: packets that waited in the kernel when one was read.
    """

    film: Path
    reading_s: float = 0.0005
    clock: FakeClock = field(default_factory=FakeClock)
    rests: list[tuple[float, Moment]] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)

    def stream(self, _: SourceSpec) -> Any:
        self.real = AvStream(SourceSpec(url=str(self.film)))
        self.video, self.began = self.real.video, self.clock.now()
        return self

    def packets(self) -> Iterator[Any]:
        for number, packet in enumerate(self.real.packets()):
            late_s = self.clock.now().seconds_since(self.began) - number * STEP_S
            self.behind.append(int(max(0.0, late_s) / STEP_S))
            self.clock.pass_s(max(0.0, -late_s) + self.reading_s)
            yield packet

    def close(self) -> None:
        self.real.close()

    def rest(self, seconds: float) -> None:
        self.rests.append((seconds, self.clock.now()))
        self.clock.pass_s(seconds)

    def recorded(self, monkeypatch: pytest.MonkeyPatch, **spec: Any) -> list[Recorded]:
        monkeypatch.setattr(av_tape, "AvStream", self.stream)
        tape = AvTape(SourceSpec(url=URL, **spec), "plaza", self.clock, CutSpec(4.0), sleep=self.rest)
        found: list[Recorded] = []
        with pytest.raises(CameraError, match="closed the stream"):
            found.extend(stretches(tape))
        return found


def all_of(found: list[Recorded]) -> list[str]:
    return [each for stretch in found for each in pictures(bytes(stretch.container))]


def test_a_stream_by_tcp_is_read_in_bursts_and_nothing_is_lost_or_dated_later(
    street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera(street)
    found = camera.recorded(monkeypatch)
    assert all_of(found) == pictures(street)
    assert SECONDS < len(camera.rests) <= 2 * SECONDS + 1, "about two bursts a second"
    assert max(seconds for seconds, _ in camera.rests) == av_tape.REST_S
    for number, each in enumerate(found):
        assert abs(each.began.seconds_since(camera.began) - 4.0 * number) < 0.05
        assert abs(each.ended.seconds_since(camera.began) - 4.0 * (number + 1)) < 0.05


def test_the_first_second_is_read_as_it_comes(street: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then nobody knows how much comes, and the connection's window is small."""
    camera = Camera(street)
    camera.recorded(monkeypatch)
    assert camera.rests[0][1].seconds_since(camera.began) > 1.0


def test_a_large_stream_is_left_alone_for_less(street: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av_tape, "MOST_RESTED_BYTES", 1000)
    camera = Camera(street)
    camera.recorded(monkeypatch)
    assert 0 < max(seconds for seconds, _ in camera.rests) < av_tape.REST_S


def test_a_reader_that_is_behind_never_rests(street: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with too much to do reads on until it has caught up; otherwise it would never."""
    camera = Camera(street, reading_s=0.039)
    found = camera.recorded(monkeypatch)
    assert all_of(found) == pictures(street)
    assert max(camera.behind) <= av_tape.REST_S / STEP_S + 1


def test_datagrams_are_not_left_to_a_kernel_that_drops_them(
    street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera(street)
    camera.recorded(monkeypatch, transport=Transport.UDP)
    assert camera.rests == []


def test_mutant_a_reader_that_always_rests_falls_behind(
    street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(av_tape, "FRESH_NS", 10**12)
    camera = Camera(street)
    camera.recorded(monkeypatch)
    assert max(camera.behind) > FPS * SECONDS // 2
