"""People who walk, by the social force model: small, vectorised, and exact in what it says of itself.

Law: positions are metres on the ground (see `edge.samples.camera`), and everything is drawn from one seed.
Each is driven to their next gate with a relaxation time, kept apart from others by a force that falls off
exponentially and is weaker from behind (Helbing and Molnár, Phys. Rev. E 51, 4282, 1995), and pushed and
slowed where bodies touch (Helbing, Farkas and Vicsek, Nature 407, 487, 2000). Bodies are softer than in the
latter, so that a step of 40 ms is stable.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

STEP_S = 0.04
RELAX_S = 0.5
"""Relaxation time of the driving term (Helbing and Molnár, 1995)."""
WALK_MPS, WALK_SD_MPS = 1.34, 0.26
"""Free walking speed and its spread between people (Weidmann, Transporttechnik der Fussgänger, 1993)."""
REPULSION_MPS2, REACH_M, BEHIND = 6.0, 0.16, 0.25
WALL_MPS2, WALL_REACH_M = 5.0, 0.12
BODY_PER_S2, FRICTION_PER_MS = 130.0, 30.0
ASIDE_PER_S, ASIDE_REACH_M = 2.2, 0.55
"""Whoever comes towards somebody steps to their right (Helbing et al., Transportation Science 39(1), 2005,
section 2.3)."""
FARTHEST_M = 2.5
DAMPING_PER_MS = 90.0
MOST_MPS2, MOST_MPS = 18.0, 5.0
PATIENCE_S, CREEP_MPS, HOPE = 0.8, 0.35, 2.0
"""Who gets nowhere stops pushing: nobody wishes for more than `CREEP_MPS` above `HOPE` times what they made
lately."""
NOISE_MPS2 = 0.25
LEAVE = -1
ARRIVED_M = 0.45


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a route: walk to the nearest point of a gate from `a` to `b`, then take leg `then`."""

    a: tuple[float, float]
    b: tuple[float, float]
    then: int = LEAVE


@dataclass(slots=True, eq=False)
class People:
    """Who is there, n of them.

    Attributes:
        ids: int64 n, never used twice.
        at, way: float64 n×2, metres and metres per second.
        wish: float64 n, the speed that each would like to walk.
        made: float64 n, the speed that each made of late, m/s.
        radius, tall: float64 n, metres.
        leg: int64 n, index into the legs.
    """

    ids: I64
    at: F64
    way: F64
    wish: F64
    made: F64
    radius: F64
    tall: F64
    leg: I64

    def take(self, which: npt.NDArray[np.bool_]) -> "People":
        """The rows of a mask."""
        return People(*(getattr(self, name)[which] for name in People.__slots__))

    def joined_by(self, others: "People") -> "People":
        """These and others."""
        pairs = ((getattr(self, name), getattr(others, name)) for name in People.__slots__)
        return People(*(np.concatenate(pair) for pair in pairs))


