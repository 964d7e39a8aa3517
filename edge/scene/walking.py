"""How fast objects move on the ground, from places that jitter.

Law: a fading-memory filter of first degree (N. Morrison, Introduction to Sequential Smoothing and
Prediction, 1969, chapter 13; E. Brookner, Tracking and Kalman Filtering Made Easy, 1998, section 1.2.6):
least squares over the past with weights that fade within `MEMORY_S`. Whoever walks straight on is followed
without lag. What the places scatter about the filter's forecast says how far a speed can be trusted; nobody
has to know how good the detector is.
"""

import numpy as np
import numpy.typing as npt

from edge.scene.objects import Flags, Objects
from edge.scene.segments import F64
from edge.values.moment import NS_PER_S
from edge.values.walks import Walks

MEMORY_S = 0.35
SETTLED_S = 0.9
"""A speed younger than this is no speed yet."""
STOPS_BELOW_MPS, GOES_ABOVE_MPS = 0.2, 0.5
"""Whoever went faster than the second and gets slower than the first has stopped."""
FASTEST_MPS = 12.0
_SCATTER_MEMORY = 0.15


def follow(objects: Objects, rows: npt.NDArray[np.intp], at_m: F64, step_s: F64, now: int) -> None:
    """Bring the ground columns of these rows up to date.

    Args:
        objects: changed in place.
        rows: m rows that were seen now.
        at_m: float64 m×2, where on the ground they were seen; NaN beyond the horizon.
        step_s: float64 m, time since they were seen before, seconds.
        now: monotonic time of this frame, ns.
    """
    before, step = objects.at_m[rows], np.maximum(step_s, 1e-3)[:, None]
    known = np.isfinite(before).all(axis=1) & (step_s > 0)
    age = np.maximum((now - objects.ground_ns[rows]) / NS_PER_S, 1e-3)[:, None]
    fade = np.exp(-step / np.minimum(MEMORY_S, age))
    forecast = before + objects.speed_mps[rows] * step
    miss = np.where(known[:, None], at_m - forecast, 0.0)
    raw = (at_m - objects.place_m[rows]) / step
    objects.place_m[rows] = at_m
    speed = objects.speed_mps[rows] + (1 - fade) ** 2 * miss / step
    pace = np.maximum(np.hypot(speed[:, 0], speed[:, 1]), 1e-9)[:, None]
    objects.speed_mps[rows] = np.where(known[:, None], speed * np.minimum(1.0, FASTEST_MPS / pace), 0.0)
    objects.at_m[rows] = np.where(known[:, None], forecast + (1 - fade**2) * miss, at_m)
    objects.ground_ns[rows] = np.where(known, objects.ground_ns[rows], now)
    _scatter(objects, rows, raw, fade[:, 0], known)
    _halt(objects, rows, pace[:, 0])


def _scatter(objects: Objects, rows: npt.NDArray[np.intp], raw: F64, fade: F64, known: Flags) -> None:
    """Learn how much a speed errs from how unsteady the raw speeds m×2 are.

    Places that scatter by σ² give third differences of variance 20 σ²; a body's own motion has hardly any
    at some pictures a second. The filter makes of σ² a speed of variance 2 σ² (1 - θ)³ / (1 + θ)³ / T²
    (Brookner, 1.2.6).
    """
    change = raw - objects.raw_mps[rows]
    wild = (change - objects.change_mps[rows])[known]
    objects.raw_mps[rows], objects.change_mps[rows] = np.where(known[:, None], raw, 0.0), change
    noise = (wild**2).mean(axis=1) / 20 * 2 * ((1 - fade) / (1 + fade))[known] ** 3
    rows = rows[known]
    young = objects.looks[rows] < 3
    objects.looks[rows] += 1
    objects.noise_mps2[rows] += np.where(young, 0.0, _SCATTER_MEMORY * (noise - objects.noise_mps2[rows]))


def _halt(objects: Objects, rows: npt.NDArray[np.intp], pace: F64) -> None:
    went = objects.goes[rows]
    objects.goes[rows] = np.where(went, pace >= STOPS_BELOW_MPS, pace >= GOES_ABOVE_MPS)
    objects.halted[:] = False
    objects.halted[rows] = went & (pace < STOPS_BELOW_MPS)


def walks(objects: Objects, settled: Flags, z: int, labels: tuple[str, ...]) -> Walks:
    """Those of the settled who stand in zone `z`."""
    rows = np.flatnonzero(settled & (objects.depth[:, z] > 0))
    o = objects
    return Walks(
        o.ids[rows],
        labels,
        o.classes[rows],
        o.scores[rows],
        o.at_m[rows],
        o.speed_mps[rows],
        np.sqrt(o.noise_mps2[rows]),
        o.halted[rows],
    )


def settled(objects: Objects, now: int) -> Flags:
    """Whose speed means something: believed, followed now, and seen on the ground for long enough."""
    old = now - objects.ground_ns >= SETTLED_S * NS_PER_S
    return np.asarray(objects.believed & objects.live & old & np.isfinite(objects.at_m[:, 0]))
