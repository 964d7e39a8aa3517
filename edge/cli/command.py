"""The verb that orders a box about."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json
from edge.values.command import Verb


@app.command()
def command(
    verb: Annotated[
        Verb,
        typer.Argument(
            metavar="VERB",
            help="health (tell how it is doing), reload (read configuration, policy and masks again), "
            "restart (all its processes), panic (put footage under hold, raise the alarm).",
        ),
    ],
    box: Annotated[str, typer.Argument(metavar="REGION/NODE", help="Which box, such as north/box-17.")],
    config: Annotated[
        Path,
        typer.Option(
            "--config",
            metavar="FILE",
            help="A configuration like the centre's, with a name of its own.",
        ),
    ],
    signer: Annotated[
        str, typer.Option("--as", metavar="ID", help="Who orders: a party of the box's policy.")
    ],
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="Their private key, made by policy keygen.")
    ],
    camera: Annotated[
        list[str] | None,
        typer.Option("--camera", metavar="ID", help="With panic: only this camera; repeat for several."),
    ] = None,
    wait_s: Annotated[
        float,
        typer.Option("--wait", min=1, max=120, metavar="SECONDS", help="How long to wait for the answer."),
    ] = 20.0,
    as_json: Json = False,
) -> None:
    """Sign a command to a box, send it over the broker, and print the box's answer; exit 1 if not done."""
    from edge.centre import verb_command  # noqa: PLC0415

    verb_command.command(config, box, verb, signer, key, tuple(camera or ()), wait_s, as_json)
