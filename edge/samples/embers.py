"""What is hot in drawn thermal scenes: fires, and what is taken for them.

Law: each source is a temperature and a share of each pixel, both known exactly at every moment. What flickers
does so by numbers that depend on seed and time alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float64]
Course = Callable[[float], float]
"""A number over time, seconds."""

EDGE_PX = 0.7
"""How wide the edge of a source is: the camera's own blur."""


def held(value: float) -> Course:
    """Always the same."""
    return lambda _: value


def warming(cold: float, hot: float, tau_s: float, from_s: float = 0.0) -> Course:
    """From cold to hot, ever slower, as a body does that is heated evenly."""
    return lambda t: hot - (hot - cold) * float(np.exp(-max(0.0, t - from_s) / tau_s))


def growing(from_s: float, per_s: float, least: float = 0.0, most: float = 40.0) -> Course:
    """In proportion to time, up to a size: the radius of a fire, whose area then grows with time squared."""
    return lambda t: min(most, least + per_s * (t - from_s)) if t >= from_s else 0.0


def moving(begin: float, per_s: float) -> Course:
    """A coordinate of what walks or drives."""
    return lambda t: begin + per_s * t


@dataclass(frozen=True, slots=True)
class Ember:
    """An ellipse that is hot.

    Attributes:
        name: of what it is.
        x, y: its middle, pixels, over time.
        wide, high: its half axes, pixels, over time; nothing while one is 0.
        celsius: its temperature over time.
        flicker: how much its outline and heat change from look to look, 0 for what is solid.
        fire: whether it is one.
        body: class of which it is a part, for a detector; "" for none.
    """

    name: str
    x: Course
    y: Course
    wide: Course
    high: Course
    celsius: Course
    flicker: float = 0.0
    fire: bool = False
    body: str = ""

    def draw(self, scene: Plane, t: float, chance: np.random.Generator | None) -> tuple[int, int, int, int]:
        """Draw it into a picture of temperatures; without chance as it is on average.

        Returns:
            The rectangle it may have touched: left, top, right, bottom, empty where it is not there.
        """
        wide, high, x, y = self.wide(t), self.high(t), self.x(t), self.y(t)
        if wide <= 0 or high <= 0:
            return 0, 0, 0, 0
        reach = 1.0 + 2 * self.flicker
        left, right = max(0, int(x - wide * reach - 3)), min(scene.shape[1], int(x + wide * reach + 4))
        top, bottom = max(0, int(y - high * reach - 3)), min(scene.shape[0], int(y + high * reach + 4))
        if left >= right or top >= bottom:
            return 0, 0, 0, 0
        down, across = np.mgrid[top:bottom, left:right]
        dx, dy = across - x, down - y
        far = np.hypot(dx / wide, dy / high)
        if self.flicker and chance is not None:
            far = far / self._outline(np.arctan2(dy, dx), chance)
        share = np.clip(0.5 - (far - 1.0) * min(wide, high) / EDGE_PX, 0.0, 1.0)
        heat = np.full(share.shape, self.celsius(t))
        if self.flicker and chance is not None:
            heat *= 1.0 + self.flicker * chance.normal(0.0, 0.5, share.shape)
        here = scene[top:bottom, left:right]
        here += share * np.maximum(heat - here, 0.0)
        return left, top, right, bottom

    def _outline(self, angle: Plane, chance: np.random.Generator) -> Plane:
        """Tongues: the radius by angle, 1 on average."""
        tongues = np.ones_like(angle)
        for order in (1, 2, 3, 5):
            tongues += (
                self.flicker * chance.normal(0, 0.4) * np.cos(order * angle + chance.uniform(0, 2 * pi))
            )
        return np.clip(tongues, 0.4, 2.0)


@dataclass(frozen=True, slots=True)
class Roof:
    """A rectangle that the sun heats, more in its middle.

    Attributes:
        name: of what it is.
        box: left, top, right, bottom, pixels.
        kelvin: how much warmer than its surroundings its middle is, over time.
    """

    name: str
    box: tuple[int, int, int, int]
    kelvin: Course
    fire: bool = False
    body: str = ""

    def draw(self, scene: Plane, t: float, chance: np.random.Generator | None) -> tuple[int, int, int, int]:
        """Draw it into a picture of temperatures, with nothing left to chance; the rectangle it touched."""
        del chance
        left, top, right, bottom = self.box
        across = np.sin(np.linspace(0.15, 0.85, right - left) * pi)
        down = np.sin(np.linspace(0.15, 0.85, bottom - top) * pi)
        scene[top:bottom, left:right] += self.kelvin(t) * np.outer(down, across)
        return self.box
