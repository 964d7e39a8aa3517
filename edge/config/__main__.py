"""Writes the schema for editors and the reference page: `python -m edge.config [ROOT]`."""

import sys
from pathlib import Path

from edge.config.json_schema import fusion_json_schema, json_schema, policy_json_schema
from edge.config.reference import centre_configuration, configuration, fleet, fusion, policy

if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    (root / "configs/schema.json").write_text(json_schema(), encoding="utf-8")
    (root / "configs/policy.schema.json").write_text(policy_json_schema(), encoding="utf-8")
    (root / "configs/fusion.schema.json").write_text(fusion_json_schema(), encoding="utf-8")
    (root / "docs/reference/fusion.md").write_text(fusion(), encoding="utf-8")
    (root / "docs/reference/policy.md").write_text(policy(), encoding="utf-8")
    (root / "docs/reference/configuration.md").write_text(configuration(), encoding="utf-8")
    (root / "docs/reference/centre-configuration.md").write_text(centre_configuration(), encoding="utf-8")
    (root / "docs/reference/fleet.md").write_text(fleet(), encoding="utf-8")
