"""Wiring of redacted copies: opened footage in, a film with nobody in it out, both in memory.

Law: who copies looks with a model that the policy allows, and fills what the policy masks. The original is
never on a disk.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from edge.adapters.durable import write_new
from edge.adapters.memory_file import memory_file
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.policy import TEN_THOUSAND, StatePolicy
from edge.privacy.trails import Hold
from edge.run.bare import bare_node
from edge.run.redacted_film import Masks, write_redacted
from edge.run.wiring import redacting
from edge.run.wiring.watching import model_of
from edge.values.errors import ConfigError
from edge.values.evidence import BESIDE, Copy, Opened, Redacting

LOOKED_FPS = 10
CONTAINER = "mp4"
REDACTED_NAME = ".redacted.mp4"


@dataclass(frozen=True, slots=True)
class Copyist:
    """Who makes redacted copies of one camera's footage.

    Attributes:
        node: whose model looks.
        masks: places at which nobody may look.
    """

    node: NodeSpec
    masks: Masks

    def copy(self, opened: Opened) -> Copy:
        """A copy that shows nobody.

        Raises:
            CameraError: the footage cannot be decoded.
            ModelError: the model is not accepted, or not allowed by the policy.
        """
        card = model_of(self.node, measured=False).model.card
        with memory_file(opened.content) as clip, memory_file() as film:
            reading = redacting.reading_of(self.node, clip, LOOKED_FPS, Hold())
            done = write_redacted(film, reading, self.masks, lambda _: None, CONTAINER)
            content = film.read_bytes()
        filled = round(done.filled * 1000)
        told = Redacting(
            card.name, card.sha256, LOOKED_FPS, len(self.masks), done.pictures, done.blank, filled
        )
        return Copy(content, told)


def copyist_of(policy: StatePolicy, camera: str, config: Path | None, model: str) -> Copyist:
    """Who copies for a camera under a policy.

    Args:
        policy: under which the footage leaves.
        camera: whose footage.
        config: of the box, with its model and the camera's own masks; None off the box.
        model: name or path, off the box.

    Raises:
        ConfigError: the configuration is wrong or has no such camera, or the model's name is none.
    """
    node = bare_node(model) if config is None else load(config)
    masks = {
        tuple((x / TEN_THOUSAND, y / TEN_THOUSAND) for x, y in polygon)
        for polygon in policy.masks.get(camera, frozenset())
    }
    if config is not None:
        found = [each for each in node.cameras if each.id == camera]
        if not found:
            raise ConfigError(f"{config}: wanted the camera {camera} of the request, found none")
        masks |= set(found[0].masks)
    return Copyist(replace(node, policy=policy), sorted(masks))


def write_copy(opened: Opened, copy: Copy, out: Path) -> Path:
    """Put a redacted copy into a folder, and beside it of what and how it was made; its file.

    Raises:
        ConfigError: it is there already.
        StorageError: it cannot be written.
    """
    target = out / f"{opened.origin.segment}{REDACTED_NAME}"
    write_new(target, copy.content)
    origin = asdict(opened.origin)
    told = {
        "origin": origin | {"original_sha256": origin.pop("sha256")},
        "redaction": asdict(copy.redacting),
        "sha256": hashlib.sha256(copy.content).hexdigest(),
    }
    write_new(target.with_name(target.name + BESIDE), json.dumps(told, indent=2).encode() + b"\n")
    return target
