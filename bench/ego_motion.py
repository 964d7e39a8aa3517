"""How a moving camera moved: what it costs per picture, and by how much it errs, on a procedural flight.

    python bench/ego_motion.py [--pictures N] [--rounds N] [--json FILE]

Beside it what OpenCV offers for the same: corners followed by optical flow, and a homography that most of
them agree with. Milliseconds of CPU time per picture on one thread, medians over pictures of the best of
interleaved rounds; the error is that of nine spots of the picture against the true motion of the camera, in
pixels of 640.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.ground.flight import Overhead
from edge.samples.overflight import EXACT, Overflight, Shot
from edge.view.ego import EgoMotion

F64 = npt.NDArray[np.float64]
SPOTS = np.array([[x, y, 1.0] for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)])


def aligned(shots: list[Shot]) -> list[tuple[float, F64 | None]]:
    """CPU ms and homography between unit squares, as the box has them, picture by picture."""
    ego, found = EgoMotion(), []
    for shot in shots:
        began = time.thread_time()
        shift = ego.look(shot.pixels)
        found.append(((time.thread_time() - began) * 1e3, None if shift is None else shift.warp))
    return found[1:]


def followed(shots: list[Shot]) -> list[tuple[float, F64 | None]]:
    """The same by corners and optical flow."""
    before, found = None, list[tuple[float, F64 | None]]()
    for shot in shots:
        began = time.thread_time()
        grey = cv2.cvtColor(shot.pixels, cv2.COLOR_RGB2GRAY)
        warp = None if before is None else _by_flow(before, grey)
        found.append(((time.thread_time() - began) * 1e3, warp))
        before = grey
    return found[1:]


def _by_flow(before: np.ndarray, now: np.ndarray) -> F64 | None:
    corners = cv2.goodFeaturesToTrack(before, 300, 0.01, 6)
    moved, there, _ = cv2.calcOpticalFlowPyrLK(before, now, corners, None)  # type: ignore[call-overload]
    kept = there.ravel() == 1
    if kept.sum() < 8:
        return None
    warp, _ = cv2.findHomography(corners[kept], moved[kept], cv2.RANSAC, 2.0)
    scale = np.diag([before.shape[1], before.shape[0], 1.0])
    return None if warp is None else np.linalg.inv(scale) @ warp @ scale


def errors(flight: Overflight, shots: list[Shot], warps: list[F64 | None]) -> list[float]:
    """By how many pixels of 640 each homography that was found errs."""
    aspect = flight.size.width / flight.size.height
    true = [Overhead(shot.fix, EXACT, aspect, flight.chart) for shot in shots]
    off = []
    for before, now, warp in zip(true[:-1], true[1:], warps, strict=True):
        if warp is not None:
            apart = _moved(now.warp_from(before)) - _moved(warp)
            off.append(float(np.hypot(*(apart * [640.0, 640.0 / aspect]).T).mean()))
    return off


def _moved(warp: F64) -> F64:
    spots = SPOTS @ warp.T
    return np.asarray(spots[:, :2] / spots[:, 2:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    flight = Overflight(3, seconds=options.pictures / 5)
    shots = list(flight.shots())
    ways: dict[str, Callable[[list[Shot]], list[tuple[float, F64 | None]]]] = {
        "aligned (the box)": aligned,
        "corners and flow (OpenCV)": followed,
    }
    runs: dict[str, list[list[tuple[float, F64 | None]]]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            runs[name].append(way(shots))
    told = {}
    for name, found in runs.items():
        cost = float(np.median(np.min([[ms for ms, _ in run] for run in found], axis=0)))
        warps = [warp for _, warp in found[0]]
        off = errors(flight, shots, warps)
        told[name] = {
            "ms": round(cost, 2), "error_px": round(float(np.mean(off)), 2),
            "error_95_px": round(float(np.quantile(off, 0.95)), 2), "lost": len(warps) - len(off),
        }  # fmt: skip
        errs, worst, lost = (told[name][key] for key in ("error_px", "error_95_px", "lost"))
        print(f"{name:26} {cost:6.2f} ms, off by {errs} px (95 %: {worst}), unknown {lost} of {len(warps)}")
    if options.json:
        options.json.write_text(json.dumps(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
