"""Speeds on the ground: unbiased, quick enough, and as sure as they say."""

import numpy as np
import pytest

from edge.scene.objects import Looks, Objects
from edge.scene.walking import everyone, follow
from edge.scene.walking import settled as settled_of
from edge.values.frame import Size
from edge.values.tracks import Tracks

FPS = 5


def objects(n: int) -> Objects:
    yes = np.ones(n, np.bool_)
    tracks = Tracks(
        np.arange(n), np.tile(np.float32([1, 1, 2, 3]), (n, 1)), np.full(n, 0.9, np.float32),
        np.zeros(n, np.int16), np.ones(n, np.int32), yes, yes.copy(),
    )  # fmt: skip
    found = Objects.first_seen(Looks.of(tracks, Size(10, 10)), 0, 1, 0)
    found.believed[:], found.depth[:] = True, 1.0
    return found


def settled(found: Objects, now: int) -> np.ndarray:
    return settled_of(found.ground, found.ground_ns, found.believed & found.live, now)


def followed(paths: np.ndarray, times: np.ndarray) -> Objects:
    """Objects after they were seen at places t×n×2, metres, at these seconds."""
    found, rows = objects(paths.shape[1]), np.arange(paths.shape[1])
    for k, at_m in enumerate(paths):
        step_s = np.full(len(rows), times[k] - times[k - 1] if k else 0.0)
        follow(found, rows, at_m, step_s, round(times[k] * 1e9))
    return found


@pytest.mark.parametrize("sd", [0.03, 0.085])
def test_a_speed_is_unbiased_and_errs_by_as_much_as_it_says(sd: float) -> None:
    rng, times = np.random.default_rng(2), np.arange(40) / FPS
    speeds = rng.normal(0, 1, (400, 2))
    paths = times[:, None, None] * speeds + rng.normal(0, sd, (40, 400, 2))
    found = followed(paths, times)
    off = found.speed_mps - speeds
    assert np.abs(off.mean(axis=0)).max() < 4 * off.std() / 20
    said = np.sqrt(found.noise_mps2.mean())
    assert said == pytest.approx(off.std(), rel=0.12)


def test_exact_places_give_exact_speeds_also_where_pictures_are_missing() -> None:
    times = np.delete(np.arange(40) / FPS, [11, 12, 20, 27])
    paths = times[:, None, None] * np.array([[1.3, -0.4], [0.0, 2.0]])
    found = followed(paths, times)
    assert found.speed_mps == pytest.approx(np.array([[1.3, -0.4], [0.0, 2.0]]), abs=0.01)
    assert np.sqrt(found.noise_mps2).max() < 0.02


def test_a_sudden_start_is_seen_within_a_second() -> None:
    times = np.arange(30) / FPS
    paths = np.maximum(times - 3.0, 0.0)[:, None, None] * np.array([[3.0, 0.0]])
    soon = followed(paths[:20], times[:20])  # 0.8 s after
    assert 2.0 < soon.speed_mps[0, 0] < 3.5


def test_who_is_beyond_the_horizon_or_new_has_no_speed() -> None:
    found = followed(np.full((10, 3, 2), np.nan), np.arange(10) / FPS)
    assert not len(settled(found, 2_000_000_000))
    fresh = followed(np.zeros((3, 2, 2)), np.arange(3) / FPS)
    assert not len(settled(fresh, 400_000_000))
    assert len(everyone(fresh.roll(("person",)), settled(fresh, 1_000_000_000), fresh.ground)) == 2


def test_who_comes_back_over_the_horizon_is_followed_anew() -> None:
    times = np.arange(30) / FPS
    paths = times[:, None, None] * np.array([[1.0, 0.0]])
    paths[10:14] = np.nan
    found = followed(paths, times)
    assert found.speed_mps[0] == pytest.approx([1.0, 0.0], abs=0.01)
    assert np.isfinite(found.noise_mps2).all()
    assert settled(found, round(times[-1] * 1e9)).tolist() == [0]
    assert not len(settled(followed(paths[:17], times[:17]), round(times[16] * 1e9)))
