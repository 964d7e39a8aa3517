"""Prints pycocotools' figures for tests/evaluate/test_coco.py, in an environment with pycocotools==2.0.11.

python -m tests.evaluate.coco_reference
"""

import contextlib
import io

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from tests.fakes.coco_sets import CLASSES, labelled


def wide(box) -> list[float]:
    x1, y1, x2, y2 = (float(side) for side in box)
    return [x1, y1, x2 - x1, y2 - y1]


def figures(seed: int) -> list[float]:
    truth, found = [], []
    pictures = labelled(seed)
    for index, picture in enumerate(pictures):
        for box, label, area, crowd in zip(
            picture.boxes, picture.classes, picture.areas, picture.crowd, strict=True
        ):
            truth.append(
                {
                    "id": len(truth) + 1,
                    "image_id": index,
                    "category_id": int(label),
                    "bbox": wide(box),
                    "area": float(area),
                    "iscrowd": int(crowd),
                }
            )
        for box, score, label in zip(picture.found, picture.scores, picture.found_classes, strict=True):
            found.append(
                {"image_id": index, "category_id": int(label), "bbox": wide(box), "score": float(score)}
            )
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": index} for index in range(len(pictures))],
            "categories": [{"id": label, "name": str(label)} for label in range(CLASSES)],
            "annotations": truth,
        }
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [round(float(value), 9) for value in evaluation.stats[:6]]


if __name__ == "__main__":
    np.set_printoptions(precision=9)
    for seed in range(8):
        print(f"    {figures(seed)},")
