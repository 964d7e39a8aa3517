"""How quality grows with the pictures seen: a line in a file now and then, and a drawing of it."""

import csv
from pathlib import Path

from edge.adapters.onnx_detector import OnnxDetector
from models.training import score
from models.training.card import detector_of
from models.training.data import Shelf
from models.training.export import exported
from models.training.recipe import Recipe
from models.training.train import Training

EVERY = 4_000
"""Pictures from one look to the next."""
WIDE, HIGH, LEFT, LOW, RIGHT, TOP = 640, 320, 48, 40, 120, 16
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Told apart by colour-blind people as well (Okabe and Ito)."""


class Curve:
    """Looks at the averaged weights every so many pictures, on the pictures of the choice."""

    def __init__(self, made: Recipe, shelves: dict[str, Shelf], path: Path) -> None:
        self._recipe, self._path = made, path
        self._shelf = Shelf.joined(list(shelves.values()))
        self._next = 0

    def look(self, training: Training) -> None:
        """Measure and note, if it is time."""
        if training.seen < self._next:
            return
        self._next = (training.seen // EVERY + 1) * EVERY
        new = not self._path.exists()
        with self._path.open("a", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            if new:
                rows.writerow(["pictures", "minutes", *self._recipe.labels])
            rows.writerow([training.seen, round(training.spent_s / 60, 1), *self._quality(training)])

    def _quality(self, training: Training) -> list[float | str]:
        made = self._recipe
        detector: OnnxDetector = detector_of(made, exported(training.average, made.width, made.height))
        found = score.answers(detector, self._shelf)
        values = score.precisions(found, self._shelf, len(made.labels), made.reach)
        return ["" if value is None else round(value, 3) for value in values]


def drawn(path: Path, labels: tuple[str, ...]) -> str:
    """The curve of a file as an SVG: AP50 against pictures seen, one line for each of the labels."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    most = max(int(row["pictures"]) for row in rows)
    right, low = WIDE - RIGHT, HIGH - LOW

    def at(pictures: float, quality: float) -> tuple[float, float]:
        return round(LEFT + (right - LEFT) * pictures / most, 1), round(low - (low - TOP) * quality, 1)

    parts = [
        _grid_line(at(0, level), at(most, level), f"{level:.1f}") for level in (0, 0.2, 0.4, 0.6, 0.8, 1)
    ]
    parts += [
        f'<text x="{at(share * most, 0)[0]}" y="{low + 18}" text-anchor="middle">{share * most:,.0f}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HIGH - 4}" text-anchor="middle">pictures seen</text>')
    for label, colour in zip(labels, COLOURS, strict=False):
        points = [at(float(row["pictures"]), float(row[label])) for row in rows if row.get(label)]
        if points:
            line = " ".join(f"{x},{y}" for x, y in points)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
            x, y = points[-1]
            parts.append(f'<text x="{x + 6}" y="{y + 4}" fill="{colour}">{label}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _grid_line(start: tuple[float, float], end: tuple[float, float], name: str) -> str:
    (x1, y), (x2, _) = start, end
    line = f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}" stroke="#ddd"/>'
    return f'{line}<text x="{x1 - 6}" y="{y + 4}" text-anchor="end">{name}</text>'
