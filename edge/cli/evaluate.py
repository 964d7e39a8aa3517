"""The verb that scores: clips against their exact truth, and drawn scenes of several kinds."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

Clips = Annotated[
    Path | None,
    typer.Argument(
        metavar="CLIPS",
        help="A clip with its truth beside it, or a folder of them, such as sample_videos. "
        "Everything that is drawn unless given.",
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="CONFIG",
        help="Rules to score; one of each kind for the truth's places unless given.",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL",
        help="Name of a bundled model, or ./path of a model folder; --config has its own.",
    ),
]
Gate = Annotated[bool, typer.Option(help="Spare the detector while nothing moves; --config has its own.")]
Save = Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the scorecard here, as JSON.")]
Against = Annotated[
    Path | None,
    typer.Option("--compare", metavar="FILE", help="Show the changes since this saved scorecard."),
]
Crowds = Annotated[
    bool,
    typer.Option("--crowds", help="Score the crowd analytics on simulated gatherings instead of CLIPS."),
]
Flights = Annotated[
    bool,
    typer.Option("--flights", help="Score a moving camera on a simulated flight instead of CLIPS."),
]
Places = Annotated[
    bool,
    typer.Option(
        "--places",
        help="Score rules about things, roads, a platform and a yard on drawn scenes instead of CLIPS.",
    ),
]
Thermal = Annotated[
    bool,
    typer.Option("--thermal", help="Score hot spots and fires on drawn thermal scenes instead of CLIPS."),
]
SeenBy = Annotated[
    str | None,
    typer.Option(
        "--seen-by",
        metavar="MODEL",
        help="--places, --crowds: let this model look at drawn pictures, instead of a drawn detector.",
    ),
]
DensityModel = Annotated[
    str | None,
    typer.Option(
        "--density",
        metavar="MODEL",
        help="--crowds --seen-by: count by this density model too, and by both fused.",
    ),
]
Jitter = Annotated[
    float,
    typer.Option(
        min=0, max=0.3, help="--crowds, --flights, --places: how much boxes err, share of their height."
    ),
]
Missed = Annotated[
    float,
    typer.Option(min=0, max=0.8, help="--crowds, --flights, --places: share missing in each picture."),
]
Seed = Annotated[
    list[int] | None,
    typer.Option(
        min=0,
        metavar="NUMBER",
        help="All of these: other chances; --crowds and --thermal take several. \\[default: 1; gatherings "
        "of everything in one table: 11 to 14]",
    ),
]
Hours = Annotated[
    float,
    typer.Option(
        min=0.1,
        max=1000,
        help="Everything in one table: hours of a simulated street in which nothing is to be told; 24 and "
        "more are gone through in one piece.",
    ),
]
Scenes = Annotated[
    list[str] | None,
    typer.Option(
        "--scene",
        metavar="NAME",
        help="--places, --crowds, --thermal: only this scene, such as ward, panic or steam; --crowds "
        "--seen-by: only this camera; several times for several. A name that is none lists them all.",
    ),
]
Draw = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="--crowds: write pictures of the gatherings here.")
]


@app.command()
def evaluate(
    where: Clips = None,
    config: Rules = None,
    model: Model = "street-nano",
    gate: Gate = True,
    save: Save = None,
    against: Against = None,
    crowds: Crowds = False,
    flights: Flights = False,
    places: Places = False,
    thermal: Thermal = False,
    seen_by: SeenBy = None,
    density: DensityModel = None,
    jitter: Jitter = 0.0,
    missed: Missed = 0.0,
    seed: Seed = None,
    hours: Hours = 2.0,
    scene: Scenes = None,
    draw: Draw = None,
    as_json: Json = False,
) -> None:
    """Score clips against their exact truth, or every kind of rule on drawn scenes.

    With CLIPS: detection, tracking, counts, events, speed. Without CLIPS, --crowds, --flights, --places and
    --thermal: all that is drawn, in one table, beside what is wanted of it.
    """
    chances, scenes = tuple(seed or (1,)), tuple(scene or ())
    _alone(where, {"--crowds": crowds, "--flights": flights, "--places": places, "--thermal": thermal})
    if density is not None and not (crowds and seen_by is not None):
        raise typer.BadParameter("--density: wanted --crowds and --seen-by beside it")
    if scenes and not (crowds or places or thermal):
        raise typer.BadParameter("--scene: wanted --places, --crowds or --thermal beside it")
    if crowds and seen_by is not None:
        _drawn_crowds(seen_by, density, chances, as_json, scenes)
    elif crowds:
        _crowds(jitter, missed, chances, draw, as_json, scenes)
    elif flights:
        _flights(jitter, missed, chances[0], as_json)
    elif places:
        _places(jitter, missed, chances[0], as_json, seen_by, scenes)
    elif thermal:
        _thermal(chances, as_json, scenes)
    elif where is not None:
        _clips(where, config, model, gate, save, against, as_json)
    else:
        _everything(jitter, missed, tuple(seed or ()), as_json, seen_by, hours)


def _alone(clips: Path | None, drawn: dict[str, bool]) -> None:
    """Refuse clips beside what draws its own scenes, and two of those at once."""
    asked = [name for name, is_asked in drawn.items() if is_asked]
    if len(asked) > 1:
        raise typer.BadParameter(f"{' and '.join(asked)}: one at a time")
    if asked and clips is not None:
        raise typer.BadParameter(f"{asked[0]} draws its own scenes; leave out {clips}")


def _everything(
    jitter: float, missed: float, seeds: tuple[int, ...], as_json: bool, seen_by: str | None, hours: float
) -> None:
    if seen_by is not None:
        raise typer.BadParameter("--seen-by: wanted --places or --crowds beside it")
    from edge.run import verb_evaluate_all as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(jitter, missed, seeds, as_json, hours))


def _crowds(
    jitter: float,
    missed: float,
    seeds: tuple[int, ...],
    draw: Path | None,
    as_json: bool,
    scenes: tuple[str, ...],
) -> None:
    from edge.run import verb_evaluate_crowds as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(jitter, missed, seeds, draw, as_json, scenes))


def _drawn_crowds(
    model: str, density: str | None, seeds: tuple[int, ...], as_json: bool, scenes: tuple[str, ...]
) -> None:
    from edge.run import verb_evaluate_drawn_crowds as verb  # noqa: PLC0415

    request = verb.Request(model, seeds, as_json, scenes)
    if density is None:
        verb.evaluate(request)
        return
    from edge.run import verb_evaluate_drawn_counts as counts  # noqa: PLC0415

    counts.evaluate(request, density)


def _flights(jitter: float, missed: float, seed: int, as_json: bool) -> None:
    from edge.run import verb_evaluate_flights as verb  # noqa: PLC0415

    verb.evaluate(jitter, missed, seed, as_json)


def _places(
    jitter: float,
    missed: float,
    seed: int,
    as_json: bool,
    seen_by: str | None,
    scenes: tuple[str, ...],
) -> None:
    from edge.run import verb_evaluate_places as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(jitter, missed, seed, as_json, seen_by, scenes))


def _thermal(seeds: tuple[int, ...], as_json: bool, scenes: tuple[str, ...]) -> None:
    from edge.run import verb_evaluate_thermal as verb  # noqa: PLC0415

    verb.evaluate(seeds, as_json, scenes)


def _clips(
    where: Path,
    config: Path | None,
    model: str,
    gate: bool,
    save: Path | None,
    against: Path | None,
    as_json: bool,
) -> None:
    from edge.run import verb_evaluate as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(where, config, model, gate, save, against, as_json))
