"""The ground from people: each is about as tall as the next, so their boxes say where the horizon lies.

Law: height, horizon and roll (`edge.ground.pose`) are fitted to where heads are seen over feet, by
iteratively re-weighted least squares with Tukey's weights (Holland and Welsch, 1977), because boxes are cut
off by what stands in front. Somebody who walks from far to near shows the horizon however tall they are.
What people cannot say is taken from outside and its doubt is carried through: how tall they are on
average, how far their feet reach towards the camera, and how wide it sees. Children, riders and crowds that
hide their feet mislead it; it wants people who walk alone over the whole depth of the picture.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64, Lens
from edge.ground.pose import Pose, focal_of

STATURE_M, STATURE_SPREAD_M, STATURE_SD_M = 1.69, 0.10, 0.05
"""Mean height of people in shoes, its spread between persons, and how wrong the mean may be here: adult means
range from 1.60 (women) to 1.78 m (men) in most countries (NCD-RisC, eLife 2016;5:e13410)."""
DEPTH_M, DEPTH_SPREAD_M, DEPTH_SD_M = 0.20, 0.08, 0.06
"""By how much the foot that is nearest to the camera lies nearer than the crown, its spread between persons,
and how wrong the mean may be: half a shoe (0.13 m) of who stands, up to half a step more of who walks to or
from the camera (steps of 0.7 m; Perry and Burnfield, Gait Analysis, 2nd ed., 2010), averaged over directions.
Without it, who is near and looked down upon seems taller, and the camera comes out too low."""
BOX_SD, GAIT = 0.006, 0.025
"""How exactly the upper and lower side of a box are known, picture heights; what a step changes, share of the
person's height."""
BIAS_SD = 0.003
"""By how much boxes may be too high everywhere alike, picture heights: a pixel of 360."""
FEWEST = 12
"""People, each seen some times: fewer say more about themselves than about the street."""
LEAST_RANGE = 1.3
"""Least ratio of tall to short boxes (90th and 10th of 100); alike, they show no perspective."""
ROLL_SD_DEG = 3.0
"""Cameras are mounted about level."""
_TUKEY = 4.685
_OWN = [4, 5]
"""The parameters of which every person has their own: stature and depth."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Sightings of upright people; n of them.

    Attributes:
        feet, heads: float64 n×2, middle of the lower and of the upper side of the box, unit square.
        who: int64 n, the same number for sightings of the same person.
    """

    feet: F64
    heads: F64
    who: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Posed:
    """A pose, its doubt, and how many people agree with it.

    Attributes:
        pose, doubt: the camera's, and one standard deviation of it.
        used: share of the people that the fit did not set aside, 0..1.
        misfit: median distance of seen from expected heads, share of the person's height in the picture.
    """

    pose: Pose
    doubt: Pose
    used: float
    misfit: float


def pose_from(people: Standing, lens: Lens, view_deg: float, view_sd_deg: float) -> Posed:
    """The camera's pose from people seen over time.

    Args:
        people: at least 12 of them, over a good part of the picture's depth.
        lens: of the camera; its doubt goes into the pose's.
        view_deg: horizontal field of view, by the camera's data sheet, or a guess such as 70.
        view_sd_deg: how wrong it may be (one standard deviation).

    Raises:
        ValueError: too few people, or all at one distance.
    """
    found = _posed(people, lens, view_deg, view_sd_deg)
    if lens.sd == 0.0:
        return found
    one, other = (_posed(people, lens.otherwise(sds), view_deg, view_sd_deg).pose.vector for sds in (1, -1))
    return replace(found, doubt=Pose(*np.hypot(found.doubt.vector, (one - other) / 2)))


def _posed(people: Standing, lens: Lens, view_deg: float, view_sd_deg: float) -> Posed:
    """The same by exactly this lens."""
    scale = np.array([lens.aspect, 1.0])
    feet, heads = (lens.straight(p) * scale for p in (people.feet, people.heads))
    tall = feet[:, 1] - heads[:, 1]
    _check(tall, people.who)
    given = np.array([np.log(view_deg), np.log(STATURE_M), DEPTH_M, 0.0])
    given_sd = np.array([view_sd_deg / view_deg, STATURE_SD_M / STATURE_M, DEPTH_SD_M, BIAS_SD])
    start = np.array([*_first_guess(feet, tall), 0.0, *given])
    best, covariance, weights, misfit = _fit(start, feet, heads, people.who, lens.aspect, given_sd)
    sd = np.sqrt(np.diag(covariance))
    pose = Pose(float(np.exp(best[0])), float(best[1]), view_deg, float(best[2]))
    doubt = Pose(pose.height_m * float(sd[0]), float(sd[1]), view_sd_deg, float(sd[2]))
    return Posed(pose, doubt, float((weights > 0).mean()), misfit)


def _check(tall: F64, who: npt.NDArray[np.int64]) -> None:
    if len(np.unique(who)) < FEWEST:
        raise ValueError(f"wanted at least {FEWEST} people, got {len(np.unique(who))}; watch for longer")
    low, high = np.percentile(tall, [10, 90])
    if high < LEAST_RANGE * max(low, 1e-6):
        raise ValueError(
            "all people stand at about the same distance, which shows no perspective; "
            "watch until some are nearer and some farther, or survey points"
        )


