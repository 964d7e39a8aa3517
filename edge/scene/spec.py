"""What a scene consists of: zones, lines, masks, and how sightings are read.

Law: a spec is valid from birth; its error names the zone or line, what was wanted and what was got.
Places are drawn in the unit square of the picture: x to the right, y down, 0..1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot

from edge.ground.area import floor_of, width_of
from edge.ground.plane import Ground
from edge.scene.polygons import Point
from edge.values.acuity import Acuity
from edge.values.crowd import Floor, Width

MIN_AREA = 1e-4
"""Smallest zone, share of the picture: about a person's feet seen from afar."""
LEAST_FLOOR_M2 = 0.25
"""Smallest floor on which people are counted by the square metre: one person stands on as much."""
MIN_ACROSS = 0.005
"""Narrowest zone, share of the picture: the feet of nobody stay in a narrower one."""
MIN_LENGTH = 0.01
"""Shortest line segment, share of the picture's side."""


@dataclass(frozen=True, slots=True)
class ZoneSpec:
    """A place with an area.

    Attributes:
        id: name of the zone, unique among the zones and lines of a scene.
        polygon: at least 3 vertices, the last joined to the first, sides not crossing each other.
        classes: labels that count here; None for all.
    """

    id: str
    polygon: tuple[Point, ...]
    classes: frozenset[str] | None = None

    def __post_init__(self) -> None:
        check_polygon(f"zone {self.id!r}", self.polygon)


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A place to pass over: a chain of segments with a left and a right seen from first to last point.

    Attributes:
        id: name of the line, unique among the zones and lines of a scene.
        points: at least 2, an open chain that does not cross itself.
        classes: labels that count here; None for all.
    """

    id: str
    points: tuple[Point, ...]
    classes: frozenset[str] | None = None

    def __post_init__(self) -> None:
        name = f"line {self.id!r}"
        if len(self.points) < 2:
            raise ValueError(f"{name} wants at least 2 points, got {len(self.points)}")
        _check_points(name, self.points)
        _check_sides(name, list(pairwise(self.points)), closed=False)
        if _on_the_edge(self.points):
            raise ValueError(
                f"{name} lies on the edge of the picture, beyond which nobody is seen: draw it inside, so "
                "that feet are seen on both sides of it"
            )


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """Everything that one camera's scene needs to know.

    An object stands where its feet are: the middle of the lower side of its box.

    Attributes:
        labels: names of the detector's classes, by class index.
        zones: places with an area.
        lines: places to pass over.
        masks: polygons; an object with its feet in one is treated as not found.
        min_confidence: score that a track must have reached once to be believed, 0..1.
        margin: half-width of the band around a border in which nothing changes, share of the object's box
            height; feet jitter with it.
        line_margin: the same of lines. Wider, because crossings that wait are summed up and none is lost,
            while an entry that waits is told late.
        lost_grace_s: an object whose track is gone stays where it was for this long, and a new track may
            take its place.
        crossing_rest_s: after a counted crossing, the same object's further passes over the same line are
            summed for this long before they count.
        ground: where on the street the picture lies; None where the camera is not calibrated.
        map_keep_s: how long a density map counts, seconds.
        acuity: how well the detector tells people apart; None where nobody measured it.
    """

    labels: tuple[str, ...]
    zones: tuple[ZoneSpec, ...] = ()
    lines: tuple[LineSpec, ...] = ()
    masks: tuple[tuple[Point, ...], ...] = ()
    min_confidence: float = 0.0
    margin: float = 0.05
    line_margin: float = 0.07
    lost_grace_s: float = 1.0
    crossing_rest_s: float = 1.0
    ground: Ground | None = None
    map_keep_s: float = 30.0
    acuity: Acuity | None = None

    def __post_init__(self) -> None:
        places: list[ZoneSpec | LineSpec] = [*self.zones, *self.lines]
        for i, mask in enumerate(self.masks):
            check_polygon(f"mask {i}", mask)
        for one, other in combinations(places, 2):
            if one.id == other.id:
                raise ValueError(f"zones and lines want ids of their own, got {one.id!r} twice")
        for place in places:
            unknown = sorted((place.classes or frozenset()) - set(self.labels))
            if unknown:
                raise ValueError(f"{place.id!r} wants classes of {self.labels}, got {unknown}")
        _check_range("min_confidence", self.min_confidence, 1.0)
        _check_range("margin", self.margin, 0.5)
        _check_range("line_margin", self.line_margin, 0.5)
        _check_range("lost_grace_s", self.lost_grace_s, 60.0)
        _check_range("crossing_rest_s", self.crossing_rest_s, 60.0)
        _check_range("map_keep_s", self.map_keep_s, 3600.0)

    def floors(self) -> tuple[Floor | None, ...]:
        """The visible floor of each zone; None for all where the camera is not calibrated.

        Raises:
            ValueError: a zone reaches the horizon, or is excluded whole.
        """
        if self.ground is None:
            return (None,) * len(self.zones)
        return tuple(floor_in(zone, self.ground, self.masks) for zone in self.zones)

    def widths(self) -> dict[str, Width]:
        """Length of each line on the ground; of none where the camera is not calibrated.

        Raises:
            ValueError: a line reaches the horizon.
        """
        if self.ground is None:
            return {}
        return {line.id: length_of(line, self.ground) for line in self.lines}


def length_of(line: LineSpec, ground: Ground) -> Width:
    """How long a line is on the ground.

    Raises:
        ValueError: it reaches the horizon.
    """
    try:
        return width_of(ground, line.points)
    except ValueError as wrong:
        raise ValueError(f"line {line.id!r}: {wrong}") from wrong


def floor_in(zone: ZoneSpec, ground: Ground, masks: tuple[tuple[Point, ...], ...]) -> Floor:
    """The visible floor of a zone.

    Raises:
        ValueError: it reaches the horizon, is excluded whole, or is too small.
    """
    try:
        floor = floor_of(ground, zone.polygon, masks)
    except ValueError as wrong:
        raise ValueError(f"zone {zone.id!r}: {wrong}") from wrong
    if floor.m2 < LEAST_FLOOR_M2:
        raise ValueError(
            f"zone {zone.id!r} wants at least {LEAST_FLOOR_M2} m² of floor, got {floor.m2:.2f}: draw it "
            "larger, or see whether the ground was measured in metres"
        )
    return floor


def area_of(polygon: Sequence[Point]) -> float:
    """Area of a simple polygon (shoelace formula), in squares of its unit."""
    closed = [*polygon, polygon[0]]
    return abs(sum(ax * by - ay * bx for (ax, ay), (bx, by) in pairwise(closed))) / 2


def _around(polygon: Sequence[Point]) -> float:
    """Length of its sides together."""
    return sum(hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise([*polygon, polygon[0]]))


def check_polygon(name: str, polygon: tuple[Point, ...]) -> None:
    """Raise `ValueError`, beginning with the name, if the polygon has no proper inside in the picture."""
    if len(polygon) < 3:
        raise ValueError(f"{name} wants at least 3 vertices, got {len(polygon)}")
    _check_points(name, polygon)
    first, second, *rest = polygon
    if first != second and all(_turn(first, second, corner) == 0 for corner in rest):
        raise ValueError(f"{name} wants corners around an area, got {len(polygon)} on one straight line")
    _check_sides(name, list(pairwise([*polygon, polygon[0]])), closed=True)
    if area_of(polygon) < MIN_AREA:
        raise ValueError(
            f"{name} wants an area of at least {MIN_AREA:g} of the picture, got {area_of(polygon):.2g}: draw "
            "it larger; x and y are shares of the picture's width and height"
        )
    if (across := 2 * area_of(polygon) / _around(polygon)) < MIN_ACROSS:
        raise ValueError(
            f"{name} wants to be at least {MIN_ACROSS:g} of the picture across, got {across:.2g}: draw it "
            "wider; to count who passes, draw a line"
        )


def _on_the_edge(points: Sequence[Point]) -> bool:
    """Whether all points are on one side of the picture's frame."""
    return any({point[axis] for point in points} in ({0.0}, {1.0}) for axis in (0, 1))


