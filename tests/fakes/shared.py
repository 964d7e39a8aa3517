"""Real models, clips and pictures that tests may use where they are to hand; not part of the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("SAFECITY_SHARED", Path(__file__).parents[3] / "shared"))


def shared(name: str) -> Path:
    """Path of a real file such as `models/yolox_nano_416.onnx`; skips the test where it is missing."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(
            f"needs the development file {name}, which is not here (set SAFECITY_SHARED to its folder)"
        )
    return path
