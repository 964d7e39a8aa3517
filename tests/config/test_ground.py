"""The ground in a configuration: points or a pose, refused with line and reason where they mean nothing."""

from pathlib import Path

import numpy as np
import pytest

from edge.config.load import load
from edge.values.errors import ConfigError
from edge.values.event import Kind
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


def test_a_zone_in_the_sky_is_refused(tmp_path: Path) -> None:
    flat = "ground: {pose: {height_m: 5, horizon: 0.3, view_deg: 50}}"
    with pytest.raises(ConfigError, match=r"zone 'meeting'.*reaches the horizon"):
        load(written(tmp_path, flat, ((0.2, 0.9), (0.8, 0.9), (0.5, 0.1))))


def test_counting_heads_wants_no_ground(tmp_path: Path) -> None:
    assert load(written(tmp_path, "", when="occupancy, at_least: 3")).cameras[0].ground is None


def test_half_a_person_is_no_count(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="whole numbers of objects"):
        load(written(tmp_path, "", when="occupancy, at_least: 2.5"))
