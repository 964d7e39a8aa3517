"""Verbs about releases of this program: pack, sign, take one on trial, go back."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Config

verbs = typer.Typer(
    help="Updates: releases that two people sign, taken on trial, gone back from when they fail.",
    no_args_is_help=True,
)
app.add_typer(verbs, name="update")

Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder with release.json and its archive.")]
Home = Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Where the releases of this box are.")]
Restart = Annotated[
    str, typer.Option("--restart", metavar="COMMAND", help="Starts the box again as what is current then.")
]
Ring = Annotated[
    Path, typer.Option("--ring", metavar="FILE", help="Keys of those who sign; two of them must.")
]
Well = Annotated[float, typer.Option("--well", min=1, metavar="SECONDS", help="It must be well for so long.")]
Most = Annotated[float, typer.Option("--most", min=1, metavar="SECONDS", help="It fails after this.")]
Packages = Annotated[
    Path | None,
    typer.Option(
        "--packages", metavar="FOLDER", help="What `update fetch` brought; pip uses no network then."
    ),
]
RING = Path("/etc/safecity-edge/release-keys.yaml")
HOME = Path("/opt/safecity-edge")
SYSTEMD = "systemctl restart safecity-edge"


@verbs.command()
def pack(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="A release as a .tar.gz.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the bundle goes.")],
    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="What the program calls itself.")
    ],
    sequence: Annotated[
        int,
        typer.Option("--sequence", min=1, metavar="NUMBER", help="Higher than that of any release before."),
    ],
    share: Annotated[
        int,
        typer.Option("--share", min=0, max=100, metavar="PERCENT", help="Of the boxes, whose turn it is."),
    ] = 100,
) -> None:
    """Make a bundle of ARCHIVE, to be signed; good for 90 days."""
    from edge.run import verb_update  # noqa: PLC0415

    verb_update.pack(archive, out, version, sequence, share)


@verbs.command()
def sign(
    bundle: Bundle,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="NAME.key of one of the key ring.")],
) -> None:
    """Add one signature to BUNDLE; `policy keygen` makes keys."""
    from edge.run import verb_update  # noqa: PLC0415

    verb_update.sign(bundle, key)


@verbs.command()
def apply(
    bundle: Bundle,
    config: Config,
    home: Home = HOME,
    ring: Ring = RING,
    restart: Restart = SYSTEMD,
    well_s: Well = 120.0,
    most_s: Most = 600.0,
    packages: Packages = None,
) -> None:
    """Check BUNDLE, build it beside what runs, try it, and go back if the box is not as well as before."""
    from edge.run import verb_update  # noqa: PLC0415

    supply = verb_update.supply_by(packages, ())
    trial = verb_update.Trial(verb_update.restart_by(shlex.split(restart)), well_s, most_s, supply)
    sys.exit(verb_update.apply(bundle, config, home, ring, trial))


@verbs.command()
def obey(
    config: Config,
    home: Home = HOME,
    ring: Ring = RING,
    restart: Restart = SYSTEMD,
    well_s: Well = 120.0,
    most_s: Most = 600.0,
    packages: Packages = None,
    fetch_by: Annotated[
        str, typer.Option("--fetch", metavar="COMMAND", help="Brings packages into that FOLDER beforehand.")
    ] = "",
) -> None:
    """As root: take releases on trial that were ordered by `command update` and lie in HOME/bundles."""
    from edge.run import verb_update  # noqa: PLC0415

    supply = verb_update.supply_by(packages, shlex.split(fetch_by))
    trial = verb_update.Trial(verb_update.restart_by(shlex.split(restart)), well_s, most_s, supply)
    verb_update.obey(config, home, ring, trial)


@verbs.command()
def fetch(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the packages go.")],
    home: Home = HOME,
    ring: Ring = RING,
) -> None:
    """Bring the packages of the signed bundles in HOME/bundles, so that whoever installs needs no network."""
    from edge.run import verb_update_fetch  # noqa: PLC0415

    verb_update_fetch.fetch(home, ring, out)


@verbs.command()
def settle(home: Home = HOME) -> None:
    """Before the box starts: go back from a trial in whose middle the power went."""
    from edge.run import verb_update  # noqa: PLC0415

    verb_update.settle(home, None)
