"""`calibrate` on a sample clip, whose ground is known exactly."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from edge.config.ground import GroundPlane
from edge.ground.area import floor_of
from edge.values.truth import Truth
from tests.fakes.replays import CLIPS

TRUTH = Truth.from_json(json.loads((CLIPS / "plaza.truth.json").read_text()))
SPOTS = ((0.2, 0.9), (0.85, 0.92), (0.75, 0.4), (0.25, 0.42), (0.5, 0.6))


def node(tmp_path: Path, ground: str = "") -> Path:
    path = tmp_path / "node.yaml"
    zones = [{"id": name, "polygon": [list(p) for p in polygon]} for name, polygon in TRUTH.zones.items()]
    path.write_text(
        f"node: box\nregion: north\nbroker: embedded\n"
        f"cameras:\n- id: plaza\n  source: {CLIPS / 'plaza.mp4'}\n"
        f"  zones: {json.dumps(zones)}\n"
        f"  lines: [{{id: passage, points: [[0.31, 0.43], [0.69, 0.43]]}}]\n{ground}"
    )
    return path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "edge.cli", "calibrate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def true_area(zone: str) -> float:
    x, y = _ground(TRUTH.zones[zone]).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _ground(points: tuple[tuple[float, float], ...]) -> np.ndarray:
    ground = np.column_stack([points, np.ones(len(points))]) @ np.linalg.inv(np.array(TRUTH.homography)).T
    return ground[:, :2] / ground[:, 2:]


def _street_lines(count: int = 3) -> tuple[dict, dict]:
    """Lines of the plaza that run askew to the camera, exact; and the same with one that is not parallel."""
    homography = np.array(TRUTH.homography)
    middle = _ground(((0.5, 0.65),))[0]
    ways = np.array([[0.6, 0.8], [0.8, -0.6]])

    def marked(at: float, way: int) -> list[list[float]]:
        ends = middle + at * ways[1 - way] + np.array([[-2.0], [2.0]]) * ways[way]
        seen = np.column_stack([ends, np.ones(2)]) @ homography.T
        return np.round(seen[:, :2] / seen[:, 2:], 5).tolist()

    along, across = ([marked(at, way) for at in np.linspace(-1.5, 1.5, count)] for way in (0, 1))
    good = {"along": along, "across": across, "lengths": [{"ends": along[0], "metres": 4.0}]}
    (u, v), end = along[1]
    return good, good | {"along": [along[0], [[u + 0.06, v], end], *along[2:]]}


def test_lines_on_the_street_give_its_ground(tmp_path: Path) -> None:
    good = f"  ground: {{lines: {json.dumps(_street_lines()[0])}}}\n"
    done = run(str(node(tmp_path, good)), "--camera", "plaza", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert max(told["lines_off"]) < 1e-4
    for zone in told["zones"]:
        assert abs(zone["floor_m2"] - true_area(zone["zone"])) < 2 * zone["floor_sd_m2"]
    plain = run(str(node(tmp_path, good)), "--camera", "plaza").stdout
    assert "ground by 3 lines along, 3 across and 1 length" in plain
    assert "one length always fits" in plain
    assert "fit the others" not in plain


def test_a_line_that_is_not_parallel_is_named_and_drawn_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    picture = tmp_path / "ground.png"
    wrong = f"  ground: {{lines: {json.dumps(_street_lines(5)[1])}}}\n"
    rule = "rules: [{id: dense, when: density, at_least: 1}]\n"
    done = run(str(node(tmp_path, wrong + rule)), "--camera", "plaza", "--picture", str(picture))
    assert done.returncode == 2
    assert "line along 2 does not fit the others, which agree without it" in done.stderr
    rows = {" ".join(row.split()[:2]): row for row in done.stdout.splitlines()}
    assert rows["along 2"].endswith("does not fit the others")
    assert [rows[f"along {i}"].split()[-1] for i in (1, 3, 4, 5)] == ["good"] * 4
    assert "m²" not in done.stdout
    red = (cv2.imread(str(picture)).astype(int) @ [-1, -1, 2] > 200).sum(axis=None)
    assert red > 100, "the line is drawn as doubted"


def test_of_three_lines_that_do_not_meet_nobody_is_blamed_and_all_are_refused(tmp_path: Path) -> None:
    wrong = f"  ground: {{lines: {json.dumps(_street_lines()[1])}}}\n"
    done = run(str(node(tmp_path, wrong)), "--camera", "plaza", "--json")
    assert done.returncode == 2
    assert "one of the 3 lines along does not fit the others, and nothing tells which" in done.stderr
    told = json.loads(done.stdout)
    assert (told["along_agree"]["wrong"], told["along_agree"]["suspects"]) == ([], [1, 2, 3])
    assert told["zones"] == []


def test_a_rule_that_wants_a_ground_does_not_keep_people_from_giving_one(tmp_path: Path) -> None:
    config = node(tmp_path, "rules: [{id: dense, when: density, at_least: 1}]\n")
    done = run(str(config), "--camera", "plaza", "--people", "--watch", "1")
    assert "at least 12 people, got" in done.stderr.replace("\n", " ")


def test_people_give_a_ground_whose_doubt_holds_the_truth(tmp_path: Path) -> None:
    picture = tmp_path / "ground.png"
    config = str(node(tmp_path))
    done = run(config, "--camera", "plaza", "--people", "--view", "50", "--picture", str(picture))
    assert done.returncode == 0, done.stderr
    block = yaml.safe_load("\n".join(done.stdout[done.stdout.index("    ground:") :].splitlines()))
    ground = GroundPlane.model_validate(block["ground"]).spec()
    for zone in TRUTH.zones:
        floor = floor_of(ground, TRUTH.zones[zone], ())
        assert abs(floor.m2 - true_area(zone)) < 2 * floor.sd_m2
        assert floor.sd_m2 < 0.5 * floor.m2
    drawn = cv2.imread(str(picture))
    assert drawn is not None
    assert drawn.shape == (540, 960, 3)
    assert "no street, as the policy does not allow people-free-background" in done.stderr
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) < 2_000  # grid and zones on one grey, and no paving


def test_surveyed_spots_are_shown_with_how_well_they_fit(tmp_path: Path) -> None:
    points = [
        {"at": list(at), "metres": list(m)} for at, m in zip(SPOTS, _ground(SPOTS).tolist(), strict=True)
    ]
    config = node(tmp_path, f"  ground: {json.dumps({'points': points})}\n")
    done = run(str(config), "--camera", "plaza", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert all(spot["off_by_m"] < 0.01 for spot in told["spots"])
    areas = {zone["zone"]: zone["floor_m2"] for zone in told["zones"]}
    assert areas == pytest.approx({zone: true_area(zone) for zone in TRUTH.zones}, rel=0.02)
    (passage,) = told["lines"]
    true_m = float(np.hypot(*np.diff(_ground(((0.31, 0.43), (0.69, 0.43))), axis=0)[0]))
    assert passage["line"] == "passage"
    assert abs(passage["length_m"] - true_m) < 2 * passage["length_sd_m"]
    shown = run(str(config), "--camera", "plaza")
    assert "passage" in shown.stdout
    assert "5 surveyed spots" in shown.stdout
    assert "good" in shown.stdout


def test_a_grid_without_the_street_is_drawn_at_the_first_picture(tmp_path: Path) -> None:
    pose = "  ground: {pose: {height_m: 5, horizon: 0.05, view_deg: 50}}\n"
    picture = tmp_path / "ground.png"
    done = run(str(node(tmp_path, pose)), "--camera", "plaza", "--watch", "1", "--picture", str(picture))
    assert done.returncode == 0, done.stderr  # a street without people would want eight pictures
    assert cv2.imread(str(picture)).shape == (540, 960, 3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--camera", "plaza", "--people", "--picture", "ground.webm"), "ends in .png or .jpg or .jpeg, got"),
        (("--camera", "plaza", "--people", "--picture", "/none/ground.png"), "there is no folder /none"),
        (("--camera", "plaza"), "has no ground to look at"),
        (("--camera", "plazza"), "there is no camera plazza"),
        (("--camera", "plaza", "--people", "--watch", "1"), "at least 12 people, got"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(str(node(tmp_path)), *arguments)
    assert done.returncode == 2
    assert words in done.stderr.replace("\n", " ")
