"""The verb `background`: a camera's street without its people, for consoles, where the policy allows that."""

import tempfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.governance.capability import Capability
from edge.ground.plane import Ground
from edge.privacy.background import Background
from edge.run.console_picture import console_picture, finest_px_per_m
from edge.run.wiring import auditing, calibrating
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError, StorageError
from edge.values.frame import Pixels

SUFFIX = ".png"
Hidden = npt.NDArray[np.bool_]


def background(config: Path, name: str, watch_s: float, out: Path) -> None:
    """Watch a camera, and write its street without people; the audit log tells of it first.

    Raises:
        ConfigError: there is no such camera, it has no measured ground, or `out` is no .png.
        PolicyError: the policy does not allow it.
        SafecityError: model or camera are not as they should be.
    """
    node = load(config)
    camera, ground = _allowed(node, name)
    if out.suffix != SUFFIX:
        raise ConfigError(f"--out: wanted a file that ends in {SUFFIX}, got {out.name}")
    street, unseen = _watched(node, camera, watch_s)
    most = float(node.policy.max_px_per_m)
    picture = console_picture(street, unseen, camera.masks, ground, most)
    with auditing.journal(node, auditing.somebody()) as pen:
        pen.note(Action.READ, camera.id, "picture of the street without people")
    _write(out, picture)
    fine = min(most, finest_px_per_m(ground, street.shape[0]))
    print(
        f"{out}: {camera.id} without people, {picture.shape[1]}x{picture.shape[0]}, at most {fine:.0f} px/m "
        f"(the policy: {most:.0f}); {unseen.mean():.0%} were not seen free and are hatched"
    )


def _allowed(node: NodeSpec, name: str) -> tuple[CameraSpec, Ground]:
    if not node.policy.may(Capability.BACKGROUND):
        raise PolicyError(
            f"policy version {node.policy.version} does not allow {Capability.BACKGROUND}: what may be seen "
            "instead are events and counts"
        )
    found = [camera for camera in node.cameras if camera.id == name]
    if not found:
        known = ", ".join(camera.id for camera in node.cameras)
        raise ConfigError(f"--camera: there is no camera {name}; there are {known}")
    ground = found[0].ground
    if ground is None:
        raise ConfigError(
            f"camera {name} has no measured ground, so nobody can say how many pixels a metre has: "
            "calibrate it (docs/operator/ground.md)"
        )
    return found[0], ground


def _watched(node: NodeSpec, camera: CameraSpec, watch_s: float) -> tuple[Pixels, Hidden]:
    """The street, and what of it may not be shown."""
    gathered, began_s = Background(), None
    with calibrating.watched(node, camera) as (_, looks):
        for look in looks:
            at_s = look.frame.moment.mono_ns / 1e9
            began_s = at_s if began_s is None else began_s
            if at_s - began_s > watch_s:
                break
            gathered.add(look.frame.pixels, look.step.tracks.boxes.astype(np.float64))
    try:
        return gathered.street()
    except ValueError as wrong:
        raise ConfigError(f"camera {camera.id}: {wrong}; watch for longer") from wrong


def _write(out: Path, picture: Pixels) -> None:
    """Replace the file at once, so that a console never shows half a picture."""
    done, raw = cv2.imencode(SUFFIX, picture[:, :, ::-1])
    assert done
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as file:
            file.write(raw.tobytes())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(out)
    except OSError as failure:
        raise StorageError(f"{out} cannot be written: {failure.strerror}") from failure
