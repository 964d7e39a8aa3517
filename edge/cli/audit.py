"""Verbs about the audit log."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

verbs = typer.Typer(help="The audit log: show it, print its head, judge it.", no_args_is_help=True)
app.add_typer(verbs, name="audit")

Folder = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", help="A box's audit folder, such as var/audit, or a copy of it."),
]


@verbs.command()
def show(
    folder: Folder,
    last: Annotated[
        int | None, typer.Option("--last", "-n", min=1, metavar="COUNT", help="Only the last so many.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="Private key of who reads, for a box's own log; a copy without the box's key wants none.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print who did what to what, oldest first; the box's own log enters who reads it, or was refused."""
    from edge.run import verb_audit  # noqa: PLC0415

    verb_audit.show(folder, last, as_json, key)


@verbs.command()
def verify(
    folder: Folder,
    heads: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Heads that a witness kept: notes, or the node's messages one a line."
        ),
    ] = None,
    key: Annotated[
        str, typer.Option(metavar="KEY", help="The box's verifier key, as told at its commissioning.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Judge a log offline; exit 8 names the first entry that was changed, cut off, rolled back or forked."""
    from edge.run import verb_audit  # noqa: PLC0415

    verb_audit.verify(folder, heads, key, as_json)


@verbs.command()
def head(folder: Folder) -> None:
    """Print the log's newest signed head (C2SP checkpoint), and the key to check it with."""
    from edge.run import verb_audit  # noqa: PLC0415

    verb_audit.head(folder)
