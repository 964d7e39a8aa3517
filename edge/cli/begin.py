"""The verb with which a box begins."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the configuration goes.")] = Path(
        "node.yaml"
    ),
    node: Annotated[
        str | None, typer.Option(metavar="ID", help="Name of this box, unique in its region.")
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="ID", help="Region of the city.")] = None,
    broker: Annotated[
        str | None,
        typer.Option(metavar="URL", help="mqtts://HOST:PORT, or embedded for one on this box."),
    ] = None,
    camera: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="First camera: rtsp(s)://, http(s)://, udp://, /dev/video* or a video file. User name and "
            "password are taken out of it; the password is then read from the environment.",
        ),
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="FILE", help="Signed policy of the state; none unless given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write a commented configuration: asks five questions on a terminal, or takes them as options."""
    from edge.run import verb_init  # noqa: PLC0415

    verb_init.init(verb_init.Request(file, node, region, broker, camera, policy, force))
