"""The ground in a configuration: points or a pose, refused with line and reason where they mean nothing."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from edge.config.load import load
from edge.ground.area import floor_of
from edge.run.check_ground import of_ground
from edge.values.errors import ConfigError
from edge.values.event import Kind
from edge.values.frame import Size
from tests.ground.street import CAMERA, VIEW_DEG, ZONE, horizon

SEEN = ((0.2, 0.9), (0.85, 0.92), (0.75, 0.4), (0.25, 0.42), (0.5, 0.6))
SEEN_ARRAY = np.array(SEEN)
POSE = f"{{height_m: 5.2, horizon: {horizon(CAMERA):.5f}, view_deg: {VIEW_DEG:.3f}}}"


def points(order: tuple[int, ...] = (0, 1, 2, 3, 4), mirror: int = 1) -> str:
    metres = CAMERA.ground_at(SEEN)
    rows = [
        f"{{at: [{u}, {v}], metres: [{mirror * metres[i][0]:.3f}, {metres[i][1]:.3f}]}}"
        for (u, v), i in zip(SEEN, order, strict=False)
    ]
    return f"points: [{', '.join(rows)}]"


def written(tmp_path: Path, ground: str, zone: object = ZONE, when: str = "density, at_least: 0.7") -> Path:
    path = tmp_path / "node.yaml"
    corners = [list(point) for point in zone]  # type: ignore[attr-defined]
    path.write_text(
        f"node: box\nregion: north\nbroker: embedded\ncameras:\n- id: plaza\n  source: plaza.mp4\n"
        f"  zones: [{{id: meeting, polygon: {corners}}}]\n  {ground}\n"
        f"rules: [{{id: dense, when: {when}}}]\n"
    )
    return path


def lines(turn_deg: float = 35.0, view: str = "") -> str:
    """Lines of the street that run at this angle to the camera, and two known lengths."""
    x, y = np.array([np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))])
    along, across = np.array([y, x]), np.array([x, -y])
    middle = CAMERA.ground_at([[0.5, 0.65]])[0]

    def marked(at: float, way: np.ndarray, off: np.ndarray) -> list[list[float]]:
        ends = np.array([middle + at * off - 2.5 * way, middle + at * off + 2.5 * way])
        pixels, _ = CAMERA.project(np.column_stack([ends, np.zeros(2)]))
        return np.round(pixels / [CAMERA.width, CAMERA.height], 5).tolist()  # type: ignore[no-any-return]

    one = [marked(at, along, across) for at in (-1.5, 0.0, 1.5)]
    other = [marked(at, across, along) for at in (-1.5, 1.5)]
    lengths = [f"{{ends: {ends}, metres: 5.0}}" for ends in (one[0], other[0])]
    return f"lines: {{along: {one}, across: {other}, lengths: [{', '.join(lengths)}]{view}}}"


@pytest.mark.parametrize("how", ["points", "pose", "lines"])
def test_points_lines_and_a_pose_say_the_same(tmp_path: Path, how: str) -> None:
    said = {"points": points(), "pose": f"pose: {POSE}", "lines": lines()}
    ground = f"ground: {{{said[how]}}}"
    camera = load(written(tmp_path, ground)).cameras[0]
    assert camera.ground is not None
    at = camera.ground.metres(SEEN_ARRAY)
    gaps = at[1:] - at[:1]
    true = CAMERA.ground_at(SEEN)
    far = np.hypot(*(gaps - (true[1:] - true[:1])).T)
    assert far.max() < (0.15 if how == "lines" else 0.09)
    assert (camera.rules[0].kind, camera.rules[0].at_least) == (Kind.DENSITY, 0.7)


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        (f"ground: {{{lines(0.0)}}}", "give view_deg"),
        ("ground: {lines: {along: [], across: [], lengths: []}}", "at least 2 items"),
        ("ground: {}", "wants one of points, lines and pose"),
        (f"ground: {{pose: {POSE}, {points()}}}", "wants one of points, lines and pose"),
        (f"ground: {{{points((0, 1, 2))}}}", "at least 4 points, got 3"),
        (f"ground: {{{points(mirror=-1)}}}", "mirror image"),
        (f"ground: {{pose: {POSE}, lens: -3}}", "ground.lens"),
        (f"ground: {{pose: {POSE}, lens_sd: 0.01}}", "lens_sd wants a lens that is given"),
        (f"ground: {{pose: {POSE}, edges: [[[0.1, 0.1], [0.5, 0.1], [0.9, 0.1]]]}}", "at least 2 edges"),
        (f"ground: {{pose: {POSE}, edges: [[[0.1, 0.1], [0.9, 0.1]]]}}", "edges.0: wanted at least 3"),
        (
            f"ground: {{{lines().replace('metres: 5.0', 'metres: 500')}}}",
            "the camera hangs 520 m high: wanted metres",
        ),
        (f"ground: {{{lines(0.05)}}}", "too little (view_deg would be"),
        ("ground: {pose: {height_m: 5, view_deg: 50}}", "horizon"),
        ("", "camera plaza has none"),
    ],
)
def test_ground_that_means_nothing_is_refused_by_name_and_line(
    tmp_path: Path, ground: str, words: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, ground))
    assert words in str(refused.value)
    assert "node.yaml" in str(refused.value)


MORE = (*SEEN, (0.35, 0.7), (0.7, 0.65), (0.4, 0.45))


def surveyed(off_m: float, which: int = 2, count: int = 8) -> str:
    """So many points, one of which was measured somewhere else."""
    metres = CAMERA.ground_at(MORE)
    metres[which] += [off_m, 0]
    rows = [
        f"{{at: [{u}, {v}], metres: [{x:.3f}, {y:.3f}]}}" for (u, v), (x, y) in zip(MORE, metres, strict=True)
    ]
    return f"ground: {{points: [{', '.join(rows[:count])}]}}"


def test_a_point_that_was_mixed_up_is_refused_by_its_own_number(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"point 3 does not fit the others, which agree without it"
    ) as refused:
        load(written(tmp_path, surveyed(3.0)))
    assert "point 5" not in str(refused.value)
    with pytest.raises(ConfigError, match=r"one of the 5 points does not fit .*: look at each"):
        load(written(tmp_path, surveyed(3.0, count=5)))


def test_a_point_that_is_a_little_off_is_told_and_left_out(tmp_path: Path) -> None:
    camera = load(written(tmp_path, surveyed(0.35, which=7))).cameras[0]
    (told,) = camera.ground_doubts
    assert "point 8 does not fit the others" in told
    assert told.endswith("until then it is left out")
    (first, second) = of_ground(camera, Size(1280, 720))
    assert (first.verdict, second.verdict) == ("warn", "ok")
    assert "point 8" in first.found
    sound = load(written(tmp_path, surveyed(0.0))).cameras[0]
    assert not sound.ground_doubts
    assert camera.ground is not None
    assert sound.ground is not None
    unsure, sure = (floor_of(each.ground, ZONE, ()) for each in (camera, sound))
    assert unsure.m2 == pytest.approx(sure.m2, rel=0.01)


def test_points_of_which_none_can_be_named_widen_what_they_bear(tmp_path: Path) -> None:
    camera = load(written(tmp_path, surveyed(0.3, which=4, count=5))).cameras[0]
    (told,) = camera.ground_doubts
    assert "one of the 5 points does not fit the others, and nothing tells which" in told
    assert camera.ground is not None
    sound = load(written(tmp_path, surveyed(0.0, count=5))).cameras[0].ground
    assert sound is not None
    unsure, sure = (floor_of(each, ZONE, ()) for each in (camera.ground, sound))
    assert unsure.sd_m2 > 1.4 * sure.sd_m2


def test_a_line_against_which_the_others_agree_is_refused_by_its_name(tmp_path: Path) -> None:
    good = yaml.safe_load(lines())["lines"]
    middle = [(np.array(good["along"][0]) + np.array(good["along"][1])) / 2]
    along = [*good["along"], middle[0].round(5).tolist()]
    assert load(written(tmp_path, f"ground: {{lines: {good | {'along': along}}}}")).cameras[0].ground
    along[3][0][1] += 0.08
    with pytest.raises(ConfigError, match=r"line along 4 does not fit the others, which agree without it"):
        load(written(tmp_path, f"ground: {{lines: {good | {'along': along}}}}"))
    with pytest.raises(ConfigError, match=r"one of the 3 lines along does not fit"):
        load(written(tmp_path, f"ground: {{lines: {good | {'along': along[1:]}}}}"))


def test_a_zone_in_the_sky_is_refused(tmp_path: Path) -> None:
    flat = "ground: {pose: {height_m: 5, horizon: 0.3, view_deg: 50}}"
    with pytest.raises(ConfigError, match=r"zone 'meeting'.*reaches the horizon"):
        load(written(tmp_path, flat, ((0.2, 0.9), (0.8, 0.9), (0.5, 0.1))))


def test_counting_heads_wants_no_ground(tmp_path: Path) -> None:
    assert load(written(tmp_path, "", when="occupancy, at_least: 3")).cameras[0].ground is None


def test_half_a_person_is_no_count(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="whole numbers of objects"):
        load(written(tmp_path, "", when="occupancy, at_least: 2.5"))
