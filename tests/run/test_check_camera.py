import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from edge.cli import app
from edge.values.errors import ConfigError
from tests.fakes.clips import clip
from tests.fakes.replays import CLIPS

ZONE = {"id": "door", "polygon": [[0.2, 0.5], [0.8, 0.5], [0.8, 0.8], [0.2, 0.8]]}


def looked(
    tmp_path: Path,
    source: Path,
    status: int = 0,
    extra: tuple[str, ...] = (),
    detector: dict | None = None,
    **camera: object,
) -> dict[str, dict]:
    """What `check --camera` says, by part."""
    config = tmp_path / "node.yaml"
    described = {"id": "cam", "source": str(source), "detect_fps": 5, "zones": [ZONE], **camera}
    config.write_text(
        yaml.safe_dump(
            {
                "node": "n",
                "region": "r",
                "broker": "embedded",
                "detector": detector or {},
                "cameras": [described],
            }
        )
    )
    said = ["check", str(config), "--camera", "cam", "--seconds", "4", "--json", *extra]
    told = CliRunner().invoke(app, said, catch_exceptions=False)
    assert told.exit_code == status, told.output
    return {each["part"]: each for each in map(json.loads, told.output.splitlines())}


def worse(path: Path, change) -> Path:
    """The beginning of the plaza with every picture changed."""
    with av.open(str(CLIPS / "plaza.mp4")) as whole:
        pictures = [
            change(frame.to_ndarray(format="rgb24"))
            for index, frame in enumerate(whole.decode(video=0))
            if index % 3 == 0 and index < 120
        ]
    size = pictures[0].shape[1::-1]
    return clip(path, len(pictures), fps=5, size=size, draw=lambda index, *_: pictures[index])


def test_a_good_camera_can_do_its_job(tmp_path) -> None:
    told = looked(tmp_path, CLIPS / "plaza.mp4")
    assert told["camera cam"]["verdict"] == "ok", told
    assert "pixels per metre" in told["zone door"]["found"]
    assert "sightings" in told["zone door"]["found"]


def test_a_blurred_camera_cannot(tmp_path) -> None:
    source = worse(tmp_path / "soft.mp4", lambda p: np.asarray(cv2.GaussianBlur(p, (0, 0), 4)))
    told = looked(tmp_path, source, 1)
    assert told["focus"]["verdict"] == "fail" and "set the focus" in told["focus"]["advice"]
    assert "focus" in told["camera cam"]["found"]


def test_an_empty_street_leaves_the_size_of_people_unknown(tmp_path) -> None:
    texture = np.random.default_rng(0).integers(60, 200, (180, 320, 3)).astype(np.uint8)
    told = looked(tmp_path, clip(tmp_path / "empty.mp4", 30, fps=5, draw=lambda *_: texture))
    assert told["zone door"]["verdict"] == "warn"
    assert "pixels per metre unknown" in told["zone door"]["found"]


def test_a_measured_ground_needs_no_people(tmp_path) -> None:
    truth = json.loads((CLIPS / "plaza.truth.json").read_text())
    matrix = np.array(truth["homography"])
    spots = []
    for x, y in ((-4, 8), (4, 8), (-4, 16), (4, 16), (0, 12)):
        u, v, w = matrix @ [x, y, 1.0]
        spots.append({"at": [float(u / w), float(v / w)], "metres": [x, y]})
    texture = np.random.default_rng(0).integers(60, 200, (180, 320, 3)).astype(np.uint8)
    source = clip(tmp_path / "empty.mp4", 30, fps=5, draw=lambda *_: texture)
    told = looked(tmp_path, source, ground={"points": spots})
    assert "by the measured ground" in told["zone door"]["found"]


def test_an_unknown_camera_is_told(tmp_path) -> None:
    config = tmp_path / "node.yaml"
    config.write_text("node: n\nregion: r\nbroker: embedded\ncameras: [{id: a, source: a.mp4}]\n")
    with pytest.raises(ConfigError, match="there are a"):
        CliRunner().invoke(app, ["check", str(config), "--camera", "b"], catch_exceptions=False)


def deserted(tmp_path: Path, source: Path, **camera: object) -> dict[str, dict]:
    """What `check --camera --deserted` says of a place, by part."""
    return looked(tmp_path, source, extra=("--deserted",), **camera)


def test_at_a_deserted_place_what_is_taken_for_people_is_told_spot_by_spot(tmp_path) -> None:
    with av.open(str(CLIPS / "plaza.mp4")) as whole:  # one picture, for ever: who is in it is a post here
        still = next(whole.decode(video=0)).to_ndarray(format="rgb24")
    source = clip(tmp_path / "still.mp4", 30, fps=5, size=still.shape[1::-1], draw=lambda *_: still)
    told = deserted(tmp_path, source)
    assert told["invented"]["verdict"] == "warn" and "detector.score" in told["invented"]["advice"]
    assert "(100%)" in told["spot 1"]["found"]
    assert "invented" in told["camera cam"]["found"] and "spot" not in told["camera cam"]["found"]
    cut_out = yaml.safe_load(told["spot 1"]["advice"])["exclude"]
    again = deserted(tmp_path, source, exclude=cut_out)
    assert people_in(again) < people_in(told)
    assert told["spot 1"]["found"] not in {each["found"] for each in again.values()}


def people_in(told: dict[str, dict]) -> int:
    return int(told["invented"]["found"].split()[0])


def test_the_score_that_is_advised_ends_what_is_invented(tmp_path) -> None:
    with av.open(str(CLIPS / "gate.mp4")) as whole:
        still = list(whole.decode(video=0))[150].to_ndarray(format="rgb24")
    source = clip(tmp_path / "still.mp4", 30, fps=5, size=still.shape[1::-1], draw=lambda *_: still)
    advice = deserted(tmp_path, source)["invented"]["advice"]
    score = float(advice.split("detector.score to ")[1].split()[0])
    told = looked(tmp_path, source, extra=("--deserted",), detector={"score": score})
    assert told["invented"]["verdict"] == "ok", told


def test_nothing_is_invented_in_an_empty_room(tmp_path) -> None:
    texture = np.random.default_rng(0).integers(60, 200, (180, 320, 3)).astype(np.uint8)
    told = deserted(tmp_path, clip(tmp_path / "empty.mp4", 30, fps=5, draw=lambda *_: texture))
    assert told["invented"]["verdict"] == "ok" and "19 times of 20" in told["invented"]["found"]


def test_that_a_place_is_deserted_is_said_of_one_camera(tmp_path) -> None:
    config = tmp_path / "node.yaml"
    config.write_text("node: n\nregion: r\nbroker: embedded\ncameras: [{id: a, source: a.mp4}]\n")
    told = CliRunner().invoke(app, ["check", str(config), "--deserted"])
    assert told.exit_code == 2 and "--camera ID" in told.output
