"""Verbs for models: what there is; `models_in` and `models_worth` have the others."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

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
