"""Writes `configs/schema.json`, by which editors check configurations: `python -m edge.config`."""

import sys
from pathlib import Path

from edge.config.json_schema import json_schema

if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "configs/schema.json").write_text(
        json_schema(), encoding="utf-8"
    )
