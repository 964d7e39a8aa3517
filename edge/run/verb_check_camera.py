"""The verb `check --camera`: whether one camera can do its job, why not, and how to mend it."""

from collections.abc import Iterator, Sequence

import numpy as np

from edge.config.spec import CameraSpec, NodeSpec
from edge.run.wiring import suiting
from edge.suitability.density import Heights, heights_of, rows_of
from edge.suitability.deserted import of_deserted
from edge.suitability.smallest import smallest_found
from edge.suitability.verdict import (
    Aspect,
    Place,
    Verdict,
    in_words,
    known_by,
    of_compression,
    of_focus,
    of_light,
    of_place,
)
from edge.values.errors import ConfigError

WHOLE = "the whole picture"


def look(node: NodeSpec, camera: CameraSpec, seconds: float, *, deserted: bool = False) -> tuple[Aspect, ...]:
    """Everything about a camera, the sum of it last; with `deserted` also what it takes for people.

    Raises:
        CameraError: it cannot be opened or read.
        ModelError: the model is not accepted.
        ConfigError: a password cannot be read, or the model knows no people to invent.
    """
    detector = suiting.detector_of(node)
    if deserted and suiting.PERSON not in detector.labels:
        raise ConfigError(f"--deserted: the model {detector.card.name} knows no {suiting.PERSON}")
    most = suiting.MOST_DESERTED if deserted else suiting.MOST_PICTURES
    seen = suiting.watch(camera, detector, seconds, most)
    smallest = smallest_found(*suiting.shrunken_people(detector))
    scale = suiting.to_input(detector, seen.size)
    places = list(_places(camera, seen))
    told = of_deserted(seen.persons, suiting.person_scores(node, detector)) if deserted else ()
    aspects = (
        Aspect("stream", _stream(seen), Verdict.GOOD),
        *(of_place(place, scale, smallest) for place in places),
        of_light(seen.quality),
        of_focus(seen.quality),
        of_compression(seen.quality, seen.bits_per_pixel),
        *told[:1],
    )
    return (*aspects, *told[1:], in_words(camera.id, aspects))


def _stream(seen: suiting.Seen) -> str:
    size = f"{seen.size.width}x{seen.size.height}"
    return f"{size}, {seen.pictures} pictures, {len(seen.feet)} sightings of whole people"


def _places(camera: CameraSpec, seen: suiting.Seen) -> Iterator[Place]:
    """Pixels per metre in every zone, by the measured ground, else by the people that were seen."""
    heights = heights_of(seen.feet, seen.tall)
    if not camera.zones:
        rows = (0.0, 1.0) if heights is None else (heights.lowest, heights.highest)
        yield _by_people(WHOLE, rows, heights, len(seen.feet))
    for zone in camera.zones:
        if camera.ground is not None:
            corners = np.clip(np.array(zone.polygon, np.float64), 0.0, 1.0)
            found = camera.ground.px_per_m(corners, seen.size.height)
            yield Place(zone.id, float(found.min()), float(found.max()), "by the measured ground")
        else:
            yield _by_people(zone.id, rows_of(zone.polygon), heights, len(seen.feet))


def _by_people(name: str, rows: Sequence[float], heights: Heights | None, sightings: int) -> Place:
    if heights is None:
        return Place(name, None, None, f"only {sightings} whole people were seen")
    far, near = rows
    return Place(name, heights.px_per_m(far), heights.px_per_m(near), known_by(heights, far, near))