def _check_points(name: str, points: tuple[Point, ...]) -> None:
    for x, y in points:
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise ValueError(f"{name} wants points in the unit square, got ({x:g}, {y:g})")


def _check_sides(name: str, sides: list[tuple[Point, Point]], closed: bool) -> None:
    wanted = MIN_LENGTH if not closed else 0.0
    for a, b in sides:
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= wanted:
            raise ValueError(
                f"{name} wants neighbouring points apart from each other, got {a} and {b}: leave one out, or "
                "move it"
            )
    for (i, one), (j, other) in combinations(enumerate(sides), 2):
        neighbours = j - i == 1 or (closed and i == 0 and j == len(sides) - 1)
        if _folded(one, other) if neighbours else _touch(one, other):
            raise ValueError(
                f"{name} wants sides that do not cross, got {one} and {other}: list its points in the order "
                "in which you would walk along them"
            )


def _folded(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two sides that share a corner lie on each other."""
    corner = one[1] if one[1] in other else one[0]
    far = one[0] if corner == one[1] else one[1]
    away = other[1] if corner == other[0] else other[0]
    dot = (far[0] - corner[0]) * (away[0] - corner[0]) + (far[1] - corner[1]) * (away[1] - corner[1])
    return _turn(far, corner, away) == 0 and dot > 0


def _touch(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two segments share a point."""
    (a, b), (c, d) = one, other
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    spots = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*spot) for turn, spot in zip(turns, spots, strict=True))


def _turn(a: Point, b: Point, c: Point) -> int:
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 1e-12) - (cross < -1e-12)


def _between(a: Point, b: Point, p: Point) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


def _check_range(name: str, value: float, top: float) -> None:
    if not 0.0 <= value <= top:
        raise ValueError(f"a scene wants {name} of 0..{top:g}, got {value:g}")
