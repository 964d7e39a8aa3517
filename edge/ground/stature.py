"""The ground from people: each is about as tall as the next, so their boxes say where the horizon lies.

Law: height, horizon and roll (`edge.ground.pose`) are fitted to where heads are seen over feet, by
iteratively re-weighted least squares with Tukey's weights (Holland and Welsch, 1977), because boxes are cut
off by what stands in front.
What people cannot say is taken from outside and its doubt is carried through: how tall they are on
average, and how wide the camera sees. Children, riders and crowds that hide their feet mislead it; it wants
people who walk alone over the whole depth of the picture.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64, Lens
from edge.ground.pose import Pose, focal_of

STATURE_M, STATURE_SPREAD_M, STATURE_SD_M = 1.69, 0.10, 0.05
"""Mean height of people in shoes, its spread between persons, and how wrong the mean may be here: adult means
range from 1.60 (women) to 1.78 m (men) in most countries (NCD-RisC, eLife 2016;5:e13410)."""
BOX_SD = 0.006
"""How exactly the upper and lower side of a box are known, picture heights."""
FEWEST = 12
"""People, each seen some times: fewer say more about themselves than about the street."""
LEAST_RANGE = 1.3
"""Least ratio of tall to short boxes (90th and 10th of 100); alike, they show no perspective."""
ROLL_SD_DEG = 3.0
"""Cameras are mounted about level."""
_TUKEY = 4.685


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
        lens: of the camera.
        view_deg: horizontal field of view, by the camera's data sheet, or a guess such as 70.
        view_sd_deg: how wrong it may be (one standard deviation).

    Raises:
        ValueError: too few people, or all at one distance.
    """
    scale = np.array([lens.aspect, 1.0])
    feet, heads = (lens.straight(p) * scale for p in (people.feet, people.heads))
    tall = feet[:, 1] - heads[:, 1]
    _check(tall, people.who)
    given = np.array([np.log(view_deg), np.log(STATURE_M)])
    given_sd = np.array([view_sd_deg / view_deg, STATURE_SD_M / STATURE_M])
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
    """Parameters (log height, horizon, roll, log view, log stature), covariance of three, weights, misfit.

    View and stature are considered, not estimated (Schmidt, 1966): boxes that are off alike everywhere would
    pull them far away, but their doubt goes into the others'.
    """
    theta = start
    tall = feet[:, 1] - heads[:, 1]
    sd = np.hypot(BOX_SD, tall * STATURE_SPREAD_M / STATURE_M)
    level = np.array([[0.0, 0.0, 1 / ROLL_SD_DEG]])
    for _ in range(60):
        error = (heads[:, 1] - _heads(theta, feet, aspect)) / sd
        slope = np.stack([_slope(theta, k, feet, aspect) for k in range(5)], axis=1) / sd[:, None]
        weights = _tukey(error)
        rows = np.concatenate([slope[:, :3] * np.sqrt(weights)[:, None], level])
        due = np.append(error * np.sqrt(weights), -theta[2] / ROLL_SD_DEG)
        change = np.clip(np.linalg.lstsq(rows, due, rcond=None)[0], -0.5, 0.5)
        theta = theta + np.append(change, [0.0, 0.0])
        if np.abs(change).max() < 1e-9:
            break
    bread = np.linalg.inv(rows.T @ rows)
    pull = slope[:, :3] * (weights * error)[:, None]
    by_given = bread @ (slope[:, :3] * weights[:, None]).T @ slope[:, 3:] * given_sd
    covariance = _by_person(bread, pull, who, level) + by_given @ by_given.T
    return theta, covariance, weights, float(np.median(np.abs(error) * sd / tall))


def _tukey(error: F64) -> F64:
    """Weights 0..1 of errors in standard deviations; the scale is no less than what was expected."""
    scale = max(float(np.median(np.abs(error))) * 1.4826, 1.0)
    return np.asarray(np.maximum(1 - (error / (_TUKEY * scale)) ** 2, 0.0) ** 2)


def _by_person(bread: F64, pull: F64, who: npt.NDArray[np.int64], held: F64) -> F64:
    """Covariance 3×3 that takes sightings of one person for one witness (Liang and Zeger, 1986)."""
    persons = np.unique(who)
    pulls = np.stack([pull[who == person].sum(axis=0) for person in persons])
    few = len(persons) / max(len(persons) - 3, 1)
    return np.asarray(bread @ (few * pulls.T @ pulls + held.T @ held) @ bread)


def _heads(theta: F64, feet: F64, aspect: float) -> F64:
    """Height in the picture (picture heights from the top) of heads of people who stand at these feet.

    A point z above the ground, seen from height h, projects where the ray to its feet, moved up by z / h of
    the way to the camera, does: in camera axes X' = X - z · up, and up is what the roll and tilt say.
    """
    log_height, horizon, roll_deg, log_view, log_stature = theta
    focal, roll = focal_of(float(np.exp(log_view)), aspect), np.radians(roll_deg)
    tilt = np.arctan2((0.5 - horizon) * np.cos(roll), focal)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    rays = np.concatenate([(feet - [aspect / 2, 0.5]) @ turn, np.full((len(feet), 1), focal)], axis=1)
    down = np.array([0.0, np.cos(tilt), np.sin(tilt)])
    depth = np.exp(log_height) / np.maximum(rays @ down, 1e-6)  # metres along each ray to the ground
    head = rays * depth[:, None] - np.exp(log_stature) * down
    seen = focal * head[:, :2] / np.maximum(head[:, 2:], 1e-6)
    return np.asarray((seen @ turn.T)[:, 1] + 0.5)


def _slope(theta: F64, k: int, feet: F64, aspect: float) -> F64:
    reach = np.zeros(5)
    reach[k] = 1e-5 if k != 2 else 1e-3
    return np.asarray(
        (_heads(theta + reach, feet, aspect) - _heads(theta - reach, feet, aspect)) / (2 * reach[k])
    )
