"""Pictures of simulated gatherings: who stands where and goes where, on the watched floor.

Nobody real is in them; they are drawn on grey from the simulation.
"""

from pathlib import Path

import cv2
import numpy as np

from edge.run.overlay import FONT, ZONE, Colour
from edge.samples.gathering import CAMERA, Gathering, Shot, unit
from edge.samples.social_force import F64
from edge.values.frame import Pixels

GREY = 48
FIELD: Colour = (255, 120, 80)
LINE: Colour = (90, 200, 255)
CELL_M = 1.0
AHEAD_S = 0.8
"""Arrows reach to where people are after this time."""
SHOTS = 6


def save_pictures(gathering: Gathering, seed: int, folder: Path) -> None:
    """Write one picture with `SHOTS` moments of the gathering into the folder.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    every = gathering.seconds / SHOTS
    shots = [s for s in gathering.shots(seed) if (s.time_s % every) < 0.1 or (s.time_s % every) > every - 0.1]
    drawn = [picture_of(gathering, shot) for shot in shots[:SHOTS]]
    tiles = [cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA) for picture in drawn]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 3)
    rows = [np.hstack(tiles[k : k + 3]) for k in range(0, len(tiles), 3)]
    done, png = cv2.imencode(".png", np.vstack(rows)[:, :, ::-1])
    assert done
    (folder / f"{gathering.name.replace(' ', '-')}.png").write_bytes(png.tobytes())


def picture_of(gathering: Gathering, shot: Shot) -> Pixels:
    """One moment, uint8 H×W×3 RGB: bodies coloured by speed, the zone, the gate and the direction field."""
    canvas = np.full((CAMERA.height, CAMERA.width, 3), GREY, np.uint8)
    size = np.array([CAMERA.width, CAMERA.height])
    for points, closed, colour in ((gathering.zone, True, ZONE), (gathering.gate, False, LINE)):
        corners = (np.array(unit(points)) * size).astype(np.int32)
        cv2.polylines(canvas, [corners], closed, colour, 3, cv2.LINE_AA)
    pace = np.hypot(shot.way[:, 0], shot.way[:, 1])
    seen = shot.seen()
    for box, speed in zip(shot.boxes()[seen], pace[seen], strict=True):
        x0, y0, x1, y1 = (int(side) for side in box)
        cv2.rectangle(canvas, (x0, y0), (x1, y1), _colour(float(speed)), 2, cv2.LINE_AA)
    for start, end in _field(shot):
        a, b = (np.array(unit((tuple(start), tuple(end)))) * size).astype(int)
        cv2.arrowedLine(canvas, a.tolist(), b.tolist(), FIELD, 3, cv2.LINE_AA, tipLength=0.35)
    title = f"{gathering.name}  {shot.time_s:.0f} s"
    cv2.putText(canvas, title, (20, 50), FONT, 1.3, (255, 255, 255), 2, cv2.LINE_AA)
    return canvas


def _field(shot: Shot) -> list[tuple[F64, F64]]:
    """Middle and end of the mean motion in each cell with people, metres."""
    if not len(shot.ids):
        return []
    _, which = np.unique(np.floor(shot.at / CELL_M), axis=0, return_inverse=True)
    which = which.reshape(-1)
    n = np.bincount(which)[:, None]
    at = np.stack([np.bincount(which, shot.at[:, k]) for k in (0, 1)], axis=1) / n
    way = np.stack([np.bincount(which, shot.way[:, k]) for k in (0, 1)], axis=1) / n
    return [(a, a + AHEAD_S * w) for a, w in zip(at, way, strict=True) if np.hypot(*w) > 0.1]


def _colour(mps: float) -> Colour:
    """Blue for standing, green for walking, yellow to red for running."""
    share = min(1.0, mps / 3.0)
    red, green, blue = min(1.0, 2 * share), 1 - abs(2 * share - 0.9), max(0.0, 1 - 3 * share)
    return int(255 * red), int(255 * max(0.0, green)), int(255 * blue)
