from dataclasses import replace

import av
import cv2
import numpy as np
import pytest

from edge.suitability.picture import Quality, blockiness, grey_of, quality_of, sharpness
from edge.suitability.verdict import (
    Aspect,
    Place,
    Verdict,
    in_words,
    of_compression,
    of_focus,
    of_light,
    of_place,
)
from tests.fakes.replays import CLIPS

GOOD, DOUBTFUL, BAD = Verdict.GOOD, Verdict.DOUBTFUL, Verdict.BAD
FINE = Quality(mean=110, contrast=45, clipped=0.02, sharpness=0.85, blockiness=1.0)
NAMES = ("plaza", "street", "gate", "dusk", "night")


def frame_of(name: str) -> np.ndarray:
    with av.open(str(CLIPS / f"{name}.mp4")) as clip:
        return next(clip.decode(video=0)).to_ndarray(format="rgb24")


FRAMES = {name: frame_of(name) for name in NAMES}


def blurred(picture: np.ndarray, sigma: float) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma))


def squeezed(picture: np.ndarray, quality: int) -> np.ndarray:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1))


@pytest.mark.parametrize("name", NAMES)
def test_good_clips_are_good_and_the_same_made_worse_are_not(name: str) -> None:
    picture = FRAMES[name]
    here = quality_of(grey_of(picture))
    assert [of(here).verdict for of in (of_light, of_focus)] == [GOOD, GOOD]
    assert of_compression(here, 0.08).verdict is GOOD
    assert of_focus(quality_of(grey_of(blurred(picture, 3)))).verdict is BAD
    assert of_focus(quality_of(grey_of(blurred(picture, 1.6)))).verdict is not GOOD
    assert of_compression(quality_of(grey_of(squeezed(picture, 15))), None).verdict is DOUBTFUL
    assert of_light(quality_of(grey_of((picture * 0.12).astype(np.uint8)))).verdict is BAD
    white = np.clip(picture.astype(int) * 3 + 90, 0, 255).astype(np.uint8)
    assert "against the light" in of_light(quality_of(grey_of(white))).advice


@pytest.mark.parametrize("name", NAMES)
def test_more_blur_is_less_sharp_and_contrast_does_not_matter(name: str) -> None:
    grey = grey_of(FRAMES[name])
    values = [sharpness(grey), *(sharpness(grey_of(blurred(FRAMES[name], s))) for s in (1, 1.5, 2, 3))]
    assert values == sorted(values, reverse=True)
    assert sharpness(grey * np.float32(0.5)) == pytest.approx(values[0], abs=0.01)


def test_blocks_are_seen_and_plain_pictures_have_none() -> None:
    rows = [blockiness(grey_of(squeezed(FRAMES["plaza"], quality))) for quality in (60, 30, 10)]
    assert rows == sorted(rows)
    flat = np.full((64, 64), 80, np.float32)
    assert (blockiness(flat), sharpness(flat)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("change", "verdict", "word"),
    [
        ({"mean": 10}, BAD, "too dark"),
        ({"mean": 30}, DOUBTFUL, "dark"),
        ({"mean": 230}, DOUBTFUL, "against the light"),
        ({"clipped": 0.4}, DOUBTFUL, "against the light"),
        ({"contrast": 6}, DOUBTFUL, "flat"),
        ({"contrast": 2}, BAD, "too dark"),
        ({}, GOOD, ""),
    ],
)
def test_light_is_judged_with_a_remedy(change, verdict: Verdict, word: str) -> None:
    aspect = of_light(replace(FINE, **change))
    assert aspect.verdict is verdict and word in aspect.advice and bool(aspect.advice) == bool(word)


def test_few_bits_are_doubted() -> None:
    assert of_compression(FINE, 0.004).verdict is DOUBTFUL
    assert of_compression(FINE, None).verdict is GOOD


def test_people_who_are_too_small_are_told_with_how_much_is_missing() -> None:
    place = Place("door", 20.0, 40.0, "by the measured ground")
    assert of_place(place, 1.0, 20.0).verdict is GOOD
    assert of_place(place, 1.0, 30.0).verdict is DOUBTFUL
    small = of_place(place, 0.5, 30.0)
    assert small.verdict is BAD
    assert "17 px high" in small.found and "from 30 px" in small.found
    assert "2.1 times as large" in small.advice
    assert "Overview to Outline" in small.found


def test_what_could_not_be_measured_is_unknown_and_never_good() -> None:
    unknown = of_place(Place("door", None, None, "only 3 whole people were seen"), 1.0, 20.0)
    assert unknown.verdict is DOUBTFUL and "only 3" in unknown.found and "--seconds" in unknown.advice
    assert of_place(Place("door", 40.0, 50.0, ""), 1.0, None).verdict is DOUBTFUL


def test_the_sum_is_as_bad_as_its_worst() -> None:
    good, doubt, bad = Aspect("light", "", GOOD), Aspect("focus", "", DOUBTFUL), Aspect("zone a", "", BAD)
    assert in_words("c", (good, good)).verdict is GOOD
    assert "doubts: focus" in in_words("c", (good, doubt)).found
    told = in_words("c", (good, doubt, bad))
    assert told.verdict is BAD and told.found == "cannot do this job: zone a"