@dataclass(slots=True, eq=False)
class Walk:
    """A place with people who walk in it.

    Attributes:
        legs: of all routes.
        walls: float64 w×2×2, segments that nobody passes.
        rng: the only source of chance.
        flee_from: where everybody runs away from; None as long as there is no reason to.
        shove_mps2: strength of pushes that sway through the crowd together.
    """

    legs: tuple[Leg, ...]
    walls: F64
    rng: np.random.Generator
    people: People = field(init=False)
    flee_from: tuple[float, float] | None = None
    shove_mps2: float = 0.0
    _issued: int = 0
    _now_s: float = 0.0
    _sway: F64 = field(init=False)

    def __post_init__(self) -> None:
        none, pairs = np.empty(0), np.empty((0, 2))
        whole = np.empty(0, np.int64)
        self.people = People(whole, pairs, pairs.copy(), none, none, none, none, whole.copy())
        self._sway = np.zeros((0, 2))

    def add(self, n: int, low: tuple[float, float], high: tuple[float, float], leg: int) -> int:
        """Put up to n people where there is room in a box; says how many there was room for."""
        spots = self.rng.uniform(low, high, (n * 12, 2))
        taken = [*self.people.at]
        chosen: list[F64] = []
        for spot in spots:
            if len(chosen) == n:
                break
            near = np.array(taken + chosen).reshape(-1, 2) - spot
            if not len(near) or np.hypot(*near.T).min() > 0.42:
                chosen.append(spot)
        self._born(np.array(chosen).reshape(-1, 2), leg)
        return len(chosen)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds / STEP_S)):
            self._step()

    def _born(self, at: F64, leg: int) -> None:
        n = len(at)
        first, self._issued = self._issued, self._issued + n
        wish = np.clip(self.rng.normal(WALK_MPS, WALK_SD_MPS, n), 0.7, 2.0)
        tall = np.clip(self.rng.normal(1.69, 0.1, n), 1.4, 2.0)
        radius = self.rng.uniform(0.19, 0.24, n)
        legs = np.full(n, leg, dtype=np.int64)
        ids = np.arange(first, first + n, dtype=np.int64)
        born = People(ids, at, np.zeros((n, 2)), wish, wish.copy(), radius, tall, legs)
        born.way = self._heading(born) * wish[:, None] * 0.7
        self.people = self.people.joined_by(born)

    def _step(self) -> None:
        crowd = self.people
        self._now_s += STEP_S
        if not len(crowd.ids):
            return
        wish = np.minimum(crowd.wish, CREEP_MPS + HOPE * crowd.made)
        force = (self._heading(crowd) * wish[:, None] - crowd.way) / RELAX_S
        force += _apart(crowd) + self._from_walls(crowd) + self._shoves(crowd)
        force += self.rng.normal(0.0, NOISE_MPS2, crowd.at.shape)
        force *= np.minimum(1.0, MOST_MPS2 / np.maximum(_length(force), 1e-9))[:, None]
        crowd.way += force * STEP_S
        crowd.way *= np.minimum(1.0, MOST_MPS / np.maximum(_length(crowd.way), 1e-9))[:, None]
        crowd.at += crowd.way * STEP_S
        crowd.made += (_length(crowd.way) - crowd.made) * STEP_S / PATIENCE_S
        self._arrive(crowd)

    def _heading(self, crowd: People) -> F64:
        if self.flee_from is not None:
            away = crowd.at - np.array(self.flee_from)
            return np.asarray(away / np.maximum(_length(away), 0.3)[:, None])
        way = self._to_gate(crowd)
        return np.asarray(way / np.maximum(_length(way), 0.2)[:, None])

    def _to_gate(self, crowd: People) -> F64:
        gates = np.array([(leg.a, leg.b) for leg in self.legs])[crowd.leg]
        return np.asarray(_nearest(crowd.at, gates[:, 0], gates[:, 1]) - crowd.at)

    def _from_walls(self, crowd: People) -> F64:
        if not len(self.walls):
            return np.zeros_like(crowd.at)
        foot = _nearest(crowd.at[:, None], self.walls[None, :, 0], self.walls[None, :, 1])
        off = crowd.at[:, None] - foot
        far = np.maximum(_length(off), 1e-6)
        gap = crowd.radius[:, None] - far
        push = WALL_MPS2 * np.exp(gap / WALL_REACH_M) + 2.0 * BODY_PER_S2 * np.maximum(gap, 0.0)
        return np.asarray((push[..., None] * off / far[..., None]).sum(axis=1))

    def _shoves(self, crowd: People) -> F64:
        """Pushes that neighbours share: a wave over the ground with a wandering direction."""
        if not self.shove_mps2:
            return np.zeros_like(crowd.at)
        angle = 2.0 * np.sin(0.4 * self._now_s) + 0.5 * np.sin(0.7 * crowd.at[:, 0])
        beat = np.sin(1.3 * self._now_s + 0.6 * crowd.at[:, 1])
        push = self.shove_mps2 * beat[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return np.asarray(push)

    def _arrive(self, crowd: People) -> None:
        if self.flee_from is not None:
            return
        there = _length(self._to_gate(crowd)) < ARRIVED_M
        if there.any():
            then = np.array([leg.then for leg in self.legs], dtype=np.int64)
            crowd.leg[there] = then[crowd.leg[there]]
            self.people = crowd.take(crowd.leg != LEAVE)


def _apart(crowd: People) -> F64:
    """What keeps people apart from each other, n×2."""
    off = crowd.at[:, None] - crowd.at[None]
    far = _length(off)
    np.fill_diagonal(far, np.inf)
    i, j = np.nonzero(far < FARTHEST_M)
    off, far = off[i, j], np.maximum(far[i, j], 1e-3)
    normal = off / far[:, None]
    gap = crowd.radius[i] + crowd.radius[j] - far
    speed = np.maximum(_length(crowd.way), 1e-6)
    ahead = -(crowd.way[i] * normal).sum(axis=1) / speed[i]
    sight = BEHIND + (1 - BEHIND) * (1 + ahead) / 2
    touch = np.maximum(gap, 0.0)
    push = sight * REPULSION_MPS2 * np.exp(np.minimum(gap, 0.1) / REACH_M) + BODY_PER_S2 * touch
    along = np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    apart = crowd.way[j] - crowd.way[i]
    slip, closing = (apart * along).sum(axis=1), (apart * normal).sum(axis=1)
    force = (push + DAMPING_PER_MS * touch * closing)[:, None] * normal
    aside = ASIDE_PER_S * np.exp(gap / ASIDE_REACH_M) * np.maximum(closing, 0.0) * np.maximum(ahead, 0.0)
    force += (FRICTION_PER_MS * touch * slip + aside)[:, None] * along
    n = len(crowd.ids)
    return np.stack([np.bincount(i, force[:, k], minlength=n) for k in (0, 1)], axis=1)


def _nearest(points: F64, a: F64, b: F64) -> F64:
    """The nearest point of segments a → b."""
    along = b - a
    share = ((points - a) * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9)
    return np.asarray(a + np.clip(share, 0.0, 1.0)[..., None] * along)


def _length(vectors: F64) -> F64:
    return np.asarray(np.hypot(vectors[..., 0], vectors[..., 1]))
