"""The tester's page on sample videos says what the code does."""

import re
from pathlib import Path

from edge.samples.scene import FixtureKind, Hour, Label, Place
from edge.samples.scene_file import (
    ActorPart,
    CameraPart,
    RoadPart,
    ScenePart,
    SensorPart,
    WallPart,
    load_scene,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tester" / "sample-videos.md").read_text(encoding="utf-8")


def test_the_ten_lines_of_the_page_are_a_scene(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(example.splitlines()) <= 11
    path = tmp_path / "yard.yaml"
    path.write_text(example, encoding="utf-8")
    assert len(load_scene(path)[0].actors) == 5


def test_every_key_and_word_is_on_the_page() -> None:
    parts = (ScenePart, ActorPart, CameraPart, RoadPart, WallPart, SensorPart)
    keys = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    words = {str(word) for kind in (Place, Hour, Label, FixtureKind) for word in kind}
    assert {word for word in keys | words if f"`{word}`" not in PAGE} == set()


def test_every_clip_is_on_the_page_with_its_length() -> None:
    for path in sorted((ROOT / "sample_videos" / "scenes").glob("*.yaml")):
        scene, _ = load_scene(path)
        assert re.search(rf"^\| `{scene.name}` \|.*\| {scene.seconds:.0f} \|$", PAGE, re.MULTILINE), (
            scene.name
        )
