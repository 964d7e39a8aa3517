"""What `calibrate` reads of a configuration: all, or, where its ground or its rules are refused, the rest.

Law: a refusal that this verb helps to mend does not keep it from helping. What was refused is told in the
end, and nothing is counted on such a ground.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge import strictyaml
from edge.config import schema
from edge.config.ground import AS_MARKED, GroundPlane
from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.run.choose import camera_of
from edge.values.errors import ConfigError

ON_GROUND = ("ground", "heat_maps", "density")
"""Keys of a camera that are nothing without its ground."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration.

    Attributes:
        node: the node; without the camera's ground and without rules where that was refused.
        camera: of that node.
        written: the camera's ground as it is written; None where there is none.
        refused: why it cannot be used as it is; None where it can.
    """

    node: NodeSpec
    camera: CameraSpec
    written: GroundPlane | None
    refused: ConfigError | None


def loaded(path: Path, wanted: str | None) -> Loaded:
    """The configuration in `path`, and the camera of that name, or the only one.

    Raises:
        ConfigError: it is refused for something else than this camera's ground, or rules that want one, or
            there is no such camera.
    """
    try:
        node = load(path)
    except ConfigError as refused:
        bare = _Bare(wanted)
        try:
            node = load(path, amend=bare)
            return Loaded(node, camera_of(node, wanted), bare.written(), refused)
        except (ConfigError, ValidationError):
            raise refused from None
    camera = camera_of(node, wanted)
    cameras = strictyaml.load(path, schema.Node, ConfigError).cameras
    return Loaded(node, camera, next(each.ground for each in cameras if each.id == camera.id), None)


@dataclass(slots=True)
class _Bare:
    """Takes the ground of one camera, the only one unless named, and all rules, out of what a file says."""

    wanted: str | None
    ground: Any = field(default=None)

    def __call__(self, data: object) -> object:
        if not isinstance(data, Mapping) or not isinstance(data.get("cameras"), list):
            return data
        only = len(data["cameras"]) == 1 and self.wanted is None
        cameras = [self._camera(each, only) for each in data["cameras"]]
        return {key: value for key, value in data.items() if key != "rules"} | {"cameras": cameras}

    def _camera(self, camera: object, only: bool) -> object:
        if not isinstance(camera, Mapping) or not (only or camera.get("id") == self.wanted):
            return camera
        self.ground = camera.get("ground")
        return {key: value for key, value in camera.items() if key not in ON_GROUND}

    def written(self) -> GroundPlane | None:
        """What was taken out, however its marks disagree.

        Raises:
            ValidationError: it is no ground.
        """
        return (
            None
            if self.ground is None
            else GroundPlane.model_validate(self.ground, context={AS_MARKED: True})
        )
