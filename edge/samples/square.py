"""A square with sensors and cameras on which one thing after another happens, with exactly what is due of it.

Law: what is due follows from what really happens, and from no reading. Sensors tell it as sensors do: now and
then, with noise, late, twice or not at all, and one lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from edge.fusion.facts import Fact, Health, Reading, Seen
from edge.values.moment import NS_PER_S

BEGIN_NS = 1_800_000_000 * NS_PER_S
EVERY_S, LAST_S = 2.0, 150.0
"""Time between two readings of a sensor, and how long an episode lasts, seconds."""
LATE_S, TWICE, LOST = 0.8, 0.05, 0.02
"""How late a word may come, and which share comes twice or never."""
PLAZA, GATE = "box-1/plaza", "box-1/gate"
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Episode:
    """What happens on the square for a while; spans are seconds since its begin.

    Attributes:
        name: of it.
        smoke: by sensor, when it smokes there.
        noise, pressed, open: when it is loud, the button is held, the door stands open.
        crowd: when people stand before the first camera, and how many.
        passes: when people cross the line of the second camera.
        enters: when people go through the turnstile.
        lies: the noise meter tells what cannot be.
        due: rules, around what, and from when on that is true.
    """

    name: str
    smoke: dict[str, Span] = field(default_factory=dict)
    noise: Span | None = None
    pressed: Span | None = None
    open: Span | None = None
    crowd: tuple[Span, int] | None = None
    passes: tuple[float, ...] = ()
    enters: Span | None = None
    lies: bool = False
    due: tuple[tuple[str, str, float], ...] = ()


_LOUD, _PRESSED, _RUN = (10.0, 25.0), (22.0, 40.0), tuple(12.0 + 1.5 * n for n in range(6))
_NEAR = "sensor/smoke-near"
EPISODES = (
    Episode(
        "smoke in a crowd",
        {"smoke-near": (10, 60)},
        crowd=((20, 70), 15),
        due=(("all-near-within", _NEAR, 20),),
    ),
    Episode(
        "a crowd, then smoke",
        {"smoke-near": (40, 60)},
        crowd=((10, 80), 12),
        due=(("all-near-within", _NEAR, 40),),
    ),
    Episode(
        "smoke shortly before",
        {"smoke-near": (10, 30)},
        crowd=((45, 70), 15),
        due=(("all-near-within", _NEAR, 45),),
    ),
    Episode("smoke long before", {"smoke-near": (10, 30)}, crowd=((75, 100), 15)),
    Episode("smoke far from the crowd", {"smoke-far": (10, 60)}, crowd=((20, 70), 15)),
    Episode("smoke and a few people", {"smoke-near": (10, 60)}, crowd=((20, 70), 4)),
    Episode("loud", noise=_LOUD, due=(("any-of", "", 10),)),
    Episode("pressed", pressed=_PRESSED, due=(("any-of", "", 22),)),
    Episode(
        "loud, and pressed", noise=_LOUD, pressed=_PRESSED, due=(("any-of", "", 10), ("two-of-three", "", 22))
    ),
    Episode(
        "loud, and people run",
        noise=(14, 30),
        passes=_RUN,
        due=(("any-of", "", 14), ("two-of-three", "", 18)),
    ),
    Episode("people run", passes=_RUN),
    Episode(
        "loud, and pressed much later",
        noise=(10, 20),
        pressed=(60, 70),
        due=(("any-of", "", 10), ("any-of", "", 60)),
    ),
    Episode("the noise meter lies", lies=True),
    Episode("the door stands open", open=(10, 50), due=(("all-but-not", "", 20),)),
    Episode("the door stands open, and people enter", open=(10, 50), enters=(0, 90)),
    Episode("the door opens and shuts", open=(10, 16)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, and when it comes, seconds since the square's begin."""

    comes_s: float
    fact: Fact


