"""Wiring of the verb `models bench`: every engine of this machine on the same pictures, turn by turn."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from edge.adapters import model_folder, sessions
from edge.adapters.engine_cache import EngineCache
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.agreement import agreement
from edge.run.wiring.engines import copies_of
from edge.run.wiring.pictures import Pictures
from edge.values.detections import Detections
from edge.values.engine import BASE, Backend, Engine, Precision, Timing
from edge.values.errors import ModelError
from edge.values.frame import Pixels

LEAST_BOXES = 20
"""Boxes that the base must find for an agreement to be told."""
CROPS = (1.0, 0.85, 0.7)
NOTHING = Detections.of([], [], [])


@dataclass(slots=True)
class Candidate:
    """An engine that runs here, and what it took and found so far."""

    model: LoadedModel
    detector: OnnxDetector
    spent_ms: list[float] = field(default_factory=list)
    found: list[Detections] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Absent:
    """An engine that does not run here, and why."""

    engine: Engine
    why: str


def candidates(model: LoadedModel, store: Path | None, threads: int) -> tuple[list[Candidate], list[Absent]]:
    """The engines that accept the model here, the base first, and those that do not.

    Raises:
        ModelError: the base does not accept it.
    """
    base = replace(BASE, threads=threads)
    here, absent = [Candidate(model, OnnxDetector(model, engine=base))], []
    for engine in _engines(base):
        try:
            file = _file(model, store) if engine.precision is Precision.INT8 else model
            here.append(Candidate(file, OnnxDetector(file, engine=engine)))
        except ModelError as failure:
            absent.append(Absent(engine, str(failure)))
    return here, absent


def _engines(base: Engine) -> Iterator[Engine]:
    """All but the base."""
    for backend in Backend:
        for precision in Precision:
            pair = (backend, precision)
            if pair not in ((base.backend, base.precision), (Backend.ONNXRUNTIME, Precision.BF16)):
                yield replace(base, backend=backend, precision=precision)


def _file(model: LoadedModel, store: Path | None) -> LoadedModel:
    """The INT8 copy of a model."""
    if model.card.quantised is not None:
        raise ModelError("the model is INT8 itself, in every row")
    copies = copies_of(model, store)
    if not copies:
        raise ModelError("there is no INT8 copy; safecity-edge models quantise makes one")
    return model_folder.load(copies[0][0])


def own_pictures(model: LoadedModel) -> Pictures:
    """The self-test picture, its mirror image, and parts of both.

    Raises:
        ModelError: the model has none.
    """
    if model.picture is None:
        raise ModelError(f"{model.card.name} has no self-test picture: give some of your own with --frames")
    whole = picture_pixels(model.picture)
    pixels = []
    for share in CROPS:
        for left, top in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)) if share < 1 else ((0.0, 0.0),):
            part = _part(whole, share, left, top)
            pixels += [part, np.ascontiguousarray(part[:, ::-1])]
    return Pictures("the self-test picture and parts of it", tuple(pixels))


def _part(whole: Pixels, share: float, left: float, top: float) -> Pixels:
    """A part of the picture; `left` and `top` 0 for its beginning, 1 for its end."""
    height, width = (round(side * share) for side in whole.shape[:2])
    x, y = round((whole.shape[1] - width) * left), round((whole.shape[0] - height) * top)
    return np.ascontiguousarray(whole[y : y + height, x : x + width])


def measure(
    runners: Sequence[Candidate], pictures: Sequence[Pixels], rounds: int, tell: Callable[[int], None]
) -> list[Timing]:
    """Let every candidate answer every round's picture, each beginning a round in its turn.

    Args:
        runners: the base first.
        pictures: uint8 H×W×3 RGB, shown again and again.
        rounds: pictures to show.
        tell: told how many rounds there were.
    """
    cv2.setNumThreads(1)
    for turn in range(-1, rounds):
        shown = pictures[turn % len(pictures)]
        first = turn % len(runners)
        for runner in (*runners[first:], *runners[:first]):
            began = time.process_time()
            answer = runner.detector.answer(shown)
            if turn >= 0:  # what comes before warms up
                runner.spent_ms.append(1000 * (time.process_time() - began))
            if 0 <= turn < len(pictures):
                runner.found.append(answer if isinstance(answer, Detections) else NOTHING)
        tell(turn + 1)
    return [_timing(runner, runners[0]) for runner in runners]


def _timing(runner: Candidate, base: Candidate) -> Timing:
    same = agreement(zip(base.found, runner.found, strict=True))
    told = same.both + same.first_alone >= LEAST_BOXES
    return Timing(
        engine=runner.detector.engine,
        weights=runner.model.card.sha256,
        p10_ms=round(float(np.quantile(runner.spent_ms, 0.1)), 2),
        median_ms=round(float(np.median(runner.spent_ms)), 2),
        recall=same.recall if told else None,
        precision=(same.precision or 0.0) if told else None,
    )


def keep(folder: Path, model: LoadedModel, threads: int, timings: Sequence[Timing]) -> None:
    """Keep what was measured, for this machine.

    Raises:
        StorageError: it cannot be written.
    """
    EngineCache(folder).keep(model.card.sha256, threads, timings)


def installed(backend: Backend) -> str:
    """Version of a back end in words."""
    return sessions.version(backend) if sessions.installed(backend) else "not installed"
