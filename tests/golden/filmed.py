"""Grey films of simulated places and of a flight, with a blurred detector's answers to them.

Written by `python -m tests.golden.filmed`. What is looked for in the pictures themselves, things that are
left and how a camera moved, cannot be replayed from boxes alone; and a scene that is drawn anew may differ by
a grey level on another processor. A decoder of H.264 may not: its pictures are exact by the standard, and of
these only the brightness is taken, as it is.
"""

import csv
from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from edge.config import flight_file
from edge.evaluate.flights import Asked
from edge.evaluate.sight import SHOWN
from edge.samples.overflight import LABELS as FLOWN
from edge.samples.overflight import Overflight
from edge.samples.places import PlaceScene, all_places
from edge.values.fix import Fix
from edge.values.frame import Frame, Pixels, Size
from tests.golden.answers import LABELS, Answers

FILMS = Path(__file__).parent / "films"
PLACES = ("bag-among-passers", "fetched-again", "plant-taken")
FLIGHT = "flight"
FPS = 5
JITTER, MISSED = 0.03, 0.1
SEED = 21
SIZE, FLOWN_SIZE, FLOWN_S = Size(208, 116), Size(320, 180), 20.0
_ENCODER = {"preset": "slow", "crf": "28", "x264-params": "threads=1:keyint=250:scenecut=0"}


class Filmed(Answers):
    """Answers with the pictures that they were given to."""

    def frames(self, run: str) -> Iterator[Frame]:
        table = self.folder / f"{self.camera}.csv"
        log = flight_file.read(table) if table.exists() else None
        shown = zip(super().frames(run), pictures(self.folder / f"{self.camera}.mp4"), strict=True)
        for frame, grey in shown:
            fix = None if log is None else log.at(frame.moment.mono_ns / 1e9)
            yield replace(frame, pixels=np.repeat(grey[..., None], 3, axis=2), fix=fix)


def pictures(clip: Path) -> Iterator[Pixels]:
    """The brightness of a film's pictures, as the decoder gives it."""
    with av.open(str(clip)) as container:
        for picture in container.decode(video=0):
            luma = picture.planes[0]
            rows = np.frombuffer(luma, np.uint8).reshape(luma.height, luma.line_size)
            yield rows[:, : luma.width].copy()


def watched(place: PlaceScene) -> tuple[Filmed, list[Pixels]]:
    """What a camera of a place shows, at half its size, and what a detector answers."""
    rng, shots, boxes, kinds = np.random.default_rng([SEED, 7]), [], [], []
    for pixels, truth in place.shots(SEED):
        found = [o for o in truth.objects if o.visible is not None and o.visibility >= SHOWN]
        found = [o for o in found if rng.random() >= MISSED]
        shown = np.array([o.visible for o in found]).reshape(-1, 4) * [*SIZE, *SIZE]
        boxes.append(shown + rng.normal(0, JITTER, shown.shape) * (shown[:, 3:] - shown[:, 1:2]))
        kinds.append([LABELS.index(o.label) for o in found])
        shots.append(_halved(pixels))
    return _answers(place.scene.name, SIZE, boxes, kinds), shots


def flown(flight: Overflight) -> tuple[Filmed, list[Pixels]]:
    """What the camera of an aircraft shows, and what a detector answers."""
    rng, shots, boxes, kinds = np.random.default_rng([SEED, 9]), [], [], []
    for shot in flight.shots():
        kept = rng.random(len(shot.ids)) >= MISSED
        shown = shot.boxes[kept]
        boxes.append(shown + rng.normal(0, JITTER, shown.shape) * (shown[:, 3:] - shown[:, 1:2]))
        kinds.append([LABELS.index(FLOWN[each]) for each in shot.classes[kept].tolist()])
        shots.append(np.ascontiguousarray(shot.pixels[..., 1]))
    return _answers(FLIGHT, FLOWN_SIZE, boxes, kinds), shots


def _answers(name: str, size: Size, boxes: list[np.ndarray], kinds: list[list[int]]) -> Filmed:
    flat = (np.concatenate(boxes) * 2).round() / 2
    corners = np.hstack([np.minimum(flat[:, :2], flat[:, 2:]), np.maximum(flat[:, :2], flat[:, 2:])])
    counts = np.array([len(some) for some in boxes], np.int16)
    times = np.arange(len(boxes)) * (1_000_000_000 // FPS)
    classes = np.array([kind for some in kinds for kind in some], np.int16)
    scores = np.full(len(classes), 0.9)
    return Filmed(name, size, size, times, counts, corners.astype(np.float32), scores, classes, FILMS)


def _halved(pixels: Pixels) -> Pixels:
    wide, high = SIZE
    green = pixels[: 2 * high, : 2 * wide, 1].astype(np.uint16)
    return ((green[::2, ::2] + green[1::2, ::2] + green[::2, 1::2] + green[1::2, 1::2] + 2) // 4).astype(
        np.uint8
    )


def film(clip: Path, shots: list[Pixels]) -> None:
    """Write grey pictures as a film."""
    with av.open(str(clip), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.height, stream.width = shots[0].shape
        stream.pix_fmt, stream.options = "yuv420p", _ENCODER
        for index, grey in enumerate(shots):
            picture = av.VideoFrame.from_ndarray(grey, format="gray")
            picture.pts, picture.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def tell(flight: Overflight, table: Path) -> None:
    """Write the telemetry of a flight as a table."""
    log = flight.telemetry(Asked().doubt)
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["time_s", *(field.name for field in fields(Fix))])
        for time_s, fix in zip(log.times_s, log.fixes, strict=True):
            rows.writerow([f"{time_s:.1f}", *(f"{value:.7f}" for value in fix.vector)])


if __name__ == "__main__":
    for name in PLACES:
        answers, shots = watched(next(place for place in all_places() if place.scene.name == name))
        answers.keep()
        film(FILMS / f"{name}.mp4", shots)
    flight = Overflight(5, FLOWN_SIZE, FLOWN_S, FPS)
    answers, shots = flown(flight)
    answers.keep()
    film(FILMS / f"{FLIGHT}.mp4", shots)
    tell(flight, FILMS / f"{FLIGHT}.csv")
