"""Nothing of a body comes out of a redaction: by known random textures, and by a sample clip's truth."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from edge.evaluate.leak import Leak, leak
from edge.privacy.fill import grid_of
from edge.privacy.redaction import DARK
from edge.privacy.street import Street
from edge.privacy.trails import Hold
from edge.run import redact as redacting
from edge.run.bare import bare_node
from edge.run.film import Film
from edge.run.overlay import colour_of
from edge.run.redact import Reading, pictures, planned, tracker_of
from edge.run.verb_redact import Request, redact
from edge.run.wiring.redacting import frames_of, reading_of
from edge.samples.scene_file import load_scene
from edge.samples.stage import SUPERSAMPLE, Stage
from edge.values.detections import Detections, NotAnswered, Unanswered
from edge.values.errors import CameraError, ConfigError
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S
from tests.fakes.clips import access_units, clip
from tests.fakes.frames import frame_of
from tests.fakes.replays import CLIPS

FPS, PICTURES, SIZE = 10, 80, Size(192, 112)
WIDE, HIGH, TOP = 24, 56, 40
TEXTURE = np.random.default_rng(5).integers(0, 2, (HIGH // 4, WIDE // 4, 1)).repeat(3, 2) * 200 + 25
PERSON = TEXTURE.repeat(4, 0).repeat(4, 1).astype(np.uint8)
STREET = np.random.default_rng(6).integers(90, 130, (112, 192, 3)).astype(np.uint8)
FILLS = np.array([DARK, np.mean(colour_of("person"))])
NO_HOLD = Hold(ends_s=0.0, gap_s=0.0, near_s=0.0)

Walk = Callable[[int], int | None]
"""Left edge of the person in picture n; None while nobody is there."""


def still(_index: int) -> int:
    return 80


def walking(index: int) -> int | None:
    return None if not 10 <= index < 50 else (index - 10) * 4


def staying(index: int) -> int | None:
    """Comes in after a second and stands until the end."""
    return None if index < 10 else min(80, (index - 10) * 8)


def leaving(index: int) -> int | None:
    """Stands for most of the clip, then goes."""
    return 80 if index < 55 else 80 + (index - 55) * 8 if index < 69 else None


def arriving(index: int) -> int | None:
    """Comes in at the end and stands for the last second."""
    return None if index < 60 else min(80, (index - 60) * 10)


def drawn(where: Walk, index: int) -> np.ndarray:
    picture, left = STREET.copy(), where(index)
    if left is not None:
        body = PERSON[:, : max(0, SIZE.width - left)]
        picture[TOP : TOP + HIGH, left : left + body.shape[1]] = body
    return picture


class Blinking:
    """A detector that sees the person only at some moments, and answers nothing at others."""

    labels = ("person", "car")

    def __init__(self, where: Walk, sees: Callable[[int], bool], silent: frozenset[int] = frozenset()):
        self._where, self._sees, self._silent = where, sees, silent

    def detect(self, frame: Frame) -> Detections | NotAnswered:
        index = round(frame.moment.mono_ns / NS_PER_S * FPS)
        if index in self._silent:
            return NotAnswered(Unanswered.FAILED)
        left = self._where(index)
        if left is None or not self._sees(index):
            return Detections.none()
        return Detections.of([[left, TOP, min(left + WIDE, SIZE.width), TOP + HIGH]], [0.5], [0])


def reading(path: Path, detector: Blinking, hold: Hold = Hold()) -> Reading:  # noqa: B008 (frozen)
    frames = partial(frames_of, path, lambda size: size)
    return Reading(frames, frames, detector, tracker_of((0.1, 0.1), 0.1, hold), 5.0, hold)


def decoded(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as container:
        for picture in container.decode(video=0):
            yield picture.to_ndarray(format="rgb24")


def texture_in(picture: np.ndarray, left: int) -> float:
    """How much of the person's texture a picture shows at a place: 1 for all, 0 for nothing of it."""
    there = unfilled(picture[TOP : TOP + HIGH, left : left + WIDE])
    known = unfilled(PERSON[:, : there.shape[1]])
    known = known - known.mean()
    return float((there * known).sum() / (known * known).sum())


