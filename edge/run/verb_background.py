"""The verb `background`: a camera's street without its people, for consoles, where the policy allows that.

Law: it is the only way out for a picture, and the audit log has it first, with the picture's hash.
"""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.governance.capability import Capability
from edge.ground.plane import Ground
from edge.privacy.background import Background
from edge.privacy.street_report import street_message
from edge.run.console_picture import Shown, console_picture, to_send
from edge.run.parts import origin_of
from edge.run.whole_file import replace_whole
from edge.run.wiring import auditing, calibrating, standing, watching
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.values.audit import Action
from edge.values.errors import ConfigError
from edge.values.frame import Pixels
from edge.values.moment import Moment
from edge.values.street_picture import StreetPicture

SUFFIX = ".png"
Hidden = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Watched:
    """The street, what of it may not be shown, and from when to when it was watched."""

    street: Pixels
    hidden: Hidden
    began: Moment
    ended: Moment


def background(config: Path, name: str, watch_s: float, out: Path | None, *, send: bool = False) -> None:
    """Watch a camera, and write or send its street without people; the audit log tells of it first.

    Raises:
        ConfigError: no such camera, no measured ground, `out` is no .png, or nothing is wanted.
        RefusedError: the policy does not hold here or does not allow it; the audit log tells of that too.
        SafecityError: model, camera or disk are not as they should be.
    """
    node = load(config)
    camera, ground = _allowed(node, name)
    if out is None and not send:
        raise ConfigError("wanted --out FILE, --send, or both: otherwise nobody would see it")
    if out is not None and out.suffix != SUFFIX:
        raise ConfigError(f"--out: wanted a file that ends in {SUFFIX}, got {out.name}")
    seen = _watched(node, camera, watch_s)
    if out is not None:
        _written(node, camera, ground, seen, out)
    if send:
        _sent(node, camera, ground, seen)


def _allowed(node: NodeSpec, name: str) -> tuple[CameraSpec, Ground]:
    standing.allowed(node, Capability.BACKGROUND, "what may be seen instead are events and counts")
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


def _watched(node: NodeSpec, camera: CameraSpec, watch_s: float) -> _Watched:
    gathered, began, first_s = Background(), watching.now(), None
    with calibrating.watched(node, camera) as (_, looks):
        for look in looks:
            at_s = look.frame.moment.mono_ns / 1e9  # of a file, by its own time
            first_s = at_s if first_s is None else first_s
            if at_s - first_s > watch_s:
                break
            gathered.add(look.frame.pixels, look.step.tracks.boxes.astype(np.float64))
    try:
        street, hidden = gathered.street()
    except ValueError as wrong:
        raise ConfigError(f"camera {camera.id}: {wrong}; watch for longer") from wrong
    return _Watched(street, hidden, began, watching.now())


def _written(node: NodeSpec, camera: CameraSpec, ground: Ground, seen: _Watched, out: Path) -> None:
    shown = console_picture(seen.street, seen.hidden, camera.masks, ground, float(node.policy.max_px_per_m))
    done, raw = cv2.imencode(SUFFIX, shown.pixels[:, :, ::-1])
    assert done
    _note(node, camera, raw.tobytes(), "written to a file")
    replace_whole(out, raw.tobytes())
    print(f"{out}: {_told(node, camera, shown)}")


def _sent(node: NodeSpec, camera: CameraSpec, ground: Ground, seen: _Watched) -> None:
    limit = node.policy.max_px_per_m
    packed = to_send(seen.street, seen.hidden, camera.masks, ground, float(limit), node.message_bytes)
    shown, (height, width) = packed.shown, packed.shown.pixels.shape[:2]
    began_ns, ended_ns = seen.began.utc_ns, seen.ended.utc_ns
    picture = StreetPicture(
        camera.id, began_ns, ended_ns, packed.png, width, height, shown.px_per_m, round(shown.hidden, 4)
    )
    message = street_message(origin_of(node), node.policy_sha256, limit, picture, watching.now())
    _note(node, camera, packed.png, "sent to the monitoring centre")
    with closing(outbox_of(node, fresh_boot())) as outbox:
        outbox.put([message])
    print(f"in the outbox: {_told(node, camera, shown)}")


def _note(node: NodeSpec, camera: CameraSpec, raw: bytes, became: str) -> None:
    """Tell the audit log of a picture before there is one."""
    words = f"picture of the street without people, {became}, sha256 {hashlib.sha256(raw).hexdigest()}"
    with auditing.journal(node, auditing.somebody()) as pen:
        pen.note(Action.READ, camera.id, words)


def _told(node: NodeSpec, camera: CameraSpec, shown: Shown) -> str:
    height, width = shown.pixels.shape[:2]
    return (
        f"{camera.id} without people, {width}x{height}, at most {shown.px_per_m:.0f} px/m (the policy: "
        f"{node.policy.max_px_per_m}); {shown.hidden:.0%} were not seen free or are masked, and are hatched"
    )
