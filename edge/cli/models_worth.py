"""Verbs that say what models are worth, prove them whole, and make them faster."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.models import Model, Store, models
from edge.cli.options import Json


@models.command()
def evaluate(
    model: Model,
    pictures: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of pictures.")],
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="LABELS",
            help="COCO's JSON, a folder of YOLO's text files, for density models also a CSV of "
            "picture,people; FOLDER.json, FOLDER_labels, ../labels/FOLDER or FOLDER itself unless given.",
        ),
    ] = None,
    names: Annotated[
        str, typer.Option(metavar="NAMES", help="Classes of YOLO's text: coco, a file, or a,b,c.")
    ] = "coco",
    aside: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="LABEL", help="Boxes neither to find nor wrong to find; repeat."),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", "-n", min=1, metavar="COUNT", help="Look at the first so many.")
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Measure a model on labelled pictures: COCO's AP by size and class; of a density model how it counts."""
    from edge.run import verb_model_evaluate as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(model, pictures, labels, names, tuple(aside or ()), most, store, as_json))


@models.command()
def acuity(model: Model, store: Store = None, as_json: Json = False) -> None:
    """Let a detector look at drawn crowds, and say what its card should tell of those it only half sees."""
    from edge.run import verb_model_acuity as verb  # noqa: PLC0415

    verb.acuity(verb.Request(model, store, as_json))


@models.command()
def verify(
    model: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL", help="Names, or ./paths of model folders; all models unless given."),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Prove that models are whole: SHA-256, what they may tell, shapes, self-test."""
    from edge.run import verb_models  # noqa: PLC0415

    sys.exit(verb_models.verify(model or [], store, as_json))


@models.command()
def quantise(
    model: Model,
    frames: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Pictures of the camera: a clip, or a folder of pictures."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", metavar="CONFIG", help="Configuration with the camera; in place of --frames."
        ),
    ] = None,
    camera: Annotated[
        str | None, typer.Option(metavar="ID", help="Camera to look at now; the only one unless given.")
    ] = None,
    most: Annotated[int, typer.Option(min=24, max=1000, metavar="COUNT", help="Pictures to take.")] = 96,
    every_s: Annotated[
        float,
        typer.Option("--every", min=0.2, metavar="SECONDS", help="Time between pictures of a live camera."),
    ] = 2.0,
    least: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=1.0,
            metavar="SHARE",
            help="Refuse a copy that agrees less with its original, in recall or precision.",
        ),
    ] = 0.93,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of the copy; that of MODEL with -int8 unless given."),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Make an INT8 copy of a model, calibrated on the camera's own pictures, which are never kept."""
    from edge.run import verb_quantise  # noqa: PLC0415

    request = verb_quantise.Request(model, frames, config, camera, most, every_s, least, name, store, as_json)
    verb_quantise.quantise(request)


@models.command()
def resize(
    model: Model,
    size: Annotated[
        str,
        typer.Option("--input", metavar="WxH", help="Size of its pictures, multiples of 32: 320x192."),
    ],
    frames: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A clip or a folder of pictures, best of your camera, to compare both on.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of the copy; that of MODEL with its size unless given."),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Make a copy of a model for smaller pictures: cheaper, and blinder for what is far away."""
    from edge.run import verb_model_resize as verb  # noqa: PLC0415

    verb.resize(verb.Request(model, size, frames, name, store, as_json))


@models.command()
def bench(
    model: Model,
    frames: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A clip or a folder of pictures, best of your camera; the self-test picture unless given.",
        ),
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=10, max=10_000, metavar="COUNT", help="Pictures that each engine answers.")
    ] = 60,
    threads: Annotated[
        int, typer.Option(min=1, max=64, metavar="COUNT", help="Threads of one inference, as configured.")
    ] = 1,
    keep: Annotated[bool, typer.Option(help="Let `backend: auto` go by what is measured.")] = True,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Find the fastest way to run a model on this machine that finds the same, and keep it for `auto`."""
    from edge.run import verb_bench  # noqa: PLC0415

    verb_bench.bench(verb_bench.Request(model, frames, rounds, threads, keep, store, as_json))