def unfilled(pixels: np.ndarray) -> np.ndarray:
    """What is left of a picture's brightness without the colours of fills, whose borders are no texture."""
    grey = pixels.mean(axis=2)
    return grey - FILLS[np.abs(grey[..., None] - FILLS).argmin(axis=2)]


def shown(path: Path, out: Path, where: Walk, detector: Blinking, hold: Hold = Hold()) -> list[float]:  # noqa: B008
    """The texture in every picture of the written copy where the person is."""
    job = reading(path, detector, hold)
    with Film(out, FPS) as film:
        for each in pictures(job, planned(job, lambda _: None), lambda _: None):
            film.add(each.pixels, each.at_s)
    copies = list(decoded(out))
    assert len(copies) == PICTURES
    lefts = [where(index) for index in range(PICTURES)]
    return [
        texture_in(copy, left)
        for copy, left in zip(copies, lefts, strict=True)
        if left is not None and left < SIZE.width - 8
    ]


def never(_index: int) -> bool:
    return False


def seldom(index: int) -> bool:
    """At 1.6, 4 and 6.4 s: gaps of 2.4 s, and nothing at the clip's beginning and end."""
    return index in (16, 40, 64)


@pytest.fixture(scope="module")
def clip_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Walk], Path]:
    folder = tmp_path_factory.mktemp("textures")

    def made(where: Walk) -> Path:
        path = folder / f"{where.__name__}.mp4"
        if not path.exists():
            clip(path, PICTURES, fps=FPS, size=SIZE, draw=partial(drawn, where))
        return path

    return made


@pytest.mark.parametrize(
    ("where", "sees"),
    [
        pytest.param(still, seldom, id="stands through the clip, seen three times"),
        pytest.param(walking, never, id="walks by, never seen"),
        pytest.param(staying, never, id="walks in and stands, never seen"),
        pytest.param(arriving, never, id="walks in and stands for the last second, never seen"),
        pytest.param(leaving, never, id="stands for most of the clip and leaves, never seen"),
        pytest.param(leaving, seldom, id="stands and leaves, seen three times"),
    ],
)
def test_nothing_of_a_known_texture_comes_out(
    clip_of: Callable[[Walk], Path], tmp_path: Path, where: Walk, sees: Callable[[int], bool]
):
    path = clip_of(where)
    originals = zip(decoded(path), map(where, range(PICTURES)), strict=True)
    assert all(texture_in(p, left) > 0.8 for p, left in originals if left is not None and left < 160)
    assert max(map(abs, shown(path, tmp_path / "o.mp4", where, Blinking(where, sees)))) < 0.01


def test_without_holding_over_gaps_the_texture_comes_out(clip_of: Callable[[Walk], Path], tmp_path: Path):
    # The mutant: the same clip and detector; the check above can fail.
    came_out = shown(clip_of(still), tmp_path / "o.mp4", still, Blinking(still, seldom), NO_HOLD)
    assert sum(share > 0.8 for share in came_out) > PICTURES / 2


def test_who_never_moves_and_is_never_found_comes_out_and_the_docs_say_so(
    clip_of: Callable[[Walk], Path], tmp_path: Path
):
    assert min(shown(clip_of(still), tmp_path / "o.mp4", still, Blinking(still, never))) > 0.8


def test_pictures_without_an_answer_show_nothing_at_all(clip_of: Callable[[Walk], Path]):
    job = reading(clip_of(still), Blinking(still, never, frozenset({20, 22})))
    plain = [bool(np.ptp(each.pixels) == 0) for each in pictures(job, planned(job, lambda _: None), print)]
    assert [index for index, blank in enumerate(plain) if blank] == list(range(19, 24))


