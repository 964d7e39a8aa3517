"""What is drawn over a redacted picture: places, counts, who is followed, the latest events."""

from collections import Counter, deque
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from edge.config.spec import CameraSpec
from edge.messages.line import readable
from edge.messages.parse import parse
from edge.run.look import Look
from edge.run.on_map import places_in
from edge.values.detections import NotAnswered
from edge.values.fact import Direction, Fact, LineCrossed, Occupancy
from edge.values.fix import Fix
from edge.values.frame import Pixels, Size
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S, Moment
from edge.values.tracks import Tracks

Colour = tuple[int, int, int]

WIDTH_PX = 960
DARK = 40
WHITE: Colour = (255, 255, 255)
ZONE: Colour = (80, 220, 160)
LINE: Colour = (255, 90, 120)
MASK: Colour = (70, 70, 70)
GROUND: Colour = (20, 20, 20)
FONT = cv2.FONT_HERSHEY_SIMPLEX
SHOWN_S = 4.0
SHOWN_EVENTS = 4

_COLOURS: dict[str, Colour] = {
    "person": (240, 170, 60),
    "bicycle": (150, 200, 70),
    "motorcycle": (110, 160, 200),
    "car": (80, 140, 220),
    "bus": (60, 110, 190),
    "truck": (60, 110, 190),
}


def colour_of(label: str) -> Colour:
    """The colour in which objects of a class are filled, RGB."""
    return _COLOURS.get(label, (150, 150, 150))


class Overlay:
    """Draws over the pictures of one camera, in order; it remembers counts and the latest events."""

    def __init__(self, camera: CameraSpec, labels: tuple[str, ...]) -> None:
        self._camera = camera
        self._labels = labels
        self._inside: dict[str, int] = {}
        self._crossed: Counter[tuple[str, Direction]] = Counter()
        self._latest: deque[tuple[Moment, str]] = deque(maxlen=SHOWN_EVENTS)

    def painted(self, look: Look, redacted: Pixels) -> Pixels:
        """The redacted picture of a look, enlarged, with everything drawn over it."""
        self._count(look.step.facts)
        self._tell(look.frame.moment, look.step.messages)
        scale = max(1.0, WIDTH_PX / look.frame.size.width)
        size = _even(look.frame.size, scale)
        canvas = np.asarray(cv2.resize(redacted, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        self._places(canvas, size, look.frame.fix)
        self._tracks(canvas, look.step.tracks, scale)
        self._texts(canvas, look)
        return canvas

    def _count(self, facts: Sequence[Fact]) -> None:
        if self._camera.moving is not None:
            self._inside.clear()  # a zone that is not looked at now is not as it was
        for fact in facts:
            match fact:
                case Occupancy():
                    self._inside[fact.zone] = len(fact.who)
                case LineCrossed():
                    self._crossed[fact.line, fact.direction] += 1
                case _:  # the others change no number that is shown
                    pass

    def _tell(self, moment: Moment, messages: Sequence[RedactedMessage]) -> None:
        for message in messages:
            line = readable(parse(message.topic, message.stamped("replay", 0)))
            self._latest.append((moment, f"{line.word} {line.severity}: {line.what}"))
        while self._latest and moment.seconds_since(self._latest[0][0]) > SHOWN_S:
            self._latest.popleft()

    def _places(self, canvas: Pixels, size: Size, fix: Fix | None) -> None:
        zones, lines = places_in(self._camera, fix, size)
        unknown = 0 if self._camera.moving is None else "?"
        for mask in self._camera.masks:
            cv2.fillPoly(canvas, [_points(mask, size)], MASK)
        for name, polygon in zones:
            points = _points(polygon, size)
            cv2.polylines(canvas, [points], True, ZONE, 2, cv2.LINE_AA)
            write(canvas, f"{name} {self._inside.get(name, unknown)}", points[0], ZONE)
        for name, chain in lines:
            points = _points(chain, size)
            cv2.polylines(canvas, [points], False, LINE, 2, cv2.LINE_AA)
            there, back = (self._crossed[name, way] for way in Direction)
            write(canvas, f"{name} {there} forward {back} backward", points[0], LINE)

    def _tracks(self, canvas: Pixels, tracks: Tracks, scale: float) -> None:
        rows = zip(tracks.ids, (tracks.boxes * scale).round().astype(int), tracks.seen, strict=True)
        for track, (x1, y1, x2, y2), seen in rows:
            cv2.rectangle(canvas, (x1, y1), (x2, y2), WHITE, 2 if seen else 1)
            cv2.putText(canvas, str(track), (x1 + 3, y1 + 16), FONT, 0.45, WHITE, 1, cv2.LINE_AA)

    def _texts(self, canvas: Pixels, look: Look) -> None:
        time = f"{self._camera.id}  {look.frame.moment.mono_ns / NS_PER_S:7.1f} s"
        blind = "  NO ANSWER" if isinstance(look.answer, NotAnswered) else ""
        write(canvas, time + blind, np.array([8, 24]), WHITE)
        for row, (_, text) in enumerate(reversed(self._latest)):
            write(canvas, text, np.array([8, canvas.shape[0] - 4 - 24 * row]), WHITE)


def _even(size: Size, scale: float) -> Size:
    """The enlarged size with even sides, as the video's colour planes want it."""
    return Size(round(size.width * scale / 2) * 2, round(size.height * scale / 2) * 2)


def _points(unit: Sequence[tuple[float, float]], size: Size) -> npt.NDArray[np.int32]:
    return (np.array(unit) * size).round().astype(np.int32)


def write(canvas: Pixels, text: str, where: npt.NDArray[np.integer], colour: Colour) -> None:
    """Text on a dark ground, kept inside the picture."""
    (width, height), below = cv2.getTextSize(text, FONT, 0.55, 1)
    x = int(np.clip(where[0], 2, max(2, canvas.shape[1] - width - 2)))
    y = int(np.clip(where[1] - 6, height + 2, canvas.shape[0] - below - 2))
    cv2.rectangle(canvas, (x - 2, y - height - 3), (x + width + 2, y + below), GROUND, cv2.FILLED)
    cv2.putText(canvas, text, (x, y), FONT, 0.55, colour, 1, cv2.LINE_AA)
