"""Standard output for tables and trees: as wide as the terminal, and where nobody looks at it as they are."""

import os
import sys

from rich.console import Console, RenderableType

ENDLESS = 10_000
"""A pipe and a file have no width, so nothing is wrapped or cut there."""


def paper() -> Console:
    """What to print on."""
    looked_at = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, width=None if looked_at else ENDLESS)


def page(shown: RenderableType) -> None:
    """Print something without the blanks behind its lines."""
    console = paper()
    if console.is_terminal:
        console.print(shown)
        return
    with console.capture() as printed:
        console.print(shown)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in printed.get().splitlines())
