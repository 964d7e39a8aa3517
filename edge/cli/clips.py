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
def evaluate(
    where: Annotated[
        Path | None,
        typer.Argument(
            metavar="CLIPS",
            help="A clip with its truth beside it, or a folder of them, such as sample_videos.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="CONFIG",
            help="Rules to score; one of each kind for the truth's places unless given.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Name of a bundled model, or ./path of a model folder; --config has its own.",
        ),
    ] = "street-nano",
    gate: Annotated[
        bool, typer.Option(help="Spare the detector while nothing moves; --config has its own.")
    ] = True,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the scorecard here, as JSON.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--compare", metavar="FILE", help="Show the changes since this saved scorecard."),
    ] = None,
    crowds: Annotated[
        bool,
        typer.Option("--crowds", help="Score the crowd analytics on simulated gatherings instead of CLIPS."),
    ] = False,
    flights: Annotated[
        bool,
        typer.Option("--flights", help="Score a moving camera on a simulated flight instead of CLIPS."),
    ] = False,
    places: Annotated[
        bool,
        typer.Option(
            "--places",
            help="Score rules about things, roads, a platform and a yard on drawn scenes instead of CLIPS.",
        ),
    ] = False,
    thermal: Annotated[
        bool,
        typer.Option("--thermal", help="Score hot spots and fires on drawn thermal scenes instead of CLIPS."),
    ] = False,
    seen_by: Annotated[
        str | None,
        typer.Option(
            "--seen-by",
            metavar="MODEL",
            help="--places: let this model look at the drawn scenes, instead of a drawn detector.",
        ),
    ] = None,
    jitter: Annotated[
        float,
        typer.Option(
            min=0, max=0.3, help="--crowds, --flights, --places: how much boxes err, share of their height."
        ),
    ] = 0.0,
    missed: Annotated[
        float,
        typer.Option(min=0, max=0.8, help="--crowds, --flights, --places: share missing in each picture."),
    ] = 0.0,
    seed: Annotated[
        list[int] | None,
        typer.Option(
            min=0,
            metavar="NUMBER",
            help="All of these: other chances; --crowds and --thermal take several. \\[default: 1]",
        ),
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="--crowds: write pictures of the gatherings here.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Score clips against their exact truth: detection, tracking, counts, events, speed."""
    if crowds:
        from edge.run import verb_evaluate_crowds  # noqa: PLC0415

        seeds = tuple(seed or (1,))
        verb_evaluate_crowds.evaluate(verb_evaluate_crowds.Request(jitter, missed, seeds, draw, as_json))
        return
    if flights:
        from edge.run import verb_evaluate_flights  # noqa: PLC0415

        verb_evaluate_flights.evaluate(jitter, missed, (seed or [1])[0], as_json)
        return
    if places:
        from edge.run import verb_evaluate_places  # noqa: PLC0415

        request = verb_evaluate_places.Request(jitter, missed, (seed or [1])[0], as_json, seen_by)
        verb_evaluate_places.evaluate(request)
        return
    if thermal:
        from edge.run import verb_evaluate_thermal  # noqa: PLC0415

        verb_evaluate_thermal.evaluate(tuple(seed or (1,)), as_json)
        return
    if where is None:
        raise typer.BadParameter(
            "wanted CLIPS, such as sample_videos, --crowds, --flights, --places or --thermal"
        )
    from edge.run import verb_evaluate  # noqa: PLC0415

    verb_evaluate.evaluate(verb_evaluate.Request(where, config, model, gate, save, against, as_json))


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
