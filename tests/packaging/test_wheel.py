"""The wheel holds all that an installed program needs: package, types, bundled models, licence."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
MODELS = sorted(card.parent.name for card in (ROOT / "models").glob("*/card.yaml"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel, built from this tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_every_module_is_in_the_wheel(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "edge").rglob("*.py")} <= held
    assert "edge/py.typed" in held
    found = [*(ROOT / "edge").rglob("*.template.yaml"), *(ROOT / "edge").rglob("*.css")]
    templates = {path.relative_to(ROOT).as_posix() for path in found}
    assert "edge/config/node.template.yaml" in templates
    assert templates <= held, "verbs write from them"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_the_bundled_detector_is_in_the_wheel(wheel: Path) -> None:
    assert "street-nano" in MODELS
    held = set(ZipFile(wheel).namelist())
    assert "edge/bundled/catalogue.yaml" in held
    assert {
        f"edge/bundled/{model}/{name}" for model in MODELS for name in ("model.onnx", "card.yaml")
    } <= held


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert tops == {"edge"}
    kinds = {Path(name).suffix for name in ZipFile(wheel).namelist() if name.startswith("edge/bundled/")}
    assert kinds <= {".onnx", ".yaml", ".png", ".jpg"}


def test_an_installed_program_finds_its_detector(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path)
    found = subprocess.run(
        [sys.executable, "-c", "from edge.run.models import folder_of; print(folder_of('street-nano'))"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(found.stdout.strip()) == tmp_path / "edge" / "bundled" / "street-nano"
