"""The account of a clip: who crossed which line and was in which zone, worked out from exact feet.

An object's feet go straight between two frames. They cross a line when they come from one side of it to the
other through it, at the interpolated time; they are in a zone by the even-odd rule, frame by frame.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from edge.samples.scene import Label, Point, Scene
from edge.values.fact import Direction
from edge.values.truth import Matrix, TrueCrossing, TrueFrame, TrueVisit, Truth


def account(scene: Scene, labels: dict[int, str], frames: Sequence[TrueFrame]) -> Truth:
    """The whole truth of a clip from the truth of its frames."""
    return Truth(
        name=scene.name,
        size=scene.size,
        fps=scene.fps,
        camera=_matrix(scene.camera.matrix.tolist()),
        homography=_matrix(scene.camera.homography.tolist()),
        zones=scene.zones,
        lines=scene.lines,
        labels=labels,
        frames=tuple(frames),
        counts={name: _counts(polygon, frames) for name, polygon in scene.zones.items()},
        crossings=tuple(sorted(_crossings(scene, frames), key=lambda c: (c.time_s, c.line, c.id))),
        visits=tuple(sorted(_visits(scene, frames), key=lambda v: (v.entered_s, v.zone, v.id))),
    )


def _matrix(rows: list[list[float]]) -> Matrix:
    return tuple(tuple(row) for row in rows)


def inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon, by the even-odd rule."""
    u, v = point
    odd = False
    for (u0, v0), (u1, v1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (v0 > v) is not (v1 > v) and u < u0 + (v - v0) / (v1 - v0) * (u1 - u0):
            odd = not odd
    return odd


def crossed(before: Point, after: Point, start: Point, end: Point) -> tuple[float, Direction] | None:
    """When (share of the step) and from which side a step crosses a segment of a line, if it does."""
    du, dv = end[0] - start[0], end[1] - start[1]
    first = du * (before[1] - start[1]) - dv * (before[0] - start[0])
    last = du * (after[1] - start[1]) - dv * (after[0] - start[0])
    if (first >= 0) is (last >= 0):
        return None
    share = first / (first - last)
    u, v = (b + share * (a - b) for a, b in zip(after, before, strict=True))
    along = ((u - start[0]) * du + (v - start[1]) * dv) / (du * du + dv * dv)
    if not 0 <= along < 1:
        return None
    return share, Direction.FORWARD if last >= 0 else Direction.BACKWARD


def _counts(polygon: Sequence[Point], frames: Sequence[TrueFrame]) -> tuple[int, ...]:
    return tuple(
        sum(o.label == Label.PERSON and inside(o.feet, polygon) for o in frame.objects) for frame in frames
    )


def _crossings(scene: Scene, frames: Sequence[TrueFrame]) -> Iterator[TrueCrossing]:
    for earlier, later in pairwise(frames):
        before = {o.id: o.feet for o in earlier.objects}
        for o in later.objects:
            if o.id not in before:
                continue
            for name, line in scene.lines.items():
                for start, end in pairwise(line):
                    found = crossed(before[o.id], o.feet, start, end)
                    if found is not None:
                        time_s = earlier.pts_s + found[0] * (later.pts_s - earlier.pts_s)
                        yield TrueCrossing(time_s, name, o.id, found[1])


def _visits(scene: Scene, frames: Sequence[TrueFrame]) -> Iterator[TrueVisit]:
    for name, polygon in scene.zones.items():
        since: dict[int, float] = {}
        for frame in frames:
            here = {o.id for o in frame.objects if inside(o.feet, polygon)}
            for number in sorted(since.keys() - here):
                yield TrueVisit(name, number, since.pop(number), frame.pts_s)
            for number in here - since.keys():
                since[number] = frame.pts_s
        for number, entered in since.items():
            yield TrueVisit(name, number, entered, None)
