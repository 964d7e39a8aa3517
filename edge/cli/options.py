"""Arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

PARTS = "Parts that `run` starts, for running them by hand"

Config = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="The node's configuration, such as configs/node.example.yaml."),
]
Base = Annotated[
    Path | None,
    typer.Option("--base", help="Folder from which relative paths in the configuration count.", hidden=True),
]
Cameras = Annotated[
    list[str] | None,
    typer.Option("--camera", metavar="ID", help="This camera; repeat for several. All unless given."),
]
Boot = Annotated[
    str, typer.Option("--boot", help="Id of this run of the box, shared by its processes.", hidden=True)
]
Supervised = Annotated[
    bool,
    typer.Option("--supervised", help="End with standard input; pulses to standard output.", hidden=True),
]
Broker = Annotated[
    str,
    typer.Option(
        "--broker",
        metavar="URL",
        help="Where the embedded broker listens, as mqtt://host:port; a running box tells it by itself. "
        "Not used where CONFIG names brokers.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what goes on.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for scripts.")]
