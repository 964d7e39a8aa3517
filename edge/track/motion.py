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

SPEED = np.array([2.0, 2.0, 0.25, 0.25])
"""Spread of velocities: box sizes per second for the centre, e-folds per second for the sides.

A box size is √(w·h): 1.1 m for a pedestrian, who walks 1.3 of it a second; 2.6 m for a car seen from the
side, which drives 5 of it a second at 50 km/h."""

MEMORY_S = np.array([6.0, 6.0, 1.0, 1.0])
"""Seconds in which a velocity fades to 1/e."""

JITTER = np.array([0.08, 0.08, 0.12, 0.12])
"""Spread of a detector's boxes about the truth: box sizes for the centre, e-folds for the sides."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Believed motion of n objects, every array float64 n×4 with axes x, y, log width, log height.

    Attributes:
        position: pixels for x and y, log pixels for the sides.
        velocity: the same per second.
        pp: variance of the position.
        pv: covariance of position and velocity.
        vv: variance of the velocity.
    """

    position: Floats
    velocity: Floats
    pp: Floats
    pv: Floats
    vv: Floats

    def __len__(self) -> int:
        return len(self.position)

    @classmethod
    def begun(cls, measured: Floats) -> "Motion":
        """Motion of objects seen once, n×4: they may move at any speed."""
        unit = _unit(measured)
        zero = np.zeros_like(measured)
        return cls(measured, zero, (JITTER * unit) ** 2, zero, (SPEED * unit) ** 2)

    def take(self, rows: Rows) -> "Motion":
        """The objects of an index array."""
        return Motion(self.position[rows], self.velocity[rows], self.pp[rows], self.pv[rows], self.vv[rows])

    def joined(self, other: "Motion") -> "Motion":
        """These objects, then the others."""
        return Motion(
            np.concatenate((self.position, other.position)),
            np.concatenate((self.velocity, other.velocity)),
            np.concatenate((self.pp, other.pp)),
            np.concatenate((self.pv, other.pv)),
            np.concatenate((self.vv, other.vv)),
        )

    def placed(self, rows: Rows, other: "Motion") -> "Motion":
        """These objects, with the ones at `rows` replaced by the others."""
        arrays = [self.position.copy(), self.velocity.copy(), self.pp.copy(), self.pv.copy(), self.vv.copy()]
        for mine, new in zip(
            arrays, (other.position, other.velocity, other.pp, other.pv, other.vv), strict=True
        ):
            mine[rows] = new
        return Motion(*arrays)

    def predicted(self, dt_s: float) -> "Motion":
        """Where the objects are expected `dt_s` seconds later."""
        kept = np.exp(-dt_s / MEMORY_S)
        reach = MEMORY_S * (1.0 - kept)
        spread = (SPEED * _unit(self.position)) ** 2
        drift = 2.0 * dt_s / MEMORY_S - 3.0 + 4.0 * kept - kept * kept
        return Motion(
            self.position + reach * self.velocity,
            kept * self.velocity,
            self.pp
            + reach * (2.0 * self.pv + reach * self.vv)
            + spread * (MEMORY_S**2 * np.maximum(drift, 0)),
            kept * (self.pv + reach * self.vv) + spread * (MEMORY_S * (1.0 - kept) ** 2),
            kept * kept * self.vv + spread * (1.0 - kept * kept),
        )

    def corrected(self, measured: Floats) -> "Motion":
        """The motion after each object was measured, n×4."""
        residual = measured - self.position
        total = self.expected_variance()
        gain = self.pp / total
        turn = self.pv / total
        return Motion(
            self.position + gain * residual,
            self.velocity + turn * residual,
            self.pp - gain * self.pp,
            self.pv - gain * self.pv,
            self.vv - turn * self.pv,
        )

    def rested(self) -> "Motion":
        """The same places, at a standstill, free to set off again at any speed."""
        zero = np.zeros_like(self.velocity)
        return Motion(self.position, zero, self.pp, zero, (SPEED * _unit(self.position)) ** 2)

    def expected_variance(self) -> Floats:
        """Variance of the next measurement about the position, n×4."""
        return self.pp + (JITTER * _unit(self.position)) ** 2

    def doubt(self) -> Floats:
        """Logarithm of the volume in which the next measurement is expected, in box sizes, n."""
        doubt: Floats = np.log(self.expected_variance()).sum(axis=1) - 2.0 * self.position[:, 2:].sum(axis=1)
        return doubt

    def boxes(self) -> Boxes:
        """Corners x1 y1 x2 y2 in pixels, float32 n×4."""
        half = 0.5 * np.exp(self.position[:, 2:])
        centre = self.position[:, :2]
        return np.concatenate((centre - half, centre + half), axis=1, dtype=np.float32)


def measured(boxes: Boxes) -> Floats:
    """Boxes n×4 x1 y1 x2 y2 with sides > 0 as measurements n×4 x y log-width log-height."""
    corners = boxes.astype(np.float64)
    low, high = corners[:, :2], corners[:, 2:]
    return np.concatenate(((low + high) * 0.5, np.log(high - low)), axis=1)


def _unit(position: Floats) -> Floats:
    """What one unit of noise is on each axis, n×4: the box size √(w·h) for the centre, 1 for the sides."""
    unit = np.ones_like(position)
    unit[:, :2] = np.exp(0.5 * (position[:, 2] + position[:, 3]))[:, None]
    return unit
