"""The root of the command line, to which each file beside this one adds its verbs."""

from typing import Annotated

import typer

from edge import __version__

app = typer.Typer(
    name="safecity-edge",
    help="Video analytics on the camera node: cameras in, redacted MQTT events out, footage stays here.",
    epilog="Exit status: 0 done · 1 failed · 2 configuration or command line · 3 model · 4 disk · 5 camera · "
    "6 broker · 7 sealed footage · 8 a record does not fit · 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"safecity-edge {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    pass