def test_what_changes_from_one_picture_to_the_next_is_filled_also_where_the_street_is_restless() -> None:
    """Each of the two is near enough to what lasts there, and they are far from each other."""
    middle = np.full((SIZE.height, SIZE.width, 3), 120, np.uint8)
    rows, columns = grid_of(SIZE.height, SIZE.width)
    street = Street(middle, np.full((rows, columns), 12.0), np.zeros((rows, columns), np.bool_))
    faint = [middle.copy() for _ in range(3)]
    for picture, step in zip(faint, (10, -10, -10), strict=True):
        picture[48:56, 80:88] = 120 + step
    frames = [frame_of(pixels, number) for number, pixels in enumerate(faint)]
    filled = [
        np.unpackbits(np.frombuffer(each, np.uint8), count=rows * columns).reshape(rows, columns)
        for each in redacting._strange(frames, street, SIZE, lambda _: None)
    ]
    assert [int(each.sum()) for each in filled] == [0, 9, 0]
    assert filled[1][6, 10]


def test_a_clip_without_pictures_is_told(clip_of: Callable[[Walk], Path]):
    job = replace(reading(clip_of(still), Blinking(still, never)), small=lambda: iter(()))
    with pytest.raises(CameraError, match="no picture"):
        planned(job, lambda _: None)


def stretch_leak(hold: Hold, seen_every: int = 1) -> Leak:
    """Persons' pixels that come out of the first four seconds of a sample clip, by its exact truth."""
    scene, seed = load_scene(CLIPS / "scenes" / "gate.yaml", None)
    truth, count = Stage(scene, seed, SUPERSAMPLE), round(4 * scene.fps)
    job = reading_of(bare_node("street-nano"), CLIPS / "gate.mp4", 10.0, hold)
    job = replace(job, small=lambda small=job.small: islice(small(), count))
    plan = planned(job, lambda _: None)
    assert len(plan) == count
    whole = [plan.region(n, at_s) for n, at_s in enumerate(plan.times_s)]
    assert not any(region.whole for region in whole), "a picture that is filled whole proves nothing"
    bodies = frozenset({"person"})
    return sum(
        (leak(truth.bodies(n, bodies), whole[n].covers(scene.size)) for n in range(0, count, seen_every)),
        Leak(),
    )


def test_no_pixel_of_a_person_comes_out_of_a_sample_clip():
    result = stretch_leak(Hold(), seen_every=2)
    assert result.pixels > 10_000
    assert result.shown == 0, f"{result.share:.3%} of the persons' pixels come out"


def request(path: Path, out: Path, **more: object) -> Request:
    return replace(Request(path, out, None, None, "street-nano", 1.0, as_json=False), **more)


def test_the_verb_writes_the_same_bytes_twice_and_tells_what_is_left(
    clip_of: Callable[[Walk], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    outs = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for out in outs:
        redact(request(clip_of(walking), out))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert f"{PICTURES} pictures" in capsys.readouterr().out
    assert sorted(tmp_path.iterdir()) == outs
    assert len(list(decoded(outs[0]))) == PICTURES


def test_nothing_is_overwritten(clip_of: Callable[[Walk], Path], tmp_path: Path):
    out = tmp_path / "there.mp4"
    out.write_bytes(b"kept")
    with pytest.raises(ConfigError, match="nothing is overwritten"):
        redact(request(clip_of(still), out))
    assert out.read_bytes() == b"kept"


def test_after_the_picture_changed_its_size_nothing_is_shown(tmp_path: Path):
    clip_of_two = access_units(tmp_path / "two.h264", (320, 180), (160, 96), pictures=15)
    redact(request(clip_of_two, tmp_path / "o.mp4"))
    copies = list(decoded(tmp_path / "o.mp4"))
    assert len(copies) == 30
    assert {copy.shape for copy in copies} == {(180, 320, 3)}
    assert np.ptp(copies[0]) > 50
    assert max(int(np.ptp(copy)) for copy in copies[15:]) < 10


def test_a_clip_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"nowhere\.mp4: there is no such clip"):
        redact(request(tmp_path / "nowhere.mp4", tmp_path / "o.mp4"))


def test_a_failed_redaction_leaves_no_half_file(tmp_path: Path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(CameraError):
        redact(request(broken, tmp_path / "o.mp4"))
    assert list(tmp_path.iterdir()) == [broken]
