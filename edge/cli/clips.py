"""Verbs for recorded and drawn clips."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json


@app.command()
def replay(
    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="A recorded clip.")],
    config: Annotated[
        Path, typer.Option("--config", "-c", metavar="CONFIG", help="Configuration with the camera's rules.")
    ],
    camera: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Camera that the clip stands for; the one whose source has its file name, or the only one, "
            "unless given.",
        ),
    ] = None,
    start: Annotated[
        str,
        typer.Option(metavar="TIME", help="Time of the clip's first picture; schedules and messages use it."),
    ] = "2026-01-01T12:00:00Z",
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the messages here, one JSON object a line, instead of telling them."
        ),
    ] = None,
    draw: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a video of the redacted view here, such as out.mp4: people are filled.",
        ),
    ] = None,
    landmarks: Annotated[
        bool,
        typer.Option(
            "--landmarks",
            help="Compare the clip with what the box has kept of the place's look since its ground was "
            "measured: a camera that was turned before the clip began is told.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Play CLIP through one camera's rules, faster than real time; same inputs give the same bytes."""
    from edge.run import verb_replay  # noqa: PLC0415

    verb_replay.replay(verb_replay.Request(clip, config, camera, start, events, draw, landmarks, as_json))


@app.command()
def samples(
    scenes: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="SCENES", help="Scene files, or folders of them; sample_videos/scenes unless given."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for clips and truth.")] = Path(
        "sample_videos"
    ),
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="NUMBER", help="Another seed than the scene's own.")
    ] = None,
) -> None:
    """Make sample clips with exact truth from SCENES; ten lines of YAML make a new one."""
    from edge.run import verb_samples  # noqa: PLC0415

    verb_samples.make_all(scenes or [Path("sample_videos/scenes")], out, seed)
