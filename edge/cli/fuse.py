"""Verbs of rules over several sources."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json, Verbose

Config = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="The fusion's configuration, such as configs/fusion.example.yaml."),
]


@app.command()
def fuse(
    config: Config,
    broker: Annotated[
        str,
        typer.Option(
            "--broker",
            metavar="URL",
            help="This broker instead of the configured ones, such as mqtt://localhost:PORT of a box.",
        ),
    ] = "",
    verbose: Verbose = False,
) -> None:
    """Tell what cameras and sensors mean together, by the rules of CONFIG, until Ctrl-C."""
    from edge.run.wiring import fusing  # noqa: PLC0415

    fusing.fuse(config, broker, verbose)


rules = typer.Typer(
    no_args_is_help=True, help="Rules over several cameras and sensors: try them out, and why they fired."
)
app.add_typer(rules, name="rules")


@rules.command()
def check(config: Config, as_json: Json = False) -> None:
    """Try a fusion's rules out: whether they can hold, what they ask of which sources, and where."""
    from edge.run import verb_rules  # noqa: PLC0415

    verb_rules.check(config, as_json)


@rules.command()
def replay(
    config: Config,
    messages: Annotated[
        Path,
        typer.Argument(
            metavar="MESSAGES", help="Messages of boxes and gateways, one in a line, in any order."
        ),
    ],
) -> None:
    """Judge recorded messages, and print what the rules would have said; the same file, the same bytes."""
    from edge.run import verb_rules  # noqa: PLC0415

    verb_rules.replay(config, messages)


@rules.command()
def explain(
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT", help="Its id (fusion only), a file with messages, or - for standard input."
        ),
    ],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="CONFIG",
            help="Where the rule stands: the fusion's configuration, or the box's, which adds what it asks.",
        ),
    ] = None,
    revision: Annotated[
        int | None,
        typer.Option("--revision", min=0, metavar="COUNT", help="Which message of it; the last but its end."),
    ] = None,
) -> None:
    """Tell in plain words why a rule fired: which clause held, by which facts, and what was unknown.

    Of an event of a box: what was found, within which interval, by whom, how sure that is, and what the rule
    asks. A file may hold the messages of many events, as replay --events writes them: each is explained.
    """
    from edge.run import verb_explain  # noqa: PLC0415

    verb_explain.explain(event, config, revision)
