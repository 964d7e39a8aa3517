"""Which camera of a configuration is meant, by a name or by the clip that stands for it."""

from pathlib import Path

from edge.config.spec import CameraSpec, NodeSpec
from edge.values.errors import ConfigError


def camera_of(node: NodeSpec, wanted: str | None) -> CameraSpec:
    """The named camera, else the only one.

    Raises:
        ConfigError: there is no such camera, or there are several; the text lists the ids.
    """
    ids = ", ".join(camera.id for camera in node.cameras)
    found = [camera for camera in node.cameras if wanted in (None, camera.id)]
    if not found:
        raise ConfigError(f"there is no camera {wanted}; there are {ids}")
    if len(found) > 1:
        raise ConfigError(f"which camera is meant? name one of {ids}")
    return found[0]


def camera_for(node: NodeSpec, clip: Path, wanted: str | None) -> CameraSpec:
    """The named camera, else the one whose source has the clip's file name, else the only one.

    Raises:
        ConfigError: there is no such clip, or the choice is not clear; the text lists the ids.
    """
    if not clip.is_file():
        raise ConfigError(f"{clip}: there is no such clip")
    ids = ", ".join(camera.id for camera in node.cameras)
    named = [camera for camera in node.cameras if camera.id == wanted]
    if wanted is not None and not named:
        raise ConfigError(f"--camera: there is no camera {wanted}; there are {ids}")
    same_file = [camera for camera in node.cameras if Path(camera.detect.url).name == clip.name]
    for found in (named, same_file, list(node.cameras)):
        if len(found) == 1:
            return found[0]
    raise ConfigError(f"--camera: several cameras could stand for {clip.name}; name one of {ids}")
