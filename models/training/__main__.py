"""`python -m models.training NAME`: everything from pictures to a model folder; what is done is skipped.

    python -m models.training thermal-drone-nano --pictures PICTURES
    python -m models.training street-nano --pictures PICTURES --teachers WEIGHTS

Ctrl-C saves and stops; the same command goes on from there. `--from models/street-nano` starts from the
weights of a model folder instead of from nothing, with the recipe's schedule for that.
"""

import argparse
import ctypes
import signal
import threading
from dataclasses import replace
from pathlib import Path

import torch

from models.training import card, score, shelves
from models.training.augment import Augment
from models.training.batches import Batches, Source
from models.training.curve import Curve
from models.training.data import Shelf
from models.training.export import exported
from models.training.recipe import Recipe
from models.training.street_nano import RECIPE as STREET
from models.training.tempting import tempting
from models.training.thermal_drone_nano import RECIPE as THERMAL
from models.training.train import Training, run

RECIPES = {made.name: made for made in (STREET, THERMAL)}
CALIBRATION = 64
"""Pictures that a warm start is fitted to."""
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Names of glibc's malloc.h."""


def main() -> None:
    asked = _asked()
    made = RECIPES[asked.model]
    torch.set_num_threads(1)  # the training has threads of its own, see Training
    _keep_memory()
    asked.work.mkdir(parents=True, exist_ok=True)
    folders = shelves.Folders(
        asked.pictures, asked.cards, asked.teachers, asked.work, asked.most, asked.clips
    )
    weights = asked.start.read_bytes() if asked.score else _trained(made, asked, folders)
    if weights is not None:
        choice, exam = shelves.choice(made, folders, say), shelves.exam(made, folders, say)
        card.write(weights, made, choice, exam, asked.out, say)


def say(text: str) -> None:
    """Tell how far it is, at once, also into a file."""
    print(text, flush=True)


def _trained(made: Recipe, asked: argparse.Namespace, folders: shelves.Folders) -> bytes | None:
    """The exported model; None when it was asked to stop before the end."""
    lesson = shelves.lesson(made, folders, say)
    if asked.start and made.tempting:
        lesson += _tempting(made, lesson, asked.start.read_bytes())
    curve = Curve(made, shelves.choice(made, folders, say).shelves, asked.work / "curve.csv")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    device = torch.device("cuda" if torch.cuda.is_available() and not asked.cpu else "cpu")
    state = asked.work / f"{made.name}.pt"
    schedule = replace(made.further if asked.start else made.schedule, minutes=asked.minutes)
    for stage in made.going_on if asked.start else made.stages:
        training = Training(made.shape, schedule, stage, made.seed, device, asked.threads)
        augment = Augment(stage.width, stage.height, stage.variety or made.variety)
        if state.exists():
            training.load(state)
        elif asked.start:
            first = next(iter(Batches(lesson, augment, CALIBRATION, made.seed)))
            training.start_from(asked.start.read_bytes(), first)
        batches = Batches(lesson, augment, stage.batch, made.seed, training.step)
        run(training, stage, batches, state, say, curve.look, stop.is_set)
    return None if stop.is_set() else exported(training.average, made.width, made.height)


def _tempting(made: Recipe, lesson: list[Source], weights: bytes) -> list[Source]:
    """Cuts around what the weights invent in what is learnt from."""
    detector = card.detector_of(made, weights)
    cuts = [tempting(source.shelf, score.answers(detector, source.shelf)) for source in lesson]
    say(f"{sum(map(len, cuts))} cuts around what is invented")
    return [Source(Shelf.joined(cuts), made.tempting)]


def _keep_memory() -> None:
    """Let glibc keep large blocks: to give each back to the kernel costs a step twice its time in faults."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, 32 << 20)
        mallopt(TRIM_THRESHOLD, (1 << 31) - 1)


def _asked() -> argparse.Namespace:
    root = Path(__file__).parents[2]
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("model", choices=sorted(RECIPES), help="which of the bundled models")
    add("--pictures", type=Path, required=True, help="folder of the picture folders")
    add("--teachers", type=Path, help="folder of the teachers' ONNX files, for a recipe that asks teachers")
    add("--clips", type=Path, help="folder of the real clips, for a recipe that names some")
    add("--cards", type=Path, default=root / "bench/models", help="folder of the teachers' cards")
    add("--work", type=Path, help="what is kept between runs (default build/NAME)")
    add("--out", type=Path, help="the model folder (default models/NAME)")
    add("--from", dest="start", type=Path, metavar="FOLDER", help="start from the weights of a model folder")
    add("--score", action="store_true", help="train nothing: choose thresholds and measure what --from has")
    add("--minutes", type=float, help="end the schedule after this time, however few pictures were shown")
    add("--most", type=int, help="let teachers label no more pictures of a folder than this, to learn from")
    add("--threads", type=int, default=2, help="CPU cores to use (default 2)")
    add("--cpu", action="store_true", help="do not use a GPU even if there is one")
    asked = parser.parse_args()
    if asked.score and not asked.start:
        parser.error("--score wants the model folder that it scores: --from FOLDER")
    asked.start = asked.start and asked.start / "model.onnx"
    asked.work = asked.work or root / "build" / asked.model
    asked.out = asked.out or root / "models" / asked.model
    return asked


if __name__ == "__main__":
    main()
