"""The command line: one verb per function; what a verb does stands in `edge.run`.

Law: nothing heavy is imported before the verb that needs it runs, so that `--help` answers at once and
the supervisor stays small.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from edge import __version__
from edge.values.errors import SafecityError

app = typer.Typer(
    name="safecity-edge",
    help="Video analytics on the camera node: cameras in, redacted MQTT events out, footage stays here.",
    epilog="Exit status: 0 done · 1 failed · 2 configuration or command line · 3 model · 4 disk · 5 camera · "
    "6 broker · 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)

Config = Annotated[Path, typer.Argument(help="The node's configuration, such as configs/node.example.yaml.")]
Base = Annotated[
    Path | None,
    typer.Option("--base", help="Folder from which relative paths in the configuration count.", hidden=True),
]
Cameras = Annotated[
    list[str] | None, typer.Option("--camera", help="Id of a camera; repeat for several. All unless given.")
]
Boot = Annotated[
    str, typer.Option("--boot", help="Id of this run of the box, shared by its processes.", hidden=True)
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what goes on.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for scripts.")]


@app.command()
def run(
    config: Config,
    tail: Annotated[bool, typer.Option(help="Show the events here, as a subscriber gets them.")] = False,
    for_s: Annotated[
        float | None, typer.Option("--for", min=1, help="Stop after so many seconds; on Ctrl-C unless given.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Run the whole box: watch all cameras, publish events, restart what fails. SIGHUP reads CONFIG again."""
    from edge.run import box  # noqa: PLC0415

    sys.exit(box.run(config, tail=tail, for_s=for_s, verbose=verbose))


@app.command()
def watch(
    config: Config, camera: Cameras = None, boot: Boot = "", base: Base = None, verbose: Verbose = False
) -> None:
    """Watch cameras in this process and commit their events to the outbox."""
    from edge.run import wiring  # noqa: PLC0415

    wiring.watch(config, base, camera or [], boot, verbose)


@app.command()
def publish(
    config: Config,
    boot: Boot = "",
    broker: Annotated[
        str, typer.Option("--broker", help="Where the embedded broker listens.", hidden=True)
    ] = "",
    base: Base = None,
    verbose: Verbose = False,
) -> None:
    """Send what the outbox holds to the broker, in order, until stopped."""
    from edge.run import wiring_publish  # noqa: PLC0415

    wiring_publish.publish(config, base, boot, broker, verbose)


@app.command()
def version(as_json: Json = False) -> None:
    """Print the version of this program and of what it stands on."""
    from edge.run import versions  # noqa: PLC0415

    found = versions.all_of(__version__)
    print(json.dumps(found) if as_json else "\n".join(f"{name:24}{number}" for name, number in found.items()))


@contextmanager
def _named_errors() -> Iterator[None]:
    """Failures that this program names end it with one clear text and their exit status."""
    try:
        yield
    except SafecityError as failure:
        print(f"safecity-edge: {failure}", file=sys.stderr)
        sys.exit(failure.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)


def main() -> None:
    """The command `safecity-edge`."""
    with _named_errors():
        app()


if __name__ == "__main__":
    main()
