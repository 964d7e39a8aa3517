"""How many people boxes and density maps count in rendered crowds of known number, and where nobody is.

    python bench/crowd_counts.py --detector street-nano --counter ./mcnn-a --counter ./mcnn-b
    python bench/crowd_counts.py --counter ./mcnn-a --people 50 100 200 --scenes 3 --nobody pictures/

Truth is who has a pixel to be seen in the rendered picture; a picture of the folder is taken to show nobody.
Each ratio is counted / true, so 1 is right. Rendering a picture of 500 people takes half a minute.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from edge.adapters import model_folder
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.run.models import folder_of
from edge.samples import random_scene, render
from edge.values.density import DensityMap
from edge.values.detections import Detections
from edge.values.frame import Pixels, Size

SIZE = Size(1280, 720)
Model = OnnxCounter | OnnxDetector


def opened(names: list[str]) -> list[Model]:
    loaded = [model_folder.load(folder_of(name)) for name in names]
    return [OnnxCounter(each) if each.card.counts else OnnxDetector(each) for each in loaded]


def counted(model: Model, pixels: Pixels) -> float:
    answer = model.answer(pixels)
    if isinstance(answer, DensityMap):
        return answer.people
    assert isinstance(answer, Detections) and isinstance(model, OnnxDetector)
    return float((answer.classes == model.labels.index("person")).sum())


def crowd(people: int, scene: int) -> tuple[Pixels, int]:
    rng = np.random.default_rng((5, people, scene))
    pixels, truth = next(iter(render(random_scene(rng, SIZE, people, frames=1), rng)))
    return pixels, sum(o.label == "person" and o.visible is not None for o in truth.objects)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--detector", action="append", default=[])
    parser.add_argument("--counter", action="append", default=[])
    parser.add_argument("--people", type=int, nargs="+", default=[10, 50, 100, 200, 350, 500])
    parser.add_argument("--scenes", type=int, default=2)
    parser.add_argument("--nobody", type=Path, help="folder of pictures without people")
    asked = parser.parse_args()
    models = opened([*(asked.detector or ["street-nano"]), *asked.counter])
    print("true", *(model.card.name for model in models), sep="\t")
    for people in asked.people:
        for scene in range(asked.scenes):
            pixels, true = crowd(people, scene)
            ratios = (f"{counted(model, pixels) / true:.2f}" for model in models) if true else ()
            print(true, *ratios, sep="\t", flush=True)
    if asked.nobody:
        paths = sorted(asked.nobody.glob("*.jpg"))
        pictures = [cv2.imread(str(path))[:, :, ::-1] for path in paths]
        means = (np.mean([counted(m, np.ascontiguousarray(p)) for p in pictures]) for m in models)
        print(f"nobody in {len(paths)}", *(f"{mean:.2f}" for mean in means), sep="\t")


if __name__ == "__main__":
    main()
