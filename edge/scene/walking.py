"""How fast objects move on the ground, from places that jitter.

Law: a fading-memory filter of first degree (N. Morrison, Introduction to Sequential Smoothing and
Prediction, 1969, chapter 13; E. Brookner, Tracking and Kalman Filtering Made Easy, 1998, section 1.2.6):
least squares over the past with weights that fade within `MEMORY_S`. Whoever walks straight on is followed
without lag. What the places scatter about the filter's forecast says how far a speed can be trusted; nobody
has to know how good the detector is.
"""

import numpy as np
import numpy.typing as npt

from edge.scene.objects import AT, CHANGE, I64, NOISE, PLACE, RAW, SPEED, Flags, Objects, Rows
from edge.scene.segments import F64
from edge.values.company import Roll
from edge.values.moment import NS_PER_S
from edge.values.walks import Walks

MEMORY_S = 0.35
SETTLED_S = 0.9
"""A speed younger than this is no speed yet."""
FASTEST_MPS = 12.0
YOUNG = 3
"""Steps before which nothing is known of how a place scatters."""
_SCATTER_MEMORY = 0.15


def follow(objects: Objects, rows: Rows, at_m: F64, step_s: F64, now: int) -> None:
    """Bring the ground columns of these rows up to date.

    Args:
        objects: changed in place.
        rows: m rows that were seen now.
        at_m: float64 m×2, where on the ground they were seen; NaN beyond the horizon.
        step_s: float64 m, time since they were seen before, seconds; one number if it is the same for all.
        now: monotonic time of this frame, ns.
    """
    was, at_m = objects.ground[rows].T.copy(), at_m.T.copy()  # numpy is fast along what is long
    step = np.maximum(step_s, 1e-3)
    known = ~np.isnan(was[0]) & (step_s > 0)
    fade = np.exp(-step / _memory_s(now, objects.ground_ns[rows]))
    is_new = np.empty_like(was)
    is_new[SPEED], is_new[AT] = _smoothed(was, at_m, step, fade)
    is_new[PLACE] = at_m
    raw = np.divide(at_m - was[PLACE], step, out=is_new[RAW])
    change = np.subtract(raw, was[RAW], out=is_new[CHANGE])
    is_new[NOISE] = _noise(objects.looks[rows], was[NOISE], change - was[CHANGE], fade)
    if np.count_nonzero(known) < len(known):
        strange = ~known
        is_new[AT, strange], is_new[SPEED, strange], is_new[RAW, strange] = at_m[:, strange], 0.0, 0.0
        is_new[NOISE, strange] = was[NOISE, strange]
        objects.ground_ns[objects.which(rows)[strange]] = now
    objects.ground[rows] = is_new.T
    objects.looks[rows] += known


def _memory_s(now: int, since_ns: I64) -> F64:
    """Over how long the places of those are smoothed who are followed since then; one number where it is the
    same for all, as of everybody who has been followed for long enough."""
    if not len(since_ns) or (now - since_ns.max()) / NS_PER_S >= MEMORY_S:
        return np.asarray(MEMORY_S)
    return np.minimum(MEMORY_S, np.maximum((now - since_ns) / NS_PER_S, 1e-3))


def _smoothed(was: F64, at_m: F64, step: F64, fade: F64) -> tuple[F64, F64]:
    """Velocity and place after those that were so are seen at `at_m`, 2×m each."""
    forecast = was[AT] + was[SPEED] * step
    miss = at_m - forecast
    rest = 1 - fade
    speed = was[SPEED] + rest * rest * miss / step
    pace = np.hypot(speed[0], speed[1])
    if np.count_nonzero(pace > FASTEST_MPS):
        speed *= np.minimum(1.0, FASTEST_MPS / np.maximum(pace, 1e-9))
    return speed, forecast + (1 - fade * fade) * miss


def _noise(looks: I64, was: F64, wild: F64, fade: F64) -> F64:
    """Learn how much a speed errs from how unsteady the raw speeds are: by third differences 2×m.

    Places that scatter by σ² give third differences of variance 20 σ²; a body's own motion has hardly any
    at some pictures a second. The filter makes of σ² a speed of variance 2 σ² (1 - θ)³ / (1 + θ)³ / T²
    (Brookner, 1.2.6).
    """
    spread = (wild[0] ** 2 + wild[1] ** 2) / 2
    noise = spread / 10 * np.power((1 - fade) / (1 + fade), 3)
    news = np.where((looks >= YOUNG) & ~np.isnan(noise), noise - was, 0.0)
    return np.asarray(was + _SCATTER_MEMORY * news)


def everyone(roll: Roll, settled: npt.NDArray[np.intp], ground: F64) -> Walks:
    """How the settled move: these rows of a roll, and of `ground` as in `Objects`."""
    ground = ground.take(settled, axis=0)
    who = roll.ids.take(settled), roll.labels, roll.classes.take(settled), roll.scores.take(settled)
    return Walks(*who, ground[:, AT].copy(), ground[:, SPEED].copy(), np.sqrt(ground[:, NOISE]))


def settled(ground: F64, ground_ns: I64, followed: Flags, now: int) -> npt.NDArray[np.intp]:
    """Whose speed means something, by row: believed and followed now, and seen on the ground for long
    enough."""
    old = now - ground_ns >= SETTLED_S * NS_PER_S
    old &= followed
    old &= ~np.isnan(ground[:, 0])
    return old.nonzero()[0]
