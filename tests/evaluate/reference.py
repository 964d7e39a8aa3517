"""Prints the figures that the golden tests hold, from the reference programs themselves.

In an environment with trackeval==1.3.0 and pycocotools==2.0.11, from the root of the repository:

    PYTHONPATH=. python tests/evaluate/reference.py
"""

import contextlib
import io

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from trackeval.metrics import CLEAR, HOTA, Identity

from tests.fakes.scored import pictures, tracked_run


def tracking(seed):
    run = tracked_run(seed)
    data = {
        "num_timesteps": len(run),
        "gt_ids": [f.truth for f in run],
        "tracker_ids": [f.tracks for f in run],
        "similarity_scores": [f.similarity for f in run],
        "num_gt_ids": max(f.truth.max(initial=-1) for f in run) + 1,
        "num_tracker_ids": max(f.tracks.max(initial=-1) for f in run) + 1,
        "num_gt_dets": sum(len(f.truth) for f in run),
        "num_tracker_dets": sum(len(f.tracks) for f in run),
    }
    hota = HOTA().eval_sequence(data)
    identity = Identity({"PRINT_CONFIG": False}).eval_sequence(data)
    clear = CLEAR({"PRINT_CONFIG": False}).eval_sequence(data)
    figures = (hota["HOTA"].mean(), hota["DetA"].mean(), hota["AssA"].mean(), identity["IDF1"], clear["MOTA"])
    return (*(round(float(f), 9) for f in figures), int(clear["IDSW"]))


def average_precision(seed):
    images, truths, found = [], [], []
    for image, (boxes, ignored, some, scores) in enumerate(pictures(seed), 1):
        images.append({"id": image, "width": 400, "height": 400})
        truths += [
            {**annotation(image, box), "id": len(truths) + i + 1, "iscrowd": 0, "set_aside": int(aside)}
            for i, (box, aside) in enumerate(zip(boxes, ignored, strict=True))
        ]
        found += [{**annotation(image, box), "score": score} for box, score in zip(some, scores, strict=True)]
    truth = COCO()
    truth.dataset = {"images": images, "annotations": truths, "categories": [{"id": 1, "name": "any"}]}
    truth.createIndex()
    evaluation = _SetAside(truth, truth.loadRes(found), "bbox")
    evaluation.params.maxDets = [1, 10, 1000]
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.evaluate()
    evaluation.accumulate()
    return round(float(evaluation.eval["precision"][0, :, 0, 0, -1].mean()), 9)


class _SetAside(COCOeval):
    """Takes the ignored truths from the annotations, which COCOeval does for crowds only."""

    def _prepare(self):
        super()._prepare()
        for truth in (t for those in self._gts.values() for t in those):
            truth["ignore"] = truth["set_aside"]


def annotation(image, box):
    width, height = box[2:] - box[:2]
    return {"image_id": image, "category_id": 1, "bbox": [*box[:2], width, height], "area": width * height}


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        figures = [tracking(seed) for seed in range(8)]
        precisions = [average_precision(seed) for seed in range(10)]
    print("TRACKED =", np.array(figures).tolist())
    print("PRECISIONS =", precisions)
