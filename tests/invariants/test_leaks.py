"""The measuring stick of the pixels' invariant: a texture is found in every coding, and in nothing else."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.values.frame import Pixels
from tests.fakes.clips import clip
from tests.fakes.leaks import CHANCE
from tests.invariants.pixels import BODY, GRAIN, RIM, SIZE, STANDING, STANDS_AT, TEXTURE, walking

WHOLE = walking(14)
SMALL = cv2.resize(WHOLE, (SIZE.width // 5, SIZE.height // 5), interpolation=cv2.INTER_AREA)


def coded(suffix: str, picture: np.ndarray = WHOLE) -> bytes:
    done, content = cv2.imencode(suffix, picture[:, :, ::-1])
    assert done
    return content.tobytes()


@pytest.mark.parametrize(
    "code",
    [
        WHOLE.tobytes,
        lambda: b"some bytes before " + WHOLE.tobytes(),
        lambda: WHOLE.mean(axis=2).astype(np.uint8).tobytes(),
        SMALL.tobytes,
        BODY.tobytes,
        lambda: b"said" + coded(".jpg") + b"after",
        lambda: coded(".png"),
        lambda: coded(".webp"),
        lambda: coded(".jpg", cv2.resize(WHOLE, None, fx=3, fy=3)),
        lambda: json.dumps({"thumbnail": base64.b64encode(coded(".jpg")).decode()}).encode(),
        lambda: json.dumps({"body": BODY.tobytes().hex()}).encode(),
        lambda: b"x" + zlib.compress(WHOLE.tobytes()),
        lambda: gzip.compress(json.dumps({"p": base64.urlsafe_b64encode(BODY.tobytes()).decode()}).encode()),
    ],
)
def test_it_is_found_in_every_coding(code: Callable[[], bytes]) -> None:
    assert TEXTURE.shown_in(code()) > 0.8


@pytest.mark.parametrize(
    ("suffix", "codec", "container"),
    [
        ("mp4", "libx264", "mp4"),
        ("mkv", "libx264", "matroska"),
        ("h264", "libx264", "h264"),
        ("h265", "libx265", "hevc"),
        ("webm", "libvpx", "webm"),
    ],
)
def test_it_is_found_in_every_film(suffix: str, codec: str, container: str, tmp_path: Path) -> None:
    film = clip(
        tmp_path / f"film.{suffix}",
        12,
        fps=10,
        size=SIZE,
        codec=codec,
        container=container,
        options={"crf": "20", "b": "2000000"},
        draw=lambda index: walking(index + 6),
    ).read_bytes()
    assert TEXTURE.shown_in(film) > 0.8
    assert TEXTURE.shown_in(b"said " + film + b" after") > 0.8


def test_it_is_found_in_nothing_else() -> None:
    chance = np.random.default_rng(1)
    street = GRAIN.astype(np.uint8)
    filled = WHOLE.copy()
    filled[(WHOLE[..., 0] > 200)] = (90, 40, 40)
    _standing(filled)[:] = (40, 90, 40)
    for content in (
        chance.bytes(1 << 18),
        street.tobytes(),
        coded(".jpg", street),
        coded(".png", filled),
        json.dumps(
            [{"box": [n, 2 * n, 3 * n], "at": f"2026-01-01T00:00:{n % 60:02}Z"} for n in range(2000)]
        ).encode(),
    ):
        assert TEXTURE.shown_in(content) < CHANCE


def _standing(picture: Pixels) -> Pixels:
    """The part of a picture in which somebody stands."""
    (top, left), (high, wide) = STANDS_AT, STANDING.shape[:2]
    return picture[top : top + high, left : left + wide]


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_rim_that_stays_around_what_was_filled_is_found(suffix: str) -> None:
    picture = GRAIN.astype(np.uint8)
    _standing(picture)[:] = STANDING
    _standing(picture)[RIM:-RIM, RIM:-RIM] = (0, 200, 0)
    assert TEXTURE.shown_in(coded(suffix, picture)) > 0.8
    _standing(picture)[1:-1, 1:-1] = (0, 200, 0)
    assert TEXTURE.shown_in(coded(suffix, picture)) < CHANCE
