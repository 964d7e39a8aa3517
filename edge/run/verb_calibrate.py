"""The verb `calibrate`: how good a camera's ground is, or where it lies by the people who walk on it."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console

from edge.config.ground import GroundPlane
from edge.config.spec import CameraSpec, NodeSpec
from edge.governance.capability import Capability
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import ground_of
from edge.ground.stature import pose_from
from edge.ground.tallness import tallness_m
from edge.ground.upright import Upright
from edge.privacy.background import BLANK, Background
from edge.run import verb_calibrate_report as report
from edge.run.calibrate_config import Loaded, loaded
from edge.run.calibrate_marks import Mark, marks_of
from edge.run.console_picture import console_picture
from edge.run.ground_picture import ground_picture
from edge.run.look import Look
from edge.run.wiring import auditing, calibrating, standing
from edge.values.audit import Action as Done
from edge.values.errors import ConfigError
from edge.values.frame import Size

PERSON = "person"
PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes:
        config, camera: which camera; None for the only one.
        people: work the ground out from people, instead of looking at the one that is written.
        watch_s: how long to watch, seconds of the stream.
        view_deg, view_sd_deg: horizontal field of view and its doubt, for `people`.
        picture: where to write the picture; None for none.
        as_json: for scripts.
    """

    config: Path
    camera: str | None
    people: bool
    watch_s: float
    view_deg: float
    view_sd_deg: float
    picture: Path | None
    as_json: bool


@dataclass(slots=True)
class Seen:
    """What watching brought: the picture's size, people, and the street without them."""

    size: Size
    people: Upright
    street: Background


def calibrate(request: Request) -> None:
    """Watch the camera, tell about its ground, and draw it.

    Raises:
        SafecityError: configuration, model or camera are not as they should be.
    """
    found = loaded(request.config, request.camera)
    node, camera, written = found.node, found.camera, None if request.people else found.written
    if request.picture is not None:
        _check_writable(request.picture)
    if not request.people and written is None:
        raise ConfigError(
            f"camera {camera.id} has no ground to look at: survey spots on the street and write them down "
            "(docs/operator/ground.md), or add --people to work it out from people"
        )
    marks = () if written is None else _marks(written, found.refused)
    sound = found.refused is None
    shown = node.policy.may(Capability.BACKGROUND) and (sound or request.people)
    seen = None
    if request.people or request.picture:  # a grid without a street wants no more than the picture's size
        seen = _watched(node, camera, request.watch_s if request.people or shown else 0.0)
    if request.people:
        assert seen is not None
        ground: Ground | None = _from_people(seen, found, request)
    else:
        assert written is not None
        ground = written.spec() if sound else None
        try:
            report.tell_written(camera, written, ground, request.as_json)
        except ValueError as wrong:
            raise found.refused or ConfigError(f"camera {camera.id}: {wrong}") from wrong
    if request.picture is not None and seen is not None:
        if shown:
            standing.allowed(node, Capability.BACKGROUND, "a grid without the street")
            with auditing.journal(node, auditing.somebody()) as pen:
                pen.note(Done.READ, camera.id, "picture of its ground, without people")
        _draw(request.picture, seen, camera, ground, marks, node.policy.max_px_per_m if shown else None)
    if found.refused is not None and written is not None:
        _refuse(found.refused, camera, written)


def _refuse(refused: ConfigError, camera: CameraSpec, written: GroundPlane) -> None:
    """Tell why nothing can be counted on what is written; edges alone are no ground yet, and no mistake."""
    if not written.only_edges:
        raise refused
    if grave := [told.text for told in written.disagreements() if told.grave]:
        raise ConfigError(f"camera {camera.id}: {'; '.join(grave)}")


def _marks(written: GroundPlane, refused: ConfigError | None) -> tuple[Mark, ...]:
    """What was marked; `refused` where it is of a kind of which nothing can be told."""
    try:
        return marks_of(written)
    except ValueError as wrong:
        raise refused or ConfigError(str(wrong)) from None


