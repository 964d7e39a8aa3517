"""Runs in an environment with ultralytics: exports a .pt file to ONNX, and tells what the original finds.

Law: this file is started by its path and imports nothing of this program; what it says is one line of JSON on
standard output. A .pt file is a program that runs when it is opened.
"""

import json
import sys
from typing import Any


def main() -> None:
    """Read what is wanted from standard input, as JSON, and answer it."""
    wanted = json.load(sys.stdin)
    said, sys.stdout = sys.stdout, sys.stderr  # ultralytics prints
    try:
        from ultralytics import YOLO  # noqa: PLC0415 (only here, in its own environment)
    except ImportError as failure:
        print(json.dumps({"missing": str(failure)}), file=said)
        return
    model = YOLO(wanted["weights"])
    if model.task != "detect":
        print(json.dumps({"task": str(model.task)}), file=said)
        return
    found = [_found(model, picture, wanted) for picture in wanted["pictures"]]
    path = model.export(
        format="onnx", imgsz=wanted["size"], dynamic=False, half=False, nms=False, simplify=False
    )
    print(json.dumps({"onnx": str(path), "found": found}), file=said)


def _found(model: Any, picture: str, wanted: dict[str, Any]) -> list[list[float]]:
    """Rows x1 y1 x2 y2 score class, in pixels of the picture."""
    (answer,) = model.predict(
        picture,
        imgsz=wanted["size"],
        conf=wanted["score"],
        iou=wanted["nms_iou"],
        rect=False,
        device="cpu",
        verbose=False,
    )
    return [[float(value) for value in row] for row in answer.boxes.data.tolist()]


if __name__ == "__main__":
    main()
