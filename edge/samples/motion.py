"""Motion: where an actor is at every moment of its path, smoothly turning and stopping."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from edge.samples.gait import Stance
from edge.samples.scene import Actor, Stop

Floats = npt.NDArray[np.float64]
SMOOTH_S = 0.45


class Moves(Protocol):
    """Says where somebody is."""

    def at(self, t: float, /) -> Stance | None:
        """The stance at time t, seconds; None while they are not there."""


class Motion:
    """An actor's path over time; `at(t)` is None before it starts and after it is gone."""

    def __init__(self, actor: Actor, sway: float = 0.0) -> None:
        self._actor, self._sway = actor, sway
        self._restless = 1.0 if actor.label.on_foot else 0.0
        self._times, self._places = _timetable(actor.path, actor.speed_mps, actor.starts_s)
        steps = np.linalg.norm(np.diff(self._places, axis=0), axis=1)
        self._way = np.concatenate([[0.0], np.cumsum(steps)])
        self.ends_s = float(self._times[-1]) if actor.path[-1].wait_s or len(actor.path) > 1 else np.inf

    def at(self, t: float) -> Stance | None:
        """The stance at time t, seconds."""
        if not self._actor.starts_s <= t < self.ends_s:
            return None
        x, y, way = self._smooth(t)
        before, after = self._smooth(t - 0.1), self._smooth(t + 0.1)
        speed = (after[2] - before[2]) / 0.2
        cruise = self._actor.speed_mps
        return Stance(x, y, self._heading(t), speed, cruise, way, self._sway + 0.6 * t)

    def _smooth(self, t: float) -> tuple[float, float, float]:
        """x, y and way, averaged over a short time so that corners and starts are round."""
        window = t + SMOOTH_S * np.array([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5])
        columns = (self._places[:, 0], self._places[:, 1], self._way)
        x, y, way = (float(np.interp(window, self._times, column).mean()) for column in columns)
        return x, y, way

    def _heading(self, t: float) -> float:
        """Direction of travel; somebody who stands looks where they walked or were put."""
        for reach in (0.25, 0.7):
            (x0, y0, _), (x1, y1, _) = self._smooth(t - reach), self._smooth(t + reach)
            if np.hypot(x1 - x0, y1 - y0) > 0.05:
                return float(np.arctan2(x1 - x0, y1 - y0))
        now = float(np.interp(t, self._times, self._way))
        last = int(np.searchsorted(self._way, now, side="left"))
        if self._way[-1] == 0.0 or last == 0:
            return float(
                np.radians(self._actor.facing_deg) + self._restless * 0.35 * np.sin(self._sway + 0.3 * t)
            )
        dx, dy = self._places[last] - self._places[last - 1]
        return float(np.arctan2(dx, dy) + self._restless * 0.25 * np.sin(self._sway + 0.4 * t))


def _timetable(path: tuple[Stop, ...], speed: float, start: float) -> tuple[Floats, Floats]:
    """Times n and places n×2 between which the actor moves evenly."""
    times, places = [start], [(path[0].x_m, path[0].y_m)]
    for i, stop in enumerate(path):
        if i:
            way = float(np.hypot(stop.x_m - places[-1][0], stop.y_m - places[-1][1]))
            times.append(times[-1] + way / speed)
            places.append((stop.x_m, stop.y_m))
        if stop.wait_s:
            times.append(times[-1] + stop.wait_s)
            places.append((stop.x_m, stop.y_m))
    return np.array(times), np.array(places)
