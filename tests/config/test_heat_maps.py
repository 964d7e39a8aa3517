"""Heat maps in a configuration: on measured ground, within a budget, as coarse as the policy wants."""

from dataclasses import replace
from pathlib import Path

import pytest

from edge import strictyaml
from edge.config import schema, stricter
from edge.config.load import load
from edge.governance.built_in import BUILT_IN
from edge.governance.capability import Capability
from edge.values.errors import ConfigError
from tests.config.test_ground import POSE
from tests.ground.street import CAMERA

ZONE = "[[0.3, 0.9], [0.7, 0.9], [0.7, 0.5], [0.3, 0.5]]"


def text(heat: str, ground: str = f"ground: {{pose: {POSE}}}", more: str = "") -> str:
    return (
        "node: box\nregion: north\nbroker: embedded\ncameras:\n- id: plaza\n  source: plaza.mp4\n"
        f"  zones: [{{id: square, polygon: {ZONE}}}]\n  {ground}\n{more}  heat_maps: [{{{heat}}}]\n"
    )


def written(tmp_path: Path, *parts: str) -> Path:
    path = tmp_path / "node.yaml"
    path.write_text(text(*parts))
    return path


def test_a_map_has_cells_on_the_zones_floor_and_the_policys_least(tmp_path: Path) -> None:
    (heat,) = load(written(tmp_path, "zone: square, cell_m: 1")).cameras[0].heat_maps
    assert heat.least == BUILT_IN.public_min_count
    middles = (2 * [0.5] + [0])[:2]
    pixels, _ = CAMERA.project([[x + middles[0], y + middles[1], 0.0] for x, y in heat.cells])
    unit = pixels / [CAMERA.width, CAMERA.height]
    assert ((unit > [0.29, 0.49]) & (unit < [0.71, 0.91])).all()
    assert len(heat.cells) > 10


def test_a_masked_part_of_the_floor_has_no_cells(tmp_path: Path) -> None:
    mask = "  exclude: [[[0.3, 0.9], [0.5, 0.9], [0.5, 0.5], [0.3, 0.5]]]\n"
    ground = f"ground: {{pose: {POSE}}}"
    (whole,) = load(written(tmp_path, "zone: square, cell_m: 1")).cameras[0].heat_maps
    (half,) = load(written(tmp_path, "zone: square, cell_m: 1", ground, mask)).cameras[0].heat_maps
    assert 0.3 * len(whole.cells) < len(half.cells) < 0.7 * len(whole.cells)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("zone: squar",), "no zone squar"),
        (("zone: square", ""), "wanted a measured ground, and camera plaza has none"),
        (("zone: square, bin_s: 700",), "wanted a divisor of 86400 s"),
        (
            ("zone: square, cell_m: 50",),
            r"heat_maps\.0: heat_maps: wanted 1 to 1000 cells.*make 0: take smaller ones",
        ),
        (
            ("zone: square, noise: {epsilon: 1, epsilon_per_day: 10}",),
            "longer bins, or epsilon of at most 0.0347",
        ),
        (("zone: square, noise: {epsilon: 1, epsilon_per_day: 0.01}",), "wanted longer bins$"),
        (
            ("zone: square, bin_s: 3600, directions: true, noise: {epsilon: 0.1, epsilon_per_day: 10}",),
            "directions: wanted no noise beside them",
        ),
        (
            ("zone: square, bin_s: 300, noise: {epsilon: 0.5, epsilon_per_day: 10}",),
            "288 maps a day of epsilon 0.5 spend 144",
        ),
        (("zone: square}, {zone: square",), "wanted each zone once"),
        (("zone: square, classes: []",), "classes"),
    ],
)
def test_what_means_nothing_is_refused_by_name(tmp_path: Path, parts: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load(written(tmp_path, *parts))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capabilities": frozenset({Capability.DETECT})}, "does not allow count"),
        ({"publish_labels": frozenset({"car"})}, "classes that may be named"),
    ],
)
def test_a_policy_that_does_not_let_people_be_counted_wants_no_map(
    changes: dict[str, object], words: str
) -> None:
    node = strictyaml.parse(text("zone: square"), "node.yaml", schema.Node, ConfigError)
    assert not stricter.mistakes(node, BUILT_IN)
    (mistake,) = stricter.mistakes(node, replace(BUILT_IN, **changes))  # type: ignore[arg-type]
    assert mistake[0][:3] == ("cameras", 0, "heat_maps")
    assert words in mistake[1]
