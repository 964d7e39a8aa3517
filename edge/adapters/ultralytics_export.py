"""Exports a .pt file with ultralytics, which runs in a process, and if wanted an environment, of its own.

Law: no code of that project, which is AGPL-3.0, comes into this process. It may not call anybody.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.adapters import ultralytics_child
from edge.values.detections import Detections
from edge.values.errors import ConfigError, ModelError

LONGEST_S = 900.0


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """An ONNX file, and what the original finds in each picture."""

    weights: bytes
    found: tuple[Detections, ...]


def export(
    weights: Path, pictures: Sequence[Path], size: int, score: float, nms_iou: float, python: Path
) -> Exported:
    """Export a detector.

    Args:
        weights: a .pt file; opening it runs what is in it.
        pictures: in which the original looks, for the proof.
        size: side of the input, pixels.
        score: smallest score that the original tells.
        nms_iou: overlap above which it drops the worse of two boxes of a class.
        python: interpreter of an environment with ultralytics.

    Raises:
        ConfigError: there is no such file or environment.
        ModelError: the file is no detector, or cannot be exported.
    """
    if not weights.is_file():
        raise ConfigError(f"{weights}: there is no such file")
    with tempfile.TemporaryDirectory(prefix="safecity-export-") as folder:
        copy = Path(folder) / weights.name  # the exporter writes beside what it reads
        copy.write_bytes(weights.read_bytes())
        wanted = {
            "weights": str(copy),
            "pictures": [str(path.absolute()) for path in pictures],
            "size": size,
            "score": score,
            "nms_iou": nms_iou,
        }
        told = _told(python, wanted, Path(folder))
        if "missing" in told:
            raise ConfigError(
                f"{python} has no ultralytics ({told['missing']}); install it into an environment of its "
                "own (python3 -m venv, then pip install ultralytics onnx) and name that with --python"
            )
        if "task" in told:
            raise ModelError(
                f"{weights}: refused by rule capability.task: wanted a model made for the task detect, got "
                f"{told['task']}"
            )
        return Exported(
            Path(str(told["onnx"])).read_bytes(), tuple(_detections(rows) for rows in told["found"])
        )


def _told(python: Path, wanted: dict[str, object], folder: Path) -> dict[str, list[list[list[float]]]]:
    """What the child says."""
    quiet = {"YOLO_OFFLINE": "True", "YOLO_AUTOINSTALL": "False", "YOLO_CONFIG_DIR": str(folder)}
    try:
        done = subprocess.run(  # noqa: S603 (the operator names the interpreter)
            [str(python), ultralytics_child.__file__],
            input=json.dumps(wanted),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
            cwd=folder,
            env={**os.environ, **quiet},
        )
    except OSError as failure:
        raise ConfigError(f"--python: {python} cannot be started: {failure.strerror}") from failure
    except subprocess.TimeoutExpired as failure:
        raise ModelError(f"{wanted['weights']}: the export took more than {LONGEST_S:.0f} s") from failure
    try:
        last: dict[str, list[list[list[float]]]] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError) as failure:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
        raise ModelError(f"{Path(str(wanted['weights'])).name}: cannot be exported: {why}") from failure
    return last


def _detections(rows: list[list[float]]) -> Detections:
    table = np.array(rows, np.float64).reshape(-1, 6)
    table = table[(table[:, 0] < table[:, 2]) & (table[:, 1] < table[:, 3])]  # others lie in the padding
    return Detections(
        table[:, :4].astype(np.float32), table[:, 4].astype(np.float32), table[:, 5].astype(np.int16)
    )
