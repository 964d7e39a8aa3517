from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from edge.config.spec import CameraSpec, StreamSpec
from edge.pipeline import Step
from edge.privacy.redaction import Redaction
from edge.privacy.trails import Hold
from edge.run.draw import Drawing
from edge.run.look import Look
from edge.run.redact import Reading, planned, tracker_of
from edge.scene.spec import LineSpec, ZoneSpec
from edge.values.detections import Answer, Detections, NotAnswered, Still, Unanswered
from edge.values.errors import ConfigError
from edge.values.event import Kind
from edge.values.fact import Direction, LineCrossed, Occupancy
from edge.values.frame import Frame, Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks
from tests.fakes.detector import FakeDetector
from tests.fakes.privacy import SIZE, an_event, person, redactor

LABELS = ("person", "car")
GREEN = np.array([0, 255, 0], np.uint8)
"""Nothing that is drawn has this colour: where it shows, a person does."""

CAMERA = CameraSpec(
    "plaza",
    "",
    StreamSpec("clip.mp4", None, None, "tcp", "software", loop=False, hang_s=8.0),
    None,
    5.0,
    False,
    (ZoneSpec("fountain", ((0.1, 0.6), (0.9, 0.6), (0.9, 0.9))),),
    (LineSpec("gate", ((0.1, 0.5), (0.9, 0.5))),),
    (((0.8, 0.0), (1.0, 0.0), (1.0, 0.3), (0.8, 0.3)),),
    (),
)
BODY = (40, 30, 56, 70)


def frame(seq: int, body: tuple[int, int, int, int] | None = BODY) -> Frame:
    pixels = np.full((90, 160, 3), 100, np.uint8)
    if body is not None:
        x1, y1, x2, y2 = body
        pixels[y1:y2, x1:x2] = GREEN
    return Frame("plaza", "r", seq, Moment(seq * 200_000_000, 0), pixels, Size(640, 360))


def tracks(*ids: int, seen: bool = True, box: tuple[int, int, int, int] = BODY) -> Tracks:
    n = len(ids)
    return Tracks(
        np.array(ids, np.int64).reshape(n),
        np.array([box] * n, np.float32).reshape(n, 4),
        np.full(n, 0.8, np.float32),
        np.zeros(n, np.int16),
        np.ones(n, np.int32),
        np.ones(n, np.bool_),
        np.full(n, seen, np.bool_),
    )


def look(
    shot: Frame, answer: Answer, followed: Tracks | None = None, facts: tuple = (), messages: tuple = ()
):
    return Look(shot, answer, Step(followed or Tracks.none(), facts, (), messages, ()))


def redaction(looks: tuple[Look, ...]) -> Redaction:
    """What is filled of these pictures, with a detector that says the same as in the looks."""
    answers = [Detections.none() if isinstance(one.answer, Still) else one.answer for one in looks]
    frames = [one.frame for one in looks]
    detector = FakeDetector(answers, LABELS)
    reading = Reading(
        lambda: frames, lambda: frames, detector, tracker_of((0.1, 0.1), 0.1, Hold()), 5.0, Hold()
    )
    return planned(reading, lambda _: None)


def video(path: Path, *looks: Look) -> list[np.ndarray]:
    with Drawing(path, CAMERA, LABELS, redaction(looks)) as drawing:
        for one in looks:
            drawing.add(one)
    with av.open(str(path)) as container:
        return [picture.to_ndarray(format="rgb24") for picture in container.decode(video=0)]


def anybody(picture: np.ndarray) -> bool:
    red, green, blue = picture.astype(int).transpose(2, 0, 1)
    return bool(((green > 200) & (red < 90) & (blue < 90)).any())


def found() -> Detections:
    return Detections.of([BODY], [0.8], [0])


def test_the_street_is_shown_and_would_show_a_person_who_never_moved_and_whom_nobody_saw(tmp_path: Path):
    # The measuring stick of the tests below: who stands through the whole clip, never found, is visible.
    pictures = video(tmp_path / "o.mp4", *(look(frame(n), Detections.none()) for n in range(4)))
    assert all(anybody(picture) for picture in pictures)
    assert len(pictures) == 4
    assert pictures[0].shape == (540, 960, 3)


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param([look(frame(n), found()) for n in range(4)], id="found, not yet followed"),
        pytest.param([look(frame(n), found(), tracks(1)) for n in range(4)], id="found and followed"),
        pytest.param([look(frame(n), Detections.none(), tracks(1, seen=False)) for n in range(4)], id="held"),
        pytest.param([look(frame(n), Still(), tracks(1)) for n in range(4)], id="nothing moves"),
        pytest.param([look(frame(n), NotAnswered(Unanswered.FAILED)) for n in range(4)], id="no answer"),
        pytest.param(
            [look(frame(n), Detections.none()) for n in range(2)]
            + [look(frame(n), found(), tracks(1)) for n in range(2, 5)],
            id="found late",
        ),
        pytest.param(
            [look(frame(n), found(), tracks(1)) for n in range(3)]
            + [look(frame(n), Detections.none()) for n in range(3, 5)],
            id="lost early",
        ),
        pytest.param(
            [look(frame(n, (20 + 20 * n, 30, 36 + 20 * n, 70)), Detections.none()) for n in range(5)],
            id="walks and is never found",
        ),
        pytest.param(
            [look(frame(n, None if n < 8 else BODY), Detections.none()) for n in range(12)],
            id="comes, stands still and is never found",
        ),
        pytest.param(
            [look(frame(n, (140, 5, 150, 20)), Detections.none()) for n in range(3)], id="in a mask"
        ),
    ],
)
def test_nobody_is_shown(tmp_path: Path, looks: list[Look]):
    pictures = video(tmp_path / "o.mp4", *looks)
    assert len(pictures) == len(looks)
    assert not any(anybody(picture) for picture in pictures)


def test_places_counts_and_events_are_drawn(tmp_path: Path):
    facts = (
        Occupancy(Moment(0, 0), "fountain", (person(),), (0.0,)),
        LineCrossed(Moment(0, 0), "gate", person(), Direction.FORWARD),
    )
    told = (redactor().event(an_event(kind=Kind.OCCUPANCY), SIZE),)
    plain, full = (
        video(tmp_path / f"{n}.mp4", look(frame(0, None), Detections.none(), None, *more))[0].astype(int)
        for n, more in enumerate(((), (facts, told)))
    )
    changed = np.abs(plain - full).max(axis=2) > 60
    assert changed[300:345, 60:480].any(), "the count of the zone"
    assert changed[250:275, 60:480].any(), "the count of the line"
    assert changed[500:, :400].any(), "the event"


def test_the_clips_own_time_is_kept(tmp_path: Path):
    path = tmp_path / "o.mp4"
    video(path, *(look(frame(seq, None), Detections.none()) for seq in (0, 1, 2, 7)))
    with av.open(str(path)) as container:
        times = [picture.time for picture in container.decode(video=0)]
    assert [round(b - a, 3) for a, b in pairwise(times)] == [0.2, 0.2, 1.0]


@pytest.mark.parametrize("name", ["no/such/folder/o.mp4", "o.unknown"])
def test_a_video_that_cannot_be_written_is_the_operators_to_mend(tmp_path: Path, name: str):
    with pytest.raises(ConfigError, match="cannot be written as a video"):
        Drawing(tmp_path / name, CAMERA, LABELS, redaction((look(frame(0, None), Detections.none()),)))
