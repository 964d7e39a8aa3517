"""Verbs that watch a camera for a while: to measure its ground, and to show its street without people."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Config, Json


@app.command()
def calibrate(
    config: Config,
    camera: Annotated[
        str | None,
        typer.Argument(metavar="CAMERA", help="The camera whose ground it is; the only one unless given."),
    ] = None,
    named: Annotated[
        str | None, typer.Option("--camera", metavar="ID", help="The same, as other verbs take it.")
    ] = None,
    people: Annotated[
        bool,
        typer.Option(
            "--people", help="Work the ground out from people who walk by, and print what to write."
        ),
    ] = False,
    watch_s: Annotated[
        float,
        typer.Option("--watch", min=1, metavar="SECONDS", help="How long to watch; a file is played once."),
    ] = 120.0,
    view_deg: Annotated[
        float,
        typer.Option(
            "--view", min=5, max=150, metavar="DEGREES", help="With --people: the camera's horizontal view."
        ),
    ] = 65.0,
    view_sd_deg: Annotated[
        float,
        typer.Option(
            "--view-sd", min=0.1, max=30, metavar="DEGREES", help="With --people: how wrong --view may be."
        ),
    ] = 10.0,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw a grid of metres over the street, without its people, into this .png or .jpg.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how well a camera's ground is measured, or measure it by the people who walk on it."""
    from edge.run import verb_calibrate  # noqa: PLC0415

    if camera is not None and named not in (None, camera):
        raise typer.BadParameter(f"both {camera} and {named} are named: name one", param_hint="--camera")
    verb_calibrate.calibrate(
        verb_calibrate.Request(
            config, camera or named, people, watch_s, view_deg, view_sd_deg, picture, as_json
        )
    )


@app.command()
def background(
    config: Config,
    camera: Annotated[str, typer.Option("--camera", metavar="ID", help="The camera.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The .png to write; an older one is replaced.")
    ] = None,
    send: Annotated[
        bool,
        typer.Option("--send", help="Send it to the monitoring centre, through the outbox of this box."),
    ] = False,
    watch_s: Annotated[
        float,
        typer.Option("--watch", min=1, metavar="SECONDS", help="How long to watch; a file is played once."),
    ] = 300.0,
) -> None:
    """Make a camera's street without its people, if the policy allows it, and as coarse as it says."""
    from edge.run import verb_background  # noqa: PLC0415

    verb_background.background(config, camera, watch_s, out, send=send)
