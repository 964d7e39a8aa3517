"""Writes the bill of materials (CycloneDX 1.5, JSON) of what a box installs: python deploy/sbom.py [FILE]

Law: it says what the pinned requirements say; nothing is looked up and no time is in it, so that a release
has one bill. Each component has its package URL and the SHA-256 of the files that pip may install for it.
"""

import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; (.+?))?(?: \\)?$")
HASH = re.compile(r"^\s+--hash=sha256:([0-9a-f]{64})")


def components(requirements: str) -> Iterator[dict[str, Any]]:
    """A component for every pinned package, in the file's order."""
    component: dict[str, Any] | None = None
    for line in requirements.splitlines():
        if found := PINNED.match(line):
            if component is not None:
                yield component
            component = _component(found[1], found[2], found[3])
        elif component is not None and (hashed := HASH.match(line)):
            component["externalReferences"][0]["hashes"].append({"alg": "SHA-256", "content": hashed[1]})
    if component is not None:
        yield component


def _component(name: str, version: str, marker: str | None) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "externalReferences": [{"type": "distribution", "url": purl, "hashes": []}],
    }
    if marker is not None:
        made["properties"] = [{"name": "safecity:only-if", "value": marker}]
    return made


def bill() -> dict[str, Any]:
    """The whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    own = f"pkg:generic/{project['name']}@{project['version']}"
    found = list(components(pinned))
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{own}#{hashlib.sha256(pinned.encode()).hexdigest()}")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
            }
        },
        "components": found,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in found]}],
    }


if __name__ == "__main__":
    text = json.dumps(bill(), indent=1) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
