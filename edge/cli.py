"""The command line: one verb per function; what a verb does stands in `edge.run`.

Law: nothing heavy is imported before the verb that needs it runs, so that `--help` answers at once and
the supervisor stays small.
"""

import json
import os
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


PARTS = "Parts that `run` starts, for running them by hand"

Config = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="The node's configuration, such as configs/node.example.yaml."),
]
Base = Annotated[
    Path | None,
    typer.Option("--base", help="Folder from which relative paths in the configuration count.", hidden=True),
]
Cameras = Annotated[
    list[str] | None,
    typer.Option("--camera", metavar="ID", help="Watch this camera; repeat for several. All unless given."),
]
Boot = Annotated[
    str, typer.Option("--boot", help="Id of this run of the box, shared by its processes.", hidden=True)
]
Supervised = Annotated[
    bool,
    typer.Option("--supervised", help="End with standard input; pulses to standard output.", hidden=True),
]
Broker = Annotated[
    str,
    typer.Option(
        "--broker",
        metavar="URL",
        help="Where the embedded broker listens, as mqtt://host:port; a running box tells it by itself. "
        "Not used where CONFIG names brokers.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what goes on.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for scripts.")]


@app.command()
def run(
    config: Config,
    tail: Annotated[
        bool, typer.Option("--tail", help="Show the events here, as a subscriber gets them.")
    ] = False,
    for_s: Annotated[
        float | None,
        typer.Option("--for", min=1, metavar="SECONDS", help="Stop after so long; on Ctrl-C unless given."),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Run the whole box: watch all cameras, publish events, restart what fails. SIGHUP reads CONFIG again."""
    from edge.run import box  # noqa: PLC0415

    sys.exit(box.run(config, tail=tail, for_s=for_s, verbose=verbose))


@app.command(rich_help_panel=PARTS)
def watch(
    config: Config,
    camera: Cameras = None,
    boot: Boot = "",
    base: Base = None,
    supervised: Supervised = False,
    verbose: Verbose = False,
) -> None:
    """Watch cameras in this process and commit their events to the outbox."""
    from edge.run.wiring import watching  # noqa: PLC0415

    watching.watch(config, base, camera or [], boot, supervised, verbose)


@app.command(rich_help_panel=PARTS)
def publish(
    config: Config,
    broker: Broker = "",
    boot: Boot = "",
    base: Base = None,
    supervised: Supervised = False,
    verbose: Verbose = False,
) -> None:
    """Send what the outbox holds to the broker, in order, until stopped."""
    from edge.run.wiring import mqtt  # noqa: PLC0415

    mqtt.publish(config, base, boot, broker, supervised, verbose)


@app.command(rich_help_panel=PARTS)
def broker(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="TCP port on loopback; 0 takes a free one.")
    ] = 1883,
    folder: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where it keeps its generated configuration.")
    ] = Path("var/broker"),
    supervised: Supervised = False,
) -> None:
    """Run the embedded broker: a Mosquitto found on this machine, else a small one in Python."""
    from edge.run.wiring import mqtt  # noqa: PLC0415

    mqtt.broker(port, folder, supervised)


@app.command()
def tail(
    config: Config,
    broker: Broker = "",
    topic: Annotated[
        str, typer.Option(metavar="FILTER", help="Topic filter; all of this node unless given.")
    ] = "",
    most: Annotated[
        int | None, typer.Option("--most", "-n", min=1, metavar="COUNT", help="Stop after so many messages.")
    ] = None,
    for_s: Annotated[
        float | None, typer.Option("--for", min=0.1, metavar="SECONDS", help="Stop after so long.")
    ] = None,
    as_json: Json = False,
    base: Base = None,
    supervised: Supervised = False,
) -> None:
    """Subscribe to what a node publishes, and print one readable line a message."""
    from edge.run import verb_tail  # noqa: PLC0415

    verb_tail.tail(config, base, broker, topic, most, for_s, as_json=as_json, supervised=supervised)


@app.command()
def check(config: Config, as_json: Json = False) -> None:
    """Look at model, cameras, broker, disk and clock without running, and say how to mend what is wrong."""
    from edge.run import verb_check  # noqa: PLC0415

    sys.exit(verb_check.check(config, as_json))


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
    as_json: Json = False,
) -> None:
    """Play CLIP through one camera's rules, faster than real time; same inputs give the same bytes."""
    from edge.run import verb_replay  # noqa: PLC0415

    verb_replay.replay(verb_replay.Request(clip, config, camera, start, events, draw, as_json))


@app.command()
def evaluate(
    where: Annotated[
        Path,
        typer.Argument(
            metavar="CLIPS",
            help="A clip with its truth beside it, or a folder of them, such as sample_videos.",
        ),
    ],
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
    as_json: Json = False,
) -> None:
    """Score clips against their exact truth: detection, tracking, counts, events, speed."""
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


@app.command()
def version(as_json: Json = False) -> None:
    """Print the version of this program and of what it stands on."""
    from edge.run import versions  # noqa: PLC0415

    found = versions.all_of(__version__)
    print(json.dumps(found) if as_json else "\n".join(f"{name:24}{number}" for name, number in found.items()))


@app.command(hidden=True)
def reference(folder: Annotated[Path, typer.Argument(metavar="FOLDER")] = Path("docs/reference")) -> None:
    """Write the pages about this command line and its exit codes."""
    from edge.run import reference as pages  # noqa: PLC0415

    pages.write(typer.main.get_group(app), folder)


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
    finally:
        _let_go_of_terminal()


def _let_go_of_terminal() -> None:
    """A terminal that was closed is no failure of this program: what it does not take any more is dropped."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """The command `safecity-edge`."""
    with _named_errors():
        app()


if __name__ == "__main__":
    main()
