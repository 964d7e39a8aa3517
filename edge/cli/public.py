"""Verbs for the public: the transparency report and the sign for the street."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.values.language import Language

Languages = Annotated[
    list[Language] | None,
    typer.Option(
        "--language",
        metavar="en|ru|uz",
        help="A page in this language; repeat for several. English unless given.",
    ),
]
Draft = Annotated[
    bool,
    typer.Option("--draft", help="Also where the policy is not in force yet; the page says DRAFT."),
]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write; nothing is overwritten.")]


@app.command()
def report(
    configs: Annotated[
        list[Path],
        typer.Argument(metavar="CONFIG...", help="Configurations of the boxes, all under one policy."),
    ],
    month: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="A month that is over; the last one unless given.")
    ] = "",
    languages: Languages = None,
    out: Out = Path(),
    draft: Draft = False,
) -> None:
    """Tell the public about cameras, purposes, retention, holds, exports, refusals: HTML, CSV and JSON."""
    from edge.run import verb_public  # noqa: PLC0415

    verb_public.report(configs, month, out, languages or verb_public.ENGLISH, draft=draft)


@app.command()
def sign(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="Configuration of the box.")],
    camera: Annotated[
        list[str] | None,
        typer.Option("--camera", metavar="ID", help="Only this camera; repeat for several."),
    ] = None,
    languages: Languages = None,
    out: Out = Path(),
    draft: Draft = False,
) -> None:
    """Make a sign for the street for each camera, to print on A4: who, why, how long, whom to ask."""
    from edge.run import verb_public  # noqa: PLC0415

    verb_public.sign(config, camera or [], out, languages or verb_public.ENGLISH, draft=draft)
