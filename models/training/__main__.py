"""`python -m models.training`: everything from pictures to a model folder, each step skipped if it is done.

    python -m models.training --pictures PICTURES --teachers WEIGHTS --work WORK --out models/street-nano

Ctrl-C saves and stops; the same command goes on from there.
"""

import argparse
import ctypes
import signal
import threading
from pathlib import Path

import torch

from models.training import card, recipe, shelves
from models.training.augment import Augment
from models.training.batches import Batches
from models.training.network import Network
from models.training.train import Training, run

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Names of glibc's malloc.h."""


def main() -> None:
    asked = _asked()
    torch.set_num_threads(1)  # the training has threads of its own, see Training
    _keep_memory()
    asked.work.mkdir(parents=True, exist_ok=True)
    kept = shelves.prepare(asked.pictures, asked.cards, asked.teachers, asked.work, say)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    average = _trained(asked, kept, stop)
    if not stop.is_set():
        card.write(average, kept, asked.out, say)


def say(text: str) -> None:
    """Tell how far it is, at once, also into a file."""
    print(text, flush=True)


def _trained(asked: argparse.Namespace, kept: shelves.Shelves, stop: threading.Event) -> Network:
    device = torch.device("cuda" if torch.cuda.is_available() and not asked.cpu else "cpu")
    state = asked.work / "street-nano.pt"
    for plan in recipe.STAGES:
        training = Training(recipe.SHAPE, plan, recipe.SEED, device, asked.threads)
        if state.exists():
            training.load(state)
        augment = Augment(plan.width, plan.height, recipe.AUGMENT)
        batches = Batches(kept.train, augment, plan.batch, recipe.SEED, training.step)
        run(training, plan, batches, state, say, stop.is_set)
    return training.average


def _keep_memory() -> None:
    """Let glibc keep large blocks: to give each back to the kernel costs a step twice its time in faults."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, 32 << 20)
        mallopt(TRIM_THRESHOLD, (1 << 31) - 1)


def _asked() -> argparse.Namespace:
    root = Path(__file__).parents[2]
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="folder of the picture folders")
    parser.add_argument("--teachers", type=Path, required=True, help="folder of the teachers' ONNX files")
    parser.add_argument("--cards", type=Path, default=root / "bench/models", help="folder of their cards")
    parser.add_argument(
        "--work", type=Path, default=root / "build/street-nano", help="what is kept between runs"
    )
    parser.add_argument("--out", type=Path, default=root / "models/street-nano", help="the model folder")
    parser.add_argument("--threads", type=int, default=2, help="CPU cores to use (default 2)")
    parser.add_argument("--cpu", action="store_true", help="do not use a GPU even if there is one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
