"""Verbs of the monitoring centre."""

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from edge.cli.app import app
from edge.cli.options import Json, Verbose

Config = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="The centre's configuration, such as configs/centre.example.yaml."),
]
Most = Annotated[
    int, typer.Option("--most", "-n", min=1, max=100_000, metavar="COUNT", help="At most so many rows.")
]
Region = Annotated[str, typer.Option("--region", metavar="ID", help="Of this region alone.")]
Node = Annotated[str, typer.Option("--node", metavar="ID", help="Of boxes of this name alone.")]


class _IngestUnlessNamed(TyperGroup):
    """`centre CONFIG` is `centre ingest CONFIG`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the verb in where none is named."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["ingest", *args]
        return super().parse_args(ctx, args)


centre = typer.Typer(
    cls=_IngestUnlessNamed,
    no_args_is_help=True,
    help="The monitoring centre: store what boxes send and answer with receipts; `centre CONFIG` is enough.",
)
app.add_typer(centre, name="centre")


@centre.command()
def ingest(config: Config, verbose: Verbose = False) -> None:
    """Take in what boxes send, store it, and answer with receipts, until Ctrl-C."""
    from edge.centre import wiring  # noqa: PLC0415

    wiring.ingest(config, verbose)


@centre.command()
def events(
    config: Config, most: Most = 50, region: Region = "", node: Node = "", as_json: Json = False
) -> None:
    """List events by their latest revision, the latest begun first."""
    _list("events", config, most, region, node, as_json)


@centre.command()
def gaps(
    config: Config, most: Most = 50, region: Region = "", node: Node = "", as_json: Json = False
) -> None:
    """List what is missing: first what nobody has told of yet, then what boxes told as lost."""
    _list("gaps", config, most, region, node, as_json)


@centre.command()
def nodes(
    config: Config, most: Most = 1000, region: Region = "", node: Node = "", as_json: Json = False
) -> None:
    """List boxes: whether they are there and enrolled, how many cameras are well, when last heard."""
    _list("nodes", config, most, region, node, as_json)


@centre.command()
def bad(config: Config, most: Most = 50, as_json: Json = False) -> None:
    """List messages that were set aside because they are not of the agreed form, and why."""
    _list("bad", config, most, "", "", as_json)


@centre.command()
def console(
    config: Config,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The .html to write; an older one is replaced.")],
    every_s: Annotated[
        int,
        typer.Option(
            "--every",
            min=0,
            max=3600,
            metavar="SECONDS",
            help="Write it anew so often, until Ctrl-C, and have browsers load it as often; once if 0.",
        ),
    ] = 0,
    region: Region = "",
    node: Node = "",
) -> None:
    """Write a page for a screen: cameras, their streets without people, and what goes on there."""
    from edge.centre import verb_console  # noqa: PLC0415

    verb_console.console(config, out, every_s, region, node)


def _list(what: str, config: Path, most: int, region: str, node: str, as_json: bool) -> None:
    from edge.centre import listing, wiring  # noqa: PLC0415

    rows, spec = wiring.listed(config, what, most, region, node)
    if as_json:
        for line in listing.as_json(rows):
            print(line)
    else:
        listing.show(what, rows, spec.timezone)
