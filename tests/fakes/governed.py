"""A box that records: its signed policy, its configuration, and the keyholders of what it sealed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrage import x25519

from edge.adapters import model_folder
from edge.config import policy as files
from edge.governance import plain
from edge.run import verb_policy
from tests.fakes.box import Box, camera
from tests.fakes.policies import ROOTS, Office


@dataclass
class Governed:
    """A policy that allows footage, signed by two, and the private keys of all three."""

    office: Office
    file: Path
    identities: dict[str, x25519.Identity]

    @property
    def policy(self) -> dict[str, str]:
        """The key `policy` of a configuration."""
        return {"file": str(self.file), "roots": plain.roots_sha256(files.load(self.file).policy)}

    def name_cameras(self, purposes: Mapping[str, Sequence[str]]) -> None:
        """Put into the policy which cameras may look and why; two sign it again."""
        listed = "".join(f"  - {{camera: {name}, purposes: {list(why)}}}\n" for name, why in purposes.items())
        text = self.file.read_text()
        assert "\ncameras: any\n" in text
        self.file.write_text(text.replace("\ncameras: any\n", f"\ncameras:\n{listed}"))
        for name in ("officer", "guardian"):
            verb_policy.sign(self.file, self.office.key_file(name))

    def identity_file(self, name: str) -> Path:
        path = self.office.folder / f"{name}.age"
        path.write_text(f"# keyholder {name}\n{self.identities[name]}\n")
        return path


def governed(
    folder: Path,
    model: Path,
    staff: Mapping[str, str] | None = None,
    models: Mapping[str, str] | None = None,
    **changes: str,
) -> Governed:
    """Three people who write and sign a policy for a box with this model.

    Args:
        folder: for all files.
        model: folder of the model that the policy allows.
        staff: public keys of the operator's people, by their ids in the policy.
        models: further models that the policy allows, and the SHA-256 of their weights.
        changes: first values of keys of the policy.
    """
    office = Office(folder / "office")
    sha256 = model_folder.load(model).card.sha256
    file = office.write(folder / "policy.yaml", **{"sha256": sha256, "egress": "any", **changes})
    identities = {name: x25519.Identity.generate() for name in ROOTS}
    text = file.read_text()
    for name, identity in identities.items():
        old = text.partition(f"- id: {name}\n")[2].partition("seal: ")[2][:62]
        text = text.replace(old, str(identity.to_public()))
    for name, key in (staff or {}).items():
        text = re.sub(rf"(- id: {name}\n.*\n.*\n)", rf"\g<1>    key: {key}\n", text)
        assert key in text
    for name, more in (models or {}).items():
        text = text.replace("\nmasks:", f"  - name: {name}\n    sha256: {more}\n\nmasks:", 1)
    file.write_text(text)
    for name in ("officer", "guardian"):
        verb_policy.sign(file, office.key_file(name))
    return Governed(office, file, identities)


def recording_box(
    folder: Path,
    broker: str = "embedded",
    staff: Mapping[str, str] | None = None,
    models: Mapping[str, str] | None = None,
    **footage: Any,
) -> tuple[Box, Governed]:
    """A box that is not started, whose cameras are recorded."""
    box = Box(folder, broker)
    state = governed(folder, folder / "blobs", staff, models)
    source = {"detect": str(box.clip), "record": str(box.clip)}
    cameras = [camera(name, box.clip) | {"source": source} for name in ("north", "south")]
    told = {"quota_gib": 1, "reserve_gib": 0.01, "segment_s": 2, **footage}
    box.configure(policy=state.policy, cameras=cameras, footage=told)
    return box, state
