"""Verbs that run an edge box, whole or in parts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import PARTS, Base, Boot, Broker, Cameras, Config, Supervised, Verbose


@app.command()
def run(
    config: Config,
    tail: Annotated[
        bool, typer.Option("--tail", help="Show the events here, as a subscriber gets them.")
    ] = False,
    for_s: Annotated[
        float | None,
        typer.Option("--for", min=1, metavar="SECONDS", help="Stop after so long; on Ctrl-C unless given."),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Run the whole box: watch all cameras, publish events, restart what fails. SIGHUP reads CONFIG again."""
    from edge.run import box  # noqa: PLC0415

    sys.exit(box.run(config, tail=tail, for_s=for_s, verbose=verbose))


@app.command(rich_help_panel=PARTS)
def watch(
    config: Config,
    camera: Cameras = None,
    boot: Boot = "",
    base: Base = None,
    supervised: Supervised = False,
    verbose: Verbose = False,
) -> None:
    """Watch cameras in this process and commit their events to the outbox."""
    from edge.run.wiring import worker  # noqa: PLC0415

    worker.watch(config, base, camera or [], boot, supervised, verbose)


@app.command(rich_help_panel=PARTS)
def publish(
    config: Config,
    broker: Broker = "",
    boot: Boot = "",
    base: Base = None,
    supervised: Supervised = False,
    policy_over: Annotated[
        bool, typer.Option("--policy-over", help="Say of every camera that it is not looked at.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Send what the outbox holds to the broker, in order, until stopped."""
    from edge.run.wiring import publishing  # noqa: PLC0415

    publishing.publish(config, base, boot, broker, supervised, verbose, policy_over=policy_over)


@app.command(rich_help_panel=PARTS)
def broker(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="TCP port on loopback; 0 takes a free one.")
    ] = 1883,
    folder: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where it keeps its generated configuration.")
    ] = Path("var/broker"),
    supervised: Supervised = False,
    json_log: Annotated[bool, typer.Option("--json-log", help="Log as JSON, one object a line.")] = False,
) -> None:
    """Run the embedded broker: a Mosquitto found on this machine, else a small one in Python."""
    from edge.run.wiring import brokers  # noqa: PLC0415

    brokers.broker(port, folder, supervised, json_log)
