"""Writes the generated reference: `python -m edge.messages [FOLDER]`."""

import sys
from pathlib import Path

from edge.messages.pages import reference


def main(folder: Path) -> None:
    """Write every generated file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