def _check_writable(path: Path) -> None:
    """Raise `ConfigError` if no picture can be written there, before anybody watched for minutes."""
    if path.suffix.lower() not in PICTURES:
        raise ConfigError(f"--picture: wanted a file that ends in {' or '.join(PICTURES)}, got {path}")
    if not path.parent.is_dir():
        raise ConfigError(f"--picture: there is no folder {path.parent}")


def _watched(node: NodeSpec, camera: CameraSpec, watch_s: float) -> Seen:
    """Everybody who walked by, and the street without them."""
    with (
        Console(stderr=True).status(
            f"watching {camera.id} for {watch_s:.0f} s" if watch_s else f"opening {camera.id}"
        ),
        calibrating.watched(node, camera) as (labels, looks),
    ):
        return _gathered(labels, looks, watch_s)


def _gathered(labels: tuple[str, ...], looks: Iterable[Look], watch_s: float) -> Seen:
    seen: Seen | None = None
    began_s = None
    for look in looks:
        at_s = look.frame.moment.mono_ns / 1e9
        began_s = at_s if began_s is None else began_s
        if at_s - began_s > watch_s:
            break
        size = look.frame.source
        if seen is None or size != seen.size:
            seen = Seen(size, Upright(size.width / size.height), Background())
        _take(seen, look, labels, at_s)
    if seen is None:
        raise ConfigError("the camera showed no picture")
    return seen


def _take(seen: Seen, look: Look, labels: tuple[str, ...], at_s: float) -> None:
    tracks = look.step.tracks
    seen.street.add(look.frame.pixels, tracks.boxes.astype(np.float64))
    sure = tracks.confirmed & tracks.seen
    person = np.array([label == PERSON for label in labels])[tracks.classes]
    unit = tracks.boxes / np.array([*look.frame.size, *look.frame.size], dtype=np.float64)
    seen.people.add(tracks.ids[sure & person], unit[sure & person], unit[~(sure & person)], at_s)


def _from_people(seen: Seen, asked: Loaded, request: Request) -> Ground:
    """By people, through the lens that the camera's ground tells, if there is one."""
    camera, written, lens = asked.camera, asked.written, Lens(seen.size.width / seen.size.height)
    try:
        if written is not None:
            lens = replace(written.optics, aspect=lens.aspect)
        people = seen.people.standing()
        found = pose_from(people, lens, request.view_deg, request.view_sd_deg)
        ground = ground_of(found.pose, found.doubt, lens)
    except ValueError as wrong:
        raise ConfigError(f"camera {camera.id}: {wrong}") from wrong
    tall = None if camera.ground is None else tallness_m(people, camera.ground)
    report.tell_people(camera, found, ground, len(seen.people), tall, request.as_json)
    return ground


def _draw(
    path: Path,
    seen: Seen,
    camera: CameraSpec,
    ground: Ground | None,
    marks: Sequence[Mark],
    most_px_per_m: int | None,
) -> None:
    """Draw the grid over the street without its people, no finer than may be shown; over nothing if None."""
    if ground is None or most_px_per_m is None:
        street = np.full((seen.size.height, seen.size.width, 3), BLANK, np.uint8)
        left_out = f"no street, as the policy does not allow {Capability.BACKGROUND}"
        if ground is None:
            left_out = "no street, as without a ground nobody knows how fine it is"
    else:
        try:
            street, hidden = seen.street.street()
        except ValueError as wrong:
            raise ConfigError(f"--picture: {wrong}; watch for longer") from wrong
        street = console_picture(street, hidden, camera.masks, ground, float(most_px_per_m)).pixels
        left_out = "people were left out"
    picture, step = ground_picture(street, camera, ground, marks)
    if not cv2.imwrite(str(path), picture[:, :, ::-1]):
        raise ConfigError(f"--picture: {path} cannot be written")
    grid = "no grid" if step is None else f"one square of the grid is {step:g} m"
    print(f"picture   {path}: {grid}; {left_out}", file=sys.stderr)