class Square:
    """All episodes, one after the other, in an order by chance."""

    def __init__(self, seed: int, rounds: int = 3) -> None:
        self._dice = np.random.default_rng([seed, 81])
        every = [episode for _ in range(rounds) for episode in EPISODES]
        order = self._dice.permutation(len(every))
        self.episodes = tuple((LAST_S * n, every[index]) for n, index in enumerate(order))
        self.seconds = LAST_S * len(every)
        self._entered = 0

    def due(self) -> Iterator[tuple[str, str, float]]:
        """Rules, around what, and from when on that is true, seconds."""
        for begin_s, episode in self.episodes:
            yield from ((rule, around, begin_s + at_s) for rule, around, at_s in episode.due)

    def told(self) -> Iterator[Told]:
        """Every word of a sensor or a camera, as it comes."""
        words = [fact for begin_s, episode in self.episodes for fact in self._facts(begin_s, episode)]
        came = [Told((fact.utc_ns - BEGIN_NS) / NS_PER_S + self._late(), fact) for fact in words]
        came = [each for each in came if not isinstance(each.fact, Reading) or self._dice.random() >= LOST]
        twice = [Told(e.comes_s + self._late() / 8, e.fact) for e in came if self._dice.random() < TWICE]
        yield from sorted([*came, *twice], key=lambda each: each.comes_s)

    def _late(self) -> float:
        return float(self._dice.uniform(0.0, LATE_S))

    def _facts(self, begin_s: float, episode: Episode) -> Iterator[Fact]:
        off_s = self._dice.uniform(0.0, EVERY_S)
        for at_s in np.arange(off_s, LAST_S, EVERY_S).tolist():
            yield from self._readings(begin_s, at_s, episode)
        for camera in (PLAZA, GATE):
            yield from (Health(_ns(begin_s + at_s), camera, True) for at_s in (0.0, 60.0, 120.0))
        yield from self._seen(begin_s, episode)

    def _readings(self, begin_s: float, at_s: float, episode: Episode) -> Iterator[Reading]:
        now_s = begin_s + at_s
        for name in ("smoke-near", "smoke-far"):
            percent = 12.0 if _in(at_s, episode.smoke.get(name)) else 0.5
            yield _reading(now_s, name, max(0.0, percent + self._grain(0.3)))
        loud = 500.0 if episode.lies else 104.0 if _in(at_s, episode.noise) else 62.0
        yield _reading(now_s, "noise-1", loud + self._grain(2.0))
        yield _reading(now_s, "panic-1", word="pressed" if _in(at_s, episode.pressed) else "released")
        yield _reading(now_s, "door-1", word="open" if _in(at_s, episode.open) else "closed")
        self._entered += 2 if _in(at_s, episode.enters) else 0
        yield _reading(now_s, "turnstile-1", float(self._entered), 0.0)

    def _grain(self, sd: float) -> float:
        return float(self._dice.normal(0.0, sd))

    def _seen(self, begin_s: float, episode: Episode) -> Iterator[Seen]:
        if episode.crowd is not None:
            (from_s, until_s), count = episode.crowd
            name = f"crowd-{begin_s:g}"
            yield _event(begin_s + from_s, PLAZA, name, 0, "occupancy", count, lasts=True)
            yield _event(begin_s + until_s, PLAZA, name, 1, "occupancy", count, lasts=False)
        for number, at_s in enumerate(episode.passes):
            yield _event(
                begin_s + at_s, GATE, f"pass-{begin_s:g}-{number}", 0, "line-crossing", 1, lasts=False
            )


def _in(at_s: float, span: Span | None) -> bool:
    return span is not None and span[0] <= at_s < span[1]


def _ns(at_s: float) -> int:
    return BEGIN_NS + round(at_s * 1000) * 1_000_000


def _reading(at_s: float, sensor: str, *numbers: float, word: str = "") -> Reading:
    return Reading(_ns(at_s), sensor, "boot-1", round(at_s * 1000), numbers, word)


def _event(at_s: float, camera: str, name: str, revision: int, kind: str, count: int, *, lasts: bool) -> Seen:
    instant = kind == "line-crossing"
    return Seen(_ns(at_s), camera, name, revision, lasts, instant, False, kind, "square", "r", 2, count)
