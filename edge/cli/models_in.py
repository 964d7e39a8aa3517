"""Verbs by which models come in: from the catalogue, from a file, from somebody else's training."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.models import Store, models
from edge.cli.options import Json
from edge.detect.fit import Fit


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


File = Annotated[Path, typer.Argument(metavar="FILE", help="An ONNX file of a detector.")]
Name = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Its name from now on; that of the file unless given."),
]
Labels = Annotated[
    str | None,
    typer.Option(
        metavar="LABELS",
        help="Its classes by index: coco, a file with one a line, or a,b,c; needed where FILE has none.",
    ),
]
Licence = Annotated[
    str | None, typer.Option(metavar="SPDX", help="Licence of the weights, such as Apache-2.0.")
]
Source = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Where the weights come from; the file unless given.")
]
Data = Annotated[str | None, typer.Option(metavar="TEXT", help="What it was trained on.")]
InputSize = Annotated[
    str | None,
    typer.Option(metavar="WIDTHxHEIGHT", help="Size of its input, where the file leaves it open."),
]
Colour = Annotated[
    str | None,
    typer.Option(metavar="RGB|BGR", help="Order of its channels; that usual of its family unless given."),
]
Divisor = Annotated[
    float | None,
    typer.Option(min=0.001, metavar="NUMBER", help="What pixels are divided by; usual unless given."),
]
Fitted = Annotated[
    Fit | None,
    typer.Option(help="How a picture is brought to its input's size; usual unless given."),
]
Picture = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="PNG or JPEG with things that it knows, for its self-test; rendered people unless given.",
    ),
]
Look = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where to draw what it finds, people filled; NAME.png unless given."),
]


@models.command("import")
def bring_in(
    file: File,
    name: Name = None,
    labels: Labels = None,
    licence: Licence = None,
    source: Source = None,
    data: Data = None,
    size: InputSize = None,
    colour: Colour = None,
    divisor: Divisor = None,
    fit: Fitted = None,
    picture: Picture = None,
    look: Look = None,
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
