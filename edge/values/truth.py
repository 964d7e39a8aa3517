"""Ground truth of a clip: what is really there, exactly, frame by frame; and its JSON form.

Boxes and points are in the unit square of the picture, ground positions in metres, times in seconds of
presentation time. No file is read or written here.

The JSON object of schema 1 holds:

    schema      1
    name, fps, size [width, height], frames (their number)
    camera      3x4 camera matrix, homogeneous world metres (x, y, z, 1) to homogeneous pixels
    homography  3x3, homogeneous ground metres (x, y, 1) to the unit square
    zones       name -> [[u, v], ...] polygon
    lines       name -> [[u, v], ...] polyline, first to last point
    labels      id -> class name, for every object of the clip
    objects     per frame a list of rows: [id, x_m, y_m, x1, y1, x2, y2] (the whole body's box), and where
                something hides a part of it also [..., visibility] if nothing is left to be seen, else
                [..., visibility, vx1, vy1, vx2, vy2] (box of what can be seen)
    counts      zone -> per frame the number of persons whose feet are in it
    crossings   [[time_s, line, id, direction], ...] in order of time
    visits      [[zone, id, entered_s, left_s], ...] in order of entry; left_s is null if the clip ended first

An object's feet are the middle of its standing place on the ground, projected into the picture; it crosses
a line, or is in a zone, when its feet do. Frame k is shown at k / fps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edge.values.fact import Direction, UnitBox
from edge.values.frame import Size

SCHEMA = 1
Point = tuple[float, float]
Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class TrueObject:
    """One object in one frame.

    Attributes:
        id: the same in all frames of the clip.
        label: class name, by COCO.
        ground: x, y, metres.
        feet: the ground point as seen in the picture.
        full: box of the whole body, whatever hides it; may reach beyond the picture.
        visible: box of what can be seen; None if nothing can.
        visibility: share of the body's pixels that can be seen, 0..1.
    """

    id: int
    label: str
    ground: Point
    feet: Point
    full: UnitBox
    visible: UnitBox | None
    visibility: float


@dataclass(frozen=True, slots=True)
class TrueFrame:
    """All objects of one frame, by ascending id."""

    index: int
    pts_s: float
    objects: tuple[TrueObject, ...]


@dataclass(frozen=True, slots=True)
class TrueCrossing:
    """An object's feet passed over a line."""

    time_s: float
    line: str
    id: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class TrueVisit:
    """An object's feet were in a zone; `left_s` is None if they were still there when the clip ended."""

    zone: str
    id: int
    entered_s: float
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is true of one clip; `counts` holds persons per zone and frame."""

    name: str
    size: Size
    fps: float
    camera: Matrix
    homography: Matrix
    zones: Mapping[str, tuple[Point, ...]]
    lines: Mapping[str, tuple[Point, ...]]
    labels: Mapping[int, str]
    frames: tuple[TrueFrame, ...]
    counts: Mapping[str, tuple[int, ...]]
    crossings: tuple[TrueCrossing, ...]
    visits: tuple[TrueVisit, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON object described above, rounded to 4 decimals (millimetres on the ground)."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "fps": self.fps,
            "size": list(self.size),
            "frames": len(self.frames),
            "camera": [list(row) for row in self.camera],
            "homography": [list(row) for row in self.homography],
            "zones": {name: [list(p) for p in points] for name, points in self.zones.items()},
            "lines": {name: [list(p) for p in points] for name, points in self.lines.items()},
            "labels": {str(number): label for number, label in self.labels.items()},
            "objects": [[_row(o) for o in frame.objects] for frame in self.frames],
            "counts": {zone: list(numbers) for zone, numbers in self.counts.items()},
            "crossings": [[round(c.time_s, 4), c.line, c.id, c.direction.value] for c in self.crossings],
            "visits": [
                [v.zone, v.id, round(v.entered_s, 4), None if v.left_s is None else round(v.left_s, 4)]
                for v in self.visits
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Truth":
        """The truth from its JSON object.

        Raises:
            ValueError: it is no ground truth of this schema.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"ground truth wants schema {SCHEMA}, got {data.get('schema')!r}")
        try:
            return _read(data)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"ground truth of schema {SCHEMA} is damaged: {error!r}") from error


def _read(data: Mapping[str, Any]) -> Truth:
    labels = {int(number): str(label) for number, label in data["labels"].items()}
    homography = tuple(tuple(float(v) for v in row) for row in data["homography"])
    fps = float(data["fps"])
    frames = tuple(
        TrueFrame(i, i / fps, tuple(_object(row, labels, homography) for row in rows))
        for i, rows in enumerate(data["objects"])
    )
    return Truth(
        name=str(data["name"]),
        size=Size(*data["size"]),
        fps=fps,
        camera=tuple(tuple(float(v) for v in row) for row in data["camera"]),
        homography=homography,
        zones={name: _points(points) for name, points in data["zones"].items()},
        lines={name: _points(points) for name, points in data["lines"].items()},
        labels=labels,
        frames=frames,
        counts={zone: tuple(int(n) for n in numbers) for zone, numbers in data["counts"].items()},
        crossings=tuple(TrueCrossing(t, line, i, Direction(way)) for t, line, i, way in data["crossings"]),
        visits=tuple(TrueVisit(zone, i, entered, left) for zone, i, entered, left in data["visits"]),
    )


def _points(points: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    return tuple((float(u), float(v)) for u, v in points)


def _row(o: TrueObject) -> list[float]:
    row = [o.id, *(round(v, 3) for v in o.ground), *(round(v, 4) for v in o.full)]
    if o.visible is None:
        return [*row, 0]
    if o.visibility < 1:
        return [*row, round(o.visibility, 4), *(round(v, 4) for v in o.visible)]
    return row


def _object(row: Sequence[float], labels: Mapping[int, str], homography: Matrix) -> TrueObject:
    number, ground = int(row[0]), (float(row[1]), float(row[2]))
    full = (row[3], row[4], row[5], row[6])
    visibility = float(row[7]) if len(row) > 7 else 1.0
    visible = full if len(row) == 7 else (row[8], row[9], row[10], row[11]) if len(row) == 12 else None
    return TrueObject(number, labels[number], ground, feet_of(ground, homography), full, visible, visibility)


def feet_of(ground: Point, homography: Matrix) -> Point:
    """Where a ground point, metres, is seen in the unit square."""
    u, v, w = (row[0] * ground[0] + row[1] * ground[1] + row[2] for row in homography)
    return (u / w, v / w)
