"""Verbs about the program itself."""

import json
from pathlib import Path
from typing import Annotated

import typer

from edge import __version__
from edge.cli.app import app
from edge.cli.options import Json


@app.command()
def version(as_json: Json = False) -> None:
    """Print the version of this program and of what it stands on."""
    from edge.run import versions  # noqa: PLC0415

    found = versions.all_of(__version__)
    print(json.dumps(found) if as_json else "\n".join(f"{name:24}{number}" for name, number in found.items()))


@app.command(hidden=True)
def reference(root: Annotated[Path, typer.Argument(metavar="ROOT")] = Path()) -> None:
    """Write the pages about this command line, and a broker's files made of the example of a fleet."""
    from edge.run import reference as pages  # noqa: PLC0415

    pages.write(typer.main.get_group(app), root)
