"""Verbs for detectors: what there is, what it is worth, and how another one comes in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json
from edge.detect.fit import Fit

models = typer.Typer(
    name="models",
    help="List, bring in, prove and measure detectors.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.add_typer(models)

Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FOLDER",
        help="Folder of the node's own models; /var/lib/safecity-edge/models on an installed box, else "
        "one of the user, unless given. SAFECITY_MODELS names it for all verbs.",
    ),
]
Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="Name of a bundled or installed model, or ./path of a model folder."
    ),
]


@models.command("list")
def list_all(store: Store = None, as_json: Json = False) -> None:
    """List the bundled models and those of the node's store."""
    from edge.run import verb_models  # noqa: PLC0415

    verb_models.list_all(store, as_json)


@models.command()
def show(model: Model, store: Store = None, as_json: Json = False) -> None:
    """Print a model's card: what it finds, its licence, what it is worth, and where it fails."""
    from edge.run import verb_models  # noqa: PLC0415

    verb_models.show(model, store, as_json)


@models.command()
def pull(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A model of the catalogue; lists them unless given.")
    ] = None,
    catalogue: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A catalogue of your own, not the bundled one."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="PNG or JPEG for its self-test; rendered people unless given."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree to what is shown.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Fetch a public model of known size and SHA-256, prove it, and install it; goes on where it stopped."""
    from edge.run import verb_model_pull as verb  # noqa: PLC0415

    verb.pull(verb.Request(name, catalogue, picture, store, yes, as_json), _agree)


def _agree(question: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(question, err=True)


@models.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An ONNX file of a detector.")],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Its name from now on; that of the file unless given."),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="LABELS",
            help="Its classes by index: coco, a file with one a line, or a,b,c; needed where FILE has none.",
        ),
    ] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="SPDX", help="Licence of the weights, such as Apache-2.0.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Where the weights come from; the file unless given.")
    ] = None,
    data: Annotated[str | None, typer.Option(metavar="TEXT", help="What it was trained on.")] = None,
    size: Annotated[
        str | None,
        typer.Option(metavar="WIDTHxHEIGHT", help="Size of its input, where the file leaves it open."),
    ] = None,
    colour: Annotated[
        str | None,
        typer.Option(metavar="RGB|BGR", help="Order of its channels; that usual of its family unless given."),
    ] = None,
    divisor: Annotated[
        float | None,
        typer.Option(min=0.001, metavar="NUMBER", help="What pixels are divided by; usual unless given."),
    ] = None,
    fit: Annotated[
        Fit | None,
        typer.Option(help="How a picture is brought to its input's size; usual unless given."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="PNG or JPEG with things that it knows, for its self-test; rendered people unless given.",
        ),
    ] = None,
    look: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where to draw what it finds, people filled; NAME.png unless given."
        ),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Bring in an ONNX file: recognise its family, write its card, test it, and draw what it finds."""
    from edge.run import verb_model_import as verb  # noqa: PLC0415

    said = (file, name, labels, licence, source, data, size, colour, divisor, fit, picture, look, store)
    verb.bring_in(verb.Request(*said, as_json=as_json), _ask)


def _ask(question: str, proposed: str) -> str:
    """The operator's answer; nothing where no terminal is."""
    return str(typer.prompt(question, default=proposed)) if sys.stdin.isatty() else ""


@models.command()
def export(
    weights: Annotated[Path, typer.Argument(metavar="FILE", help="A .pt file of an Ultralytics detector.")],
    pictures: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Real pictures, in which original and copy must find the same."),
    ],
    size: Annotated[int, typer.Option(metavar="PIXELS", help="Side of its input, a multiple of 32.")] = 640,
    most: Annotated[
        int, typer.Option("--most", "-n", min=1, metavar="COUNT", help="Look at the first so many pictures.")
    ] = 40,
    score: Annotated[
        float,
        typer.Option(min=0.001, max=0.99, metavar="SCORE", help="Compare boxes that are this sure."),
    ] = 0.25,
    python: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Python of an environment with ultralytics; this one unless given."
        ),
    ] = None,
    accept_agpl: Annotated[
        bool, typer.Option("--accept-agpl", help="Agree to the terms of AGPL-3.0, which are shown first.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its name; that of FILE unless given.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="SPDX", help="Its licence; AGPL-3.0-only unless you bought another.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="PNG or JPEG for its self-test; rendered people unless given."),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Export a .pt file, prove that original and copy agree on real pictures, and install the copy."""
    from edge.run import verb_model_export as verb  # noqa: PLC0415
    from edge.run import verb_model_import  # noqa: PLC0415

    asked = verb_model_import.Request(
        Path(), name=name, licence=licence, picture=picture, store=store, as_json=as_json
    )
    said = (weights, pictures, size, most, score, python or Path(sys.executable), accept_agpl)
    verb.export(verb.Request(*said, asked), _agree, _ask)


@models.command()
def evaluate(
    model: Model,
    pictures: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of pictures.")],
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="LABELS",
            help="COCO's JSON, or a folder of YOLO's text files; FOLDER.json, FOLDER_labels, "
            "../labels/FOLDER or FOLDER itself unless given.",
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
    """Measure a model on labelled pictures: COCO's AP, AP50, AP75, by size and by class."""
    from edge.run import verb_model_evaluate as verb  # noqa: PLC0415

    verb.evaluate(verb.Request(model, pictures, labels, names, tuple(aside or ()), most, store, as_json))


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
