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
from edge.config.load import load
from edge.ground.area import floor_of
from edge.ground.lens import Lens
from edge.run.calibrate_edges import for_file
from edge.values.errors import ConfigError
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


def one_line(text: str) -> str:
    """Without the line breaks of a terminal, and what a table puts between."""
    return " ".join(text.replace("│", " ").split())


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
    assert "one length always fits, right or wrong: a second shows a mistake" in one_line(plain)
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


def _bent_edges() -> list[list[list[float]]]:
    """Straight lines as a lens of -0.15 shows them."""
    lens, share = Lens(16 / 9, -0.15), np.linspace(0, 1, 6)[:, None]
    ends = lens.straight(
        np.array([[[0.05, 0.08], [0.95, 0.12]], [[0.06, 0.9], [0.94, 0.8]], [[0.1, 0.1], [0.13, 0.9]]])
    )
    return [np.round(lens.bent(start + share * (end - start)), 5).tolist() for start, end in ends]


def _points(spots: tuple[tuple[float, float], ...], lens: Lens = Lens(16 / 9)) -> list[dict]:  # noqa: B008
    """Spots of the plaza, seen through a lens, and their metres, exact."""
    seen = np.round(lens.bent(np.array(spots)), 5).tolist()
    return [{"at": at, "metres": m} for at, m in zip(seen, _ground(spots).tolist(), strict=True)]


def test_edges_alone_tell_the_lens_and_want_a_ground_beside_them(tmp_path: Path) -> None:
    config = str(node(tmp_path, f"  ground: {{edges: {_bent_edges()}}}\n"))
    done = run(config)
    assert done.returncode == 0, done.stderr
    assert "lens -0.150 ± 0.008; it is taken" in done.stdout
    told = json.loads(run(config, "--json").stdout)
    assert max(told["edges_left_px"]) < 0.5 < 5 < min(told["edges_bent_px"])
    with pytest.raises(ConfigError, match=r"node.yaml:9: .*wants one of points, lines and pose; edges alone"):
        load(tmp_path / "node.yaml")


def test_an_edge_that_is_bent_on_the_street_is_named_without_a_ground_too(tmp_path: Path) -> None:
    edges = [*_bent_edges(), [[0.93, 0.1], [0.94, 0.3], [0.95, 0.5], [0.93, 0.7], [0.88, 0.9]]]
    done = run(str(node(tmp_path, f"  ground: {{edges: {edges}}}\n")))
    assert done.returncode == 2
    assert "edge 4 does not fit the others, which agree without it" in one_line(done.stderr)
    assert "does not fit the others" in next(
        row for row in done.stdout.splitlines() if row.startswith("   4")
    )


def test_edges_bend_the_ground_that_is_measured_beside_them(tmp_path: Path) -> None:
    marks = f"edges: {_bent_edges()}, points: {json.dumps(_points(SPOTS, Lens(16 / 9, -0.15)))}"
    camera = load(node(tmp_path, f"  ground: {{{marks}}}\n")).cameras[0]
    assert camera.ground is not None
    assert camera.ground.lens.strength == pytest.approx(-0.15, abs=0.001)
    assert 0.004 < camera.ground.lens.sd < 0.012
    assert len(camera.ground.bends) == len(camera.ground.doubts)
    assert camera.ground.metres(camera.ground.lens.bent(np.array(SPOTS))) == pytest.approx(
        _ground(SPOTS), abs=0.02
    )


@pytest.mark.parametrize(
    ("lens", "doubted"), [("0.0", True), ("-0.15", False), ("-0.13, lens_sd: 0.02", False)]
)
def test_a_lens_that_the_edges_contradict_is_told_and_one_that_fits_is_not(
    tmp_path: Path, lens: str, doubted: bool
) -> None:
    pose = "pose: {height_m: 5, horizon: 0.05, view_deg: 50}"
    camera = load(node(tmp_path, f"  ground: {{edges: {_bent_edges()}, lens: {lens}, {pose}}}\n")).cameras[0]
    assert any("by the edges it is -0.150" in told for told in camera.ground_doubts) is doubted


@pytest.mark.parametrize("lens", ["", "lens: 0, ", f"edges: {json.dumps(_bent_edges())}, "])
def test_a_wide_view_of_whose_lens_nothing_is_known_is_told(tmp_path: Path, lens: str) -> None:
    wide = f"  ground: {{{lens}pose: {{height_m: 5, horizon: 0.05, view_deg: 90}}}}\n"
    done = run(str(node(tmp_path, wide)), "plaza")
    assert ("sees 90 degrees wide, and nothing says how its lens bends" in one_line(done.stdout)) is (
        not lens
    )


def test_nothing_that_is_printed_is_wider_than_a_terminal(tmp_path: Path) -> None:
    spots = [{**spot, "metres": np.round(spot["metres"], 2).tolist()} for spot in _points(SPOTS)]
    spots[1]["metres"][0] += 0.6
    marks = f"edges: {_bent_edges()}, lens: 0, points: {json.dumps(spots)}"
    done = run(str(node(tmp_path, f"  ground: {{{marks}}}\n")))
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "one of the 5 points does not fit the others" in one_line(done.stdout + done.stderr)
    assert "a person" in done.stdout or done.returncode == 2


def test_spots_near_one_line_are_worth_nothing(tmp_path: Path) -> None:
    line = tuple((0.1 + 0.1 * i, 0.6 + 0.01 * (i % 2)) for i in range(6))
    done = run(str(node(tmp_path, f"  ground: {{points: {json.dumps(_points(line))}}}\n")))
    assert done.returncode == 0
    assert "worth nothing: add spots in it" in one_line(done.stdout.replace("passage", ""))


@pytest.mark.parametrize("lens", [Lens(16 / 9), Lens(16 / 9, -0.15, 0.008), Lens(16 / 9, 0.0, 0.009)])
def test_what_is_printed_of_a_lens_can_be_written_to_the_file(lens: Lens) -> None:
    pose = {"height_m": 5, "horizon": 0.05, "view_deg": 50}
    written = yaml.safe_load("\n".join(for_file(lens))) or {}
    optics = GroundPlane.model_validate({**written, "pose": pose}).optics
    assert (optics.strength, optics.sd) == (lens.strength, lens.sd)


def test_people_tell_a_survey_that_is_in_feet(tmp_path: Path) -> None:
    feet = [{**spot, "metres": (np.array(spot["metres"]) / 0.3048).tolist()} for spot in _points(SPOTS)]
    config = str(node(tmp_path, f"  ground: {{points: {json.dumps(feet)}}}\n"))
    told = one_line(run(config, "plaza", "--people", "--view", "50").stdout)
    assert "it is not in metres, or not measured here" in told
    assert 0.26 < float(told.split("multiply what was measured by ")[1].split(";")[0]) < 0.35


def test_the_camera_is_named_in_either_place_and_not_twice(tmp_path: Path) -> None:
    pose = "  ground: {pose: {height_m: 5, horizon: 0.05, view_deg: 50}}\n"
    config = node(tmp_path, pose)
    alone = run(str(config)).stdout
    assert "camera plaza: ground by the pose" in alone
    assert run(str(config), "plaza").stdout == run(str(config), "--camera", "plaza").stdout == alone
    twice = run(str(config), "plaza", "--camera", "gate")
    assert twice.returncode == 2
    assert "both plaza and gate are named" in one_line(twice.stderr)
    config.write_text(config.read_text() + f"- id: gate\n  source: {CLIPS / 'gate.mp4'}\n")
    which = run(str(config))
    assert which.returncode == 2
    assert "name one of plaza, gate" in one_line(which.stderr)