def _first_guess(feet: F64, tall: F64) -> tuple[float, float]:
    """Logarithm of the camera's height, and the horizon: heights in the picture grow evenly below it."""
    slope, offset = np.polyfit(feet[:, 1], tall, 1)
    slope = max(float(slope), 1e-3)
    return float(np.log(STATURE_M / slope)), float(np.clip(-offset / slope, -5.0, 0.9))


def _fit(
    start: F64,
    feet: F64,
    heads: F64,
    who: npt.NDArray[np.int64],
    aspect: float,
    given_sd: F64,
) -> tuple[F64, F64, F64, float]:
    """Parameters (log height, horizon, roll, log view, log stature, depth, bias), covariance of the first
    three, weights of the sightings, and the misfit.

    The other four are considered, not estimated (Schmidt, 1966): boxes that are off alike everywhere would
    pull them far away, but their doubt goes into the others'. How tall and how deep a person is stays with
    them over all their sightings (a mixed model; Laird and Ware, Biometrics 38(4), 1982).
    """
    theta, (persons, person) = start, np.unique(who, return_inverse=True)
    tall = feet[:, 1] - heads[:, 1]
    sd = np.hypot(BOX_SD, tall * GAIT)
    spread = np.array([STATURE_SPREAD_M / STATURE_M, DEPTH_SPREAD_M])
    level, own = np.array([0.0, 0.0, ROLL_SD_DEG**-2]), np.zeros((len(persons), 2))
    for _ in range(60):
        error = (heads[:, 1] - _heads(theta, feet, aspect)) / sd
        slope = np.stack([_slope(theta, k, feet, aspect) for k in range(len(theta))], axis=1) / sd[:, None]
        left = error - (slope[:, _OWN] * own[person]).sum(axis=1)
        weights = _tukey(left) * _tukey(own[:, 0] / spread[0])[person]
        known, due, own = _mixed(slope, error, weights, person, spread)
        inverse = np.linalg.inv(known[:3, :3] + np.diag(level))
        change = np.clip(inverse @ (due[:3] - level * theta[:3]), -0.5, 0.5)
        theta = theta + np.append(change, np.zeros(len(theta) - 3))
        if np.abs(change).max() < 1e-9:
            break
    scale = max(1.0, 1.4826 * float(np.median(np.abs(left))))
    by_given = inverse @ known[:3, 3:] * given_sd
    return (
        theta,
        inverse * scale**2 + by_given @ by_given.T,
        weights,
        float(np.median(np.abs(error) * sd / tall)),
    )


def _mixed(
    slope: F64, error: F64, weights: F64, person: npt.NDArray[np.int64], spread: F64
) -> tuple[F64, F64, F64]:
    """What n errors say of k parameters if each person has two numbers of their own, with that spread.

    Returns:
        the information k×k, what it pulls towards k, and the persons' own numbers p×2.
    """
    own = slope[:, _OWN]
    rows = np.concatenate([own, slope, error[:, None]], axis=1)
    sums = np.zeros((person.max() + 1, 2, rows.shape[1]))
    np.add.at(sums, person, own[:, :, None] * (weights[:, None] * rows)[:, None, :])
    solved = np.linalg.solve(sums[:, :, :2] + np.diag(spread**-2.0), sums[:, :, 2:])
    full = slope.T @ (weights[:, None] * rows[:, 2:]) - (np.swapaxes(sums[:, :, 2:-1], 1, 2) @ solved).sum(
        axis=0
    )
    return full[:, :-1], full[:, -1], solved[:, :, -1]


def _tukey(error: F64) -> F64:
    """Weights 0..1 of errors in standard deviations; the scale is no less than what was expected."""
    scale = max(float(np.median(np.abs(error))) * 1.4826, 1.0)
    return np.asarray(np.maximum(1 - (error / (_TUKEY * scale)) ** 2, 0.0) ** 2)


def _heads(theta: F64, feet: F64, aspect: float) -> F64:
    """Height in the picture (picture heights from the top) of heads of people who stand at these feet.

    The lower side of a box is the foot that is nearest to the camera; the crown lies over a spot that is
    `depth` farther away, and `stature` above it. In camera axes, up and away are what roll and tilt say.
    """
    log_height, horizon, roll_deg, log_view, log_stature, depth_m, bias = theta
    focal, roll = focal_of(float(np.exp(log_view)), aspect), np.radians(roll_deg)
    tilt = np.arctan2((0.5 - horizon) * np.cos(roll), focal)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    rays = np.concatenate([(feet - [aspect / 2, 0.5]) @ turn, np.full((len(feet), 1), focal)], axis=1)
    down = np.array([0.0, np.cos(tilt), np.sin(tilt)])
    depth = np.exp(log_height) / np.maximum(rays @ down, 1e-6)  # metres along each ray to the ground
    away = rays - (rays @ down)[:, None] * down
    away *= depth_m / np.linalg.norm(away, axis=1)[:, None]
    head = rays * depth[:, None] + away - np.exp(log_stature) * down
    seen = focal * head[:, :2] / np.maximum(head[:, 2:], 1e-6)
    return np.asarray((seen @ turn.T)[:, 1] + 0.5 - bias)


def _slope(theta: F64, k: int, feet: F64, aspect: float) -> F64:
    reach = np.zeros(len(theta))
    reach[k] = 1e-5 if k != 2 else 1e-3
    return np.asarray(
        (_heads(theta + reach, feet, aspect) - _heads(theta - reach, feet, aspect)) / (2 * reach[k])
    )
