"""The thermal scenes of the evaluation: fires, and what is taken for them."""

from math import sin

from edge.samples.embers import Ember, Roof, growing, held, moving, warming
from edge.samples.thermal import Nuc, ThermalScene


def fire(x: float, y: float, from_s: float, per_s: float = 0.09, celsius: float = 420.0) -> Ember:
    """Flames on the ground, higher than wide, whose area grows with time squared."""
    radius = growing(from_s, per_s, least=0.8)
    return Ember(
        "fire", held(x), lambda t: y - 0.5 * radius(t), radius, lambda t: 1.4 * radius(t), held(celsius),
        flicker=0.3, fire=True,
    )  # fmt: skip


def smoulder(x: float, y: float, from_s: float) -> Ember:
    """A glow without flames that eats its way outwards."""
    radius = growing(from_s, 0.12, least=1.0)
    return Ember("smoulder", held(x), held(y), radius, radius, warming(60.0, 190.0, 60.0, from_s), fire=True)


def car(x: float, y: float, per_s: float = 0.0) -> tuple[Ember, Ember, Ember]:
    """A car with a warm bonnet and a hot exhaust."""
    at = moving(x, per_s)
    return (
        Ember("car", at, held(y), held(22), held(9), held(24.0), body="car"),
        Ember("bonnet", lambda t: at(t) - 14, held(y - 1), held(6), held(5), warming(24.0, 62.0, 90.0)),
        Ember("exhaust", lambda t: at(t) + 21, held(y + 7), held(2.6), held(1.6), warming(24.0, 135.0, 45.0)),
    )


def person(x: float, y: float, per_s: float, tall: float = 16.0, nearer: float = 0.0) -> Ember:
    """Somebody who walks, with legs that swing, and may come nearer."""

    def size(t: float) -> float:
        return tall * (1.0 + nearer * t)

    def wide(t: float) -> float:
        return size(t) * (0.24 + 0.05 * sin(5 * t))

    def foot(t: float) -> float:
        return y + 1.6 * (size(t) - tall)

    return Ember(
        "person", moving(x, per_s), foot, wide, lambda t: size(t) * 0.5, held(33.0), body="person"
    )  # fmt: skip


def pipe(x: float, y: float, from_s: float) -> Ember:
    """A pipe that gets hot after a start, and warms what is beside it."""
    return Ember(
        "pipe", held(x), held(y), warming(6.0, 9.0, 40.0, from_s), warming(1.2, 1.8, 40.0, from_s),
        warming(15.0, 230.0, 50.0, from_s),
    )  # fmt: skip


def steam(x: float, y: float) -> Ember:
    """A vent that steams."""
    return Ember("steam", held(x), held(y), held(5), held(8), held(56.0), flicker=0.25)


def all_heats() -> tuple[ThermalScene, ...]:
    """The scenes of one pass, about twenty minutes."""
    roof = Roof("roof", (30, 20, 150, 70), lambda t: 38.0 * min(1.0, t / 240.0))
    cloud = Roof("roof", (30, 20, 150, 70), lambda t: 15.0 - 13.0 * (40 < t < 100))
    people = (person(20, 150, 3.0), person(300, 180, -4.0, 22), person(150, 120, 0.0, 12, 0.06))
    return (
        ThermalScene("empty", 90, (), (Nuc(20, 1.8), Nuc(60, -2.5))),
        ThermalScene("people", 60, people, (Nuc(30, 1.2),), ambient_c=6.0),
        ThermalScene("roof-in-the-sun", 120, (roof, person(20, 150, 2.0))),
        ThermalScene("cloud-passes", 120, (cloud,), (Nuc(50, 1.0),)),
        ThermalScene("car-parks", 90, car(200, 160)),
        ThermalScene("cars-pass", 60, (*car(-30, 150, 9.0), *car(340, 190, -14.0))),
        ThermalScene("pipe-gets-hot", 90, (pipe(160, 100, 25),)),
        ThermalScene("steam", 80, (steam(220, 90),)),
        ThermalScene("fire", 70, (fire(160, 150, 25),)),
        ThermalScene("fire-slow", 90, (fire(90, 100, 25, 0.045, 300.0), person(20, 190, 3.0))),
        ThermalScene("fire-far", 70, (fire(240, 60, 25, 0.05, 220.0),), (Nuc(40, 2.0),)),
        ThermalScene("smoulder", 120, (smoulder(120, 140, 25),)),
        ThermalScene("car-burns", 80, (*car(180, 170), fire(166, 164, 25))),
        ThermalScene("grey-people", 60, people, ambient_c=6.0, grey=True),
        ThermalScene("grey-car-parks", 60, car(200, 160), grey=True),
        ThermalScene("grey-fire", 70, (fire(160, 150, 25), person(20, 190, 3.0)), grey=True),
    )
