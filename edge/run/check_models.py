"""What `check` says of the models of a box: whether they are accepted, what they cost here, what fits.

Law: times are of this box, now, in CPU time where the CPU computes.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np

from edge.config.spec import NodeSpec
from edge.detect.card import Card
from edge.ports import Detector
from edge.run import smaller
from edge.run.finding import Finding
from edge.run.supervise import own_cores
from edge.run.wiring import counting, watching
from edge.values.crowd import UNMEASURED
from edge.values.frame import Frame, Size

WARM_UP, TIMED = 3, 15
BUSY_SHARE = 0.8
"""Share of the cores that inference may take; the rest is for decoding and the system."""


def of_detector(node: NodeSpec) -> Iterator[Finding]:
    """The detector, what a picture costs, and whether the cameras fit.

    Raises:
        ModelError: it is not accepted.
    """
    choice = watching.model_of(node)
    loaded = choice.model
    detector = watching.detector_of(node, choice)
    on_cpu = choice.engine.provider == "cpu"
    ms = _milliseconds(detector, loaded.card, time.process_time if on_cpu else time.perf_counter)
    fps = max(camera.detect_fps for camera in node.cameras)
    fit = int(BUSY_SHARE * own_cores() * 1000 / (ms * fps))
    asked = len(node.cameras)
    tested = "no self-test" if loaded.card.self_test is None else "self-test passed"
    engine = f"{choice.engine} ({choice.why})"
    found = f"{loaded.card.name} on {engine}, {tested}, {ms:.1f} ms a picture on one core"
    if fit < asked:
        copy = smaller.in_words(loaded.card, ms)
        other = "a smaller model" if copy is None else f"smaller pictures: {copy}"
        advice = f"about {fit} cameras at {fps:g} fps fit; lower detect_fps or take {other}"
        yield Finding("model", found, "warn", advice)
    else:
        yield Finding("model", f"{found}: about {fit} cameras at {fps:g} fps fit", "ok")


def _milliseconds(detector: Detector, card: Card, clock: Callable[[], float]) -> float:
    """Median time of one answer by that clock, on a picture of noise, milliseconds."""
    width, height = card.input.size
    noise = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    frame = Frame("check", "check", 0, watching.now(), noise, Size(width, height))
    spent = []
    for _ in range(WARM_UP + TIMED):
        began = clock()
        detector.detect(frame)
        spent.append(clock() - began)
    return float(np.median(spent[WARM_UP:])) * 1000


def of_counters(node: NodeSpec) -> Iterator[Finding]:
    """The density models, and what their calls take of a core.

    Raises:
        ModelError: one is not accepted.
    """
    counters = counting.Counters()
    cameras = [(camera.density, counters.of(node, camera)) for camera in node.cameras]
    asked = [
        (density, counter) for density, counter in cameras if density is not None and counter is not None
    ]
    for counter in dict.fromkeys(counter for _, counter in asked):
        ms = counting.milliseconds(counter)
        share = sum(ms / 1000 / density.every_s for density, other in asked if other is counter)
        error = f"± {counter.card.crowd.error:.0%}" if counter.card.crowd else "unknown"
        found = f"{counter.card.name}, error {error}, {ms:.1f} ms a count, {share:.1%} of a core"
        unmeasured = counter.card.crowd is not None and counter.card.crowd.error == UNMEASURED
        advice = "measure its error on your own pictures, and write crowd.error into its card"
        yield Finding("density", found, "warn" if unmeasured else "ok", advice if unmeasured else "")
