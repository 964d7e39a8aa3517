"""The motion gate: open for people however small, shut for noise and light, never shut for long."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.detect.cells import cell_sums
from edge.detect.light import Light
from edge.detect.motion import MotionGate, MotionSpec
from tests.fakes.frames import frame_of

Picture = npt.NDArray[np.uint8]
Scene = npt.NDArray[np.float64]

HEIGHT, WIDTH = 234, 416


def backdrop(seed: int = 3) -> Scene:
    """Paving of 6×6 pixels, so that light has texture to fall on."""
    tiles = np.random.default_rng(seed).integers(60, 180, (HEIGHT // 6 + 1, WIDTH // 6 + 1, 3))
    return tiles.repeat(6, axis=0).repeat(6, axis=1)[:HEIGHT, :WIDTH].astype(float)


class Watched:
    """A gate before a noisy camera."""

    def __init__(self, noise: float = 2.0, spec: MotionSpec | None = None, seed: int = 5) -> None:
        self.gate = MotionGate(spec or MotionSpec(heartbeat_s=1e6, hold_s=0.0))
        self._chance, self._seq = np.random.default_rng(seed), 0
        self._noises = (
            self._chance.normal(0, noise, (8, HEIGHT, WIDTH, 3)).astype(np.float32) if noise else None
        )

    def wants(self, scene: Scene, tracks_need: bool = False) -> bool:
        noisy = scene if self._noises is None else scene + self._noise()
        frame = frame_of(np.clip(noisy, 0, 255).astype(np.uint8), self._seq)
        self._seq += 1
        return self.gate.wants(frame, tracks_need)

    def _noise(self) -> Scene:
        assert self._noises is not None
        fields, columns = self._noises.shape[0], self._noises.shape[2]
        noise: Scene = np.roll(
            self._noises[self._chance.integers(fields)], self._chance.integers(columns), axis=1
        )
        return noise

    def settled(self, scene: Scene, pictures: int = 80) -> "Watched":
        """Let it get to know the noise."""
        for _ in range(pictures):
            self.wants(scene)
        return self


def with_person(scene: Scene, x: int, y: int, contrast: float, height: int = 12) -> Scene:
    """A person `height` pixels tall and a third as wide."""
    peopled = scene.copy()
    peopled[y : y + height, x : x + max(2, height // 3)] += contrast
    return peopled


@pytest.mark.parametrize(
    ("noise", "contrast"), [(0.0, 20.0), (0.0, -20.0), (1.0, 20.0), (1.0, -20.0), (2.0, 30.0), (2.0, -30.0)]
)
def test_a_person_twelve_pixels_tall_opens_it_at_the_second_sight(noise: float, contrast: float) -> None:
    scene = backdrop()
    watched = Watched(noise).settled(scene)
    places = np.random.default_rng(11)
    for _ in range(30):
        x, y = int(places.integers(0, WIDTH - 6)), int(places.integers(0, HEIGHT - 12))
        sights = [watched.wants(with_person(scene, x + step, y, contrast)) for step in (0, 2)]
        assert any(sights), (x, y)
        watched.wants(scene)
        watched.wants(scene)


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_a_person_large_enough_to_cross_between_two_pictures_opens_it_at_once(noise: float) -> None:
    scene = backdrop()
    watched = Watched(noise).settled(scene)
    for x in range(0, WIDTH - 12, 37):
        assert watched.wants(with_person(scene, x, 100, 30.0, height=36)), x
        watched.wants(scene)


def test_rain_does_not_open_it() -> None:
    scene = backdrop()
    watched, chance = Watched(1.0).settled(scene), np.random.default_rng(4)

    def rain() -> Scene:
        wet = scene.copy()
        x, y = int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT - 8))
        wet[y : y + 8, x] += 60
        return wet

    assert sum(watched.wants(rain()) for _ in range(100)) <= 10


@pytest.mark.parametrize("corner", [(0, 0), (WIDTH - 4, 0), (0, HEIGHT - 12), (WIDTH - 4, HEIGHT - 12)])
def test_the_corners_of_the_picture_are_watched_too(corner: tuple[int, int]) -> None:
    scene = backdrop()
    watched, peopled = Watched().settled(scene), with_person(scene, *corner, 25.0)
    assert any([watched.wants(peopled), watched.wants(peopled)])


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_change_of_one_colour_alone_opens_it(channel: int) -> None:
    scene = backdrop()
    coloured = scene.copy()
    coloured[100:124, 200:208, channel] += 60
    watched = Watched().settled(scene)
    assert any([watched.wants(coloured), watched.wants(coloured)])


@pytest.mark.parametrize("noise", [0.0, 1.0, 2.0, 4.0])
def test_noise_alone_rarely_opens_it(noise: float) -> None:
    scene = backdrop()
    watched = Watched(noise).settled(scene)
    assert sum(watched.wants(scene) for _ in range(200)) <= 10


def test_light_that_changes_by_one_factor_does_not_open_it() -> None:
    scene = backdrop()
    watched = Watched(1.0).settled(scene)
    assert not any(watched.wants(scene * light) for light in (1.03, 0.97, 1.1, 0.9, 1.2, 0.8))


def test_a_lamp_that_flickers_over_a_part_of_the_picture_hardly_opens_it() -> None:
    scene = backdrop()
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    glow = np.exp(-((rows - 60) ** 2 + (columns - 300) ** 2) / 2 / 90**2)[..., None]
    watched = Watched(1.0).settled(scene)
    assert sum(watched.wants(scene * (1 + 0.15 * (n % 2) * glow)) for n in range(20)) <= 5


def test_a_person_is_seen_under_changed_light() -> None:
    scene = backdrop()
    watched = Watched(1.0).settled(scene)
    assert watched.wants(with_person(scene * 0.85, 200, 100, 40.0, height=24))


def test_slow_change_adds_up_until_it_is_seen() -> None:
    scene = backdrop()
    watched = Watched(1.0).settled(scene)
    opened = [watched.wants(with_person(scene, 100 + step // 4, 100, 40.0, height=36)) for step in range(80)]
    assert sum(opened) >= 8


def test_a_swaying_tree_is_learned_and_a_person_before_it_is_still_seen() -> None:
    scene = backdrop()
    watched = Watched(1.0).settled(scene)
    swaying = np.random.default_rng(9)

    def tree() -> Scene:
        moved = scene.copy()
        moved[40:120, 40:120] += swaying.normal(0, 4, (80, 80, 1))
        return moved

    for _ in range(200):
        watched.wants(tree())
    assert sum(watched.wants(tree()) for _ in range(50)) <= 10
    assert watched.wants(with_person(tree(), 70, 60, 60.0, height=36))


def test_the_first_picture_and_a_new_size_are_always_wanted() -> None:
    watched = Watched(0.0)
    assert watched.wants(backdrop())
    assert not watched.wants(backdrop())
    assert watched.wants(backdrop()[:180, :320])


def test_a_heartbeat_is_wanted_while_nothing_moves() -> None:
    watched = Watched(0.0, MotionSpec(heartbeat_s=2.0, hold_s=0.0))
    wanted = [watched.wants(backdrop()) for _ in range(31)]
    assert [seq for seq, want in enumerate(wanted) if want] == [0, 10, 20, 30]
    assert (watched.gate.asked, watched.gate.gated) == (4, 27)


def test_it_stays_open_for_a_while_after_motion() -> None:
    watched = Watched(0.0, MotionSpec(heartbeat_s=100.0, hold_s=1.0))
    for _ in range(10):
        watched.wants(backdrop())
    moved = watched.wants(with_person(backdrop(), 200, 100, 60.0))
    after = [watched.wants(with_person(backdrop(), 200, 100, 60.0)) for _ in range(8)]
    assert moved
    assert after == [True] * 5 + [False] * 3


def test_tracks_that_need_it_keep_it_open() -> None:
    watched = Watched(0.0)
    watched.wants(backdrop())
    assert [watched.wants(backdrop(), tracks_need=need) for need in (True, False, True)] == [
        True,
        False,
        True,
    ]


def test_an_answer_that_never_came_is_asked_for_again() -> None:
    watched = Watched(0.0)
    watched.wants(backdrop())
    watched.gate.forget()
    assert watched.wants(backdrop())
    assert not watched.wants(backdrop())


def test_a_gate_that_is_off_wants_everything() -> None:
    watched = Watched(0.0, MotionSpec(enabled=False))
    assert all(watched.wants(backdrop()) for _ in range(5))
    assert (watched.gate.asked, watched.gate.gated) == (5, 0)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_any_size_of_picture_is_served(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    gate = MotionGate(MotionSpec(heartbeat_s=100.0, hold_s=0.0))
    assert gate.wants(frame_of(picture, 0), False)
    assert not gate.wants(frame_of(picture, 1), False)
    other = [gate.wants(frame_of(picture[:, ::-1].copy(), seq), False) for seq in (2, 3)]
    assert any(other) or min(height, width) < 24


def test_cells_are_summed_exactly() -> None:
    samples = np.random.default_rng(0).integers(0, 256, (24, 40), dtype=np.uint8)
    assert np.array_equal(cell_sums(samples), samples.astype(int).reshape(6, 4, 10, 4).sum((1, 3)))
    assert cell_sums(np.full((4, 4), 255, np.uint8)).tolist() == [[16 * 255]]


def test_light_is_transferred_and_texture_is_not() -> None:
    chance = np.random.default_rng(2)
    before = chance.integers(60, 160, (96, 180), dtype=np.uint8)
    now = (before * 1.25 + 0.5).astype(np.uint8)
    light = Light((96, 180))
    assert np.abs(light.transferred(now, before).astype(int) - now).max() <= 2
    assert np.abs(light.transferred(before, before).astype(int) - before).max() <= 1
    other = chance.permutation(before.ravel()).reshape(before.shape)
    assert np.abs(light.transferred(other, before).astype(int) - other).mean() > 20


@pytest.mark.parametrize("wrong", [{"heartbeat_s": 0.0}, {"hold_s": -1.0}])
def test_an_impossible_gate_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a motion gate wants"):
        MotionSpec(**wrong)  # type: ignore[arg-type]
