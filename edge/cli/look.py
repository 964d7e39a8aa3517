"""Verbs that look at a box and at what it says."""

import sys
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Base, Broker, Config, Json, Supervised


@app.command()
def status(
    config: Config,
    once: Annotated[
        bool, typer.Option("--once", help="Show it once; a screen that keeps up unless given.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how a running box is doing: cameras, broker, outbox, disk, processes."""
    from edge.run import verb_status  # noqa: PLC0415

    verb_status.status(config, once=once, as_json=as_json)


@app.command()
def tail(
    config: Config,
    broker: Broker = "",
    topic: Annotated[
        str, typer.Option(metavar="FILTER", help="Topic filter; all of this node unless given.")
    ] = "",
    most: Annotated[
        int | None, typer.Option("--most", "-n", min=1, metavar="COUNT", help="Stop after so many messages.")
    ] = None,
    for_s: Annotated[
        float | None, typer.Option("--for", min=0.1, metavar="SECONDS", help="Stop after so long.")
    ] = None,
    as_json: Json = False,
    base: Base = None,
    supervised: Supervised = False,
) -> None:
    """Subscribe to what a node publishes, and print one readable line a message."""
    from edge.run import verb_tail  # noqa: PLC0415

    verb_tail.tail(config, base, broker, topic, most, for_s, as_json=as_json, supervised=supervised)


@app.command()
def check(
    config: Config,
    camera: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Look closely at this camera alone: pixels per metre, light, focus, compression, and "
            "whether it can do its job.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, metavar="SECONDS", help="How long to look at the camera.")
    ] = 10.0,
    deserted: Annotated[
        bool,
        typer.Option(
            "--deserted",
            help="--camera: you know that nobody is there now; tell what the model takes for people, "
            "and how to end it.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at model, cameras, broker, disk and clock without running, and say how to mend what is wrong."""
    from edge.run import verb_check  # noqa: PLC0415

    if deserted and camera is None:
        raise typer.BadParameter("--deserted wants --camera ID: which of them is it that nobody is at?")
    sys.exit(
        verb_check.check(config, as_json)
        if camera is None
        else verb_check.check_camera(config, camera, seconds, as_json, deserted=deserted)
    )
