"""How boxes move: a Kalman filter for all tracks at once, in closed form.

A box is four independent axes, x and y of its centre in pixels and the natural logarithms of its width and
height. Each axis has a position and a velocity; the velocity is an Ornstein–Uhlenbeck process: it wanders,
fades within its time constant, and its spread never exceeds that of all objects in view. So an object
unseen for long is expected to slow down, and one step of 0.4 s is exactly two of 0.2 s at any sampling.
With no correlation between axes the 8×8 matrices of SORT shrink to three numbers per axis.

Source of the model: integrated Ornstein–Uhlenbeck process, Stone, Streit, Corwin and Bell, Bayesian Multiple
Target Tracking, 2nd ed. 2014, section 2.3; of scaling noise with the box: Wojke et al., arXiv:1703.07402.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.detections import Boxes

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

SPEED2 = np.square([1.3, 1.3, 0.15, 0.15])
"""Square of the spread of velocities: box sizes per second for the centre, e-folds per second for the sides.

A box size is √(w·h): 1.1 m for a pedestrian, who walks 1.3 of it a second; 2.6 m for a car seen from the
side, which drives 5 of it a second at 50 km/h."""

MEMORY_S = np.array([20.0, 20.0, 3.0, 3.0])
"""Seconds in which a velocity fades to 1/e."""
MEMORY2 = MEMORY_S**2

JITTER2 = np.square([0.1, 0.1, 0.16, 0.16])
"""Square of the spread of detected boxes about the truth: box sizes for the centre, e-folds for the sides."""

SURELY2 = 16.0
"""An object is known to move once its speed is so many times its variance: four standard deviations."""
SLOWEST2 = 0.25
"""Square of the slowest speed that is called moving, box sizes per second."""


@dataclass(frozen=True, slots=True, eq=False)
class Fading:
    """What a time does to velocities, on each of four axes.

    Attributes:
        dt_s: the time, seconds.
        kept: share of a velocity that is left.
        kept2: its square.
        reach: how far an object gets for each unit of its velocity, seconds.
        wander: what is added to the variance of the position, to the covariance, and to the variance of the
            velocity, for each unit of the spread of velocities.
    """

    dt_s: float
    kept: Floats
    kept2: Floats
    reach: Floats
    wander: tuple[Floats, Floats, Floats]

    @classmethod
    def over(cls, dt_s: float) -> "Fading":
        """Of `dt_s` seconds."""
        kept = np.exp(-dt_s / MEMORY_S)
        faded = 1.0 - kept
        reach, kept2 = MEMORY_S * faded, kept * kept
        drift = np.maximum(2.0 * dt_s / MEMORY_S - 3.0 + 4.0 * kept - kept2, 0.0)
        return cls(dt_s, kept, kept2, reach, (MEMORY2 * drift, reach * faded, 1.0 - kept2))


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Believed motion of n objects.

    Attributes:
        state: float64 6×n×4. The last axis is x, y (pixels), log width, log height (log pixels); the first is
            position, velocity per second, variance of the position, covariance of both, variance of the
            velocity, and the squared unit of noise: the box size √(w·h) for the centre, 1 for the sides.
    """

    state: Floats

    def __len__(self) -> int:
        return len(self.state[0])

    @property
    def position(self) -> Floats:
        """Pixels for x and y, log pixels for the sides, n×4."""
        position: Floats = self.state[0]
        return position

    @classmethod
    def begun(cls, measured: Floats) -> "Motion":
        """Motion of objects seen once, n×4: they may move at any speed."""
        state = np.zeros((6, *measured.shape))
        state[0] = measured
        _set_unit2(state[5], measured)
        state[2] = JITTER2 * state[5]
        state[4] = SPEED2 * state[5]
        return cls(state)

    def take(self, rows: Rows) -> "Motion":
        """The objects of an index array."""
        return Motion(self.state[:, rows])

    def joined(self, other: "Motion") -> "Motion":
        """These objects, then the others."""
        return Motion(np.concatenate((self.state, other.state), axis=1))

    def predicted(self, fading: "Fading") -> "Motion":
        """Where the objects are expected once that time has passed."""
        position, velocity, pp, pv, vv, _ = self.state
        state = np.empty_like(self.state)
        np.add(position, fading.reach * velocity, out=state[0])
        np.multiply(fading.kept, velocity, out=state[1])
        _set_unit2(state[5], state[0])
        spread = SPEED2 * state[5]
        carried = pv + fading.reach * vv
        np.add(pp + fading.reach * (pv + carried), fading.wander[0] * spread, out=state[2])
        np.add(fading.kept * carried, fading.wander[1] * spread, out=state[3])
        np.add(fading.kept2 * vv, fading.wander[2] * spread, out=state[4])
        return Motion(state)

    def corrected(self, rows: Rows, measured: Floats) -> "Motion":
        """The motion after the objects at `rows`, m of them, were measured, m×4."""
        state = self.state.copy()
        state[:, rows] = _measured_once(state[:, rows], measured)
        return Motion(state)

    def all_corrected(self, measured: Floats) -> "Motion":
        """The motion after every object was measured, n×4, in their order."""
        return Motion(_measured_once(self.state.copy(), measured))

    def stood(self, rows: Rows, where: Floats) -> "Motion":
        """The motion after the objects at `rows` were found standing at `where`, m×4.

        As sure as if they had been measured there: who stands does not set off at any speed at once.
        """
        after = self.corrected(rows, where)
        after.state[0, rows] = where
        after.state[1, rows] = 0.0
        return after

    def carried(self, warp: Floats) -> "Motion":
        """The same motion after the camera moved, as the new picture has it.

        Args:
            warp: float64 3×3, homography from pixels of the last picture to pixels of this one.
        """
        x, y = self.state[0, :, 0], self.state[0, :, 1]
        depth = warp[2, 0] * x + warp[2, 1] * y + warp[2, 2]
        there = (
            np.stack([warp[i, 0] * x + warp[i, 1] * y + warp[i, 2] for i in (0, 1)], axis=-1) / depth[:, None]
        )
        # How the picture about each object is turned and stretched, n×2×2.
        turn = (warp[None, :2, :2] - there[:, :, None] * warp[None, 2:, :2]) / depth[:, None, None]
        scale2 = np.abs(turn[:, 0, 0] * turn[:, 1, 1] - turn[:, 0, 1] * turn[:, 1, 0])
        state = self.state.copy()
        state[0, :, :2] = there
        state[0, :, 2:] += 0.5 * np.log(scale2)[:, None]
        state[1, :, :2] = (turn @ self.state[1, :, :2, None])[..., 0]
        state[2:5, :, :2] *= scale2[:, None]
        _set_unit2(state[5], state[0])
        return Motion(state)

    def expected_variance(self) -> Floats:
        """Variance of the next measurement about the position, n×4."""
        variance: Floats = self.state[2] + JITTER2 * self.state[5]
        return variance

    def moves(self) -> npt.NDArray[np.bool_]:
        """Which objects are known to move, n: faster than jitter makes of what stands."""
        speed2 = np.add.reduce(np.square(self.state[1, :, :2]), axis=1)
        moves: npt.NDArray[np.bool_] = speed2 > np.maximum(
            SURELY2 * self.state[4, :, 0], SLOWEST2 * self.state[5, :, 0]
        )
        return moves

    def boxes(self) -> Boxes:
        """Corners x1 y1 x2 y2 in pixels, float32 n×4."""
        half = 0.5 * np.exp(self.position[:, 2:])
        centre = self.position[:, :2]
        boxes: Boxes = np.empty((len(self), 4), np.float32)
        np.subtract(centre, half, out=boxes[:, :2], casting="same_kind")
        np.add(centre, half, out=boxes[:, 2:], casting="same_kind")
        return boxes


def measured(boxes: Boxes) -> Floats:
    """Boxes n×4 x1 y1 x2 y2 with sides > 0 as measurements n×4 x y log-width log-height."""
    corners = boxes.astype(np.float64)
    low, high = corners[:, :2], corners[:, 2:]
    where = np.empty_like(corners)
    np.multiply(low + high, 0.5, out=where[:, :2])
    np.log(high - low, out=where[:, 2:])
    return where


def _measured_once(now: Floats, measured: Floats) -> Floats:
    """The same array of states, 6×m×4, changed by a measurement of each object, m×4."""
    gains = now[2:4] / (now[2] + JITTER2 * now[5])  # of the position, and of the velocity
    now[4] -= gains[1] * now[3]
    now[:2] += gains * (measured - now[0])
    now[2:4] -= gains[0] * now[2:4]
    return now


def _set_unit2(unit2: Floats, position: Floats) -> None:
    """Set the square of the unit of noise on each axis, n×4."""
    unit2[:, :2] = np.exp(position[:, 2:3] + position[:, 3:])
    unit2[:, 2:] = 1.0
