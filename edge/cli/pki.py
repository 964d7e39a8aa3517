"""Verbs of certificates, and of who may what at a broker."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

verbs = typer.Typer(
    help="Certificates of a city's own authority, and a broker's access file made of the fleet file.",
    no_args_is_help=True,
)
app.add_typer(verbs, name="pki")

Folder = Annotated[Path, typer.Argument(metavar="CA", help="Folder of the authority.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the box, client or broker, such as box-17.")]
Host = Annotated[
    list[str] | None,
    typer.Option(
        "--host",
        metavar="HOST",
        help="Host name or address under which clients know this broker; repeat for several. Without it "
        "the certificate is a client's.",
    ),
]
Days = Annotated[int, typer.Option("--days", min=1, max=825, metavar="DAYS", help="How long it is good.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where NAME.pem and NAME.key go.")]
Env = Annotated[
    str, typer.Option("--passphrase-env", metavar="NAME", help="Variable that holds the passphrase.")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="File that holds the passphrase; the terminal is asked unless one of both is given.",
    ),
]
BoxConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="CONFIG",
        help="Configuration of the box or fusion: the certificate will name the key with which it signs.",
    ),
]
Fleet = Annotated[
    Path, typer.Argument(metavar="FLEET", help="The fleet file, such as deploy/mosquitto/fleet.example.yaml.")
]


@verbs.command()
def init(
    folder: Folder,
    name: Annotated[str, typer.Option(metavar="WORDS", help="What it is called.")] = "Safe City authority",
    years: Annotated[int, typer.Option(min=1, max=30, metavar="YEARS", help="How long it is good.")] = 10,
    env: Env = "",
    file: File = None,
) -> None:
    """Make an authority: its key under a passphrase, its certificate, an empty list of revoked ones."""
    from edge.run import verb_pki  # noqa: PLC0415

    verb_pki.init(folder, name, years, verb_pki.Passphrase(env, file))


@verbs.command()
def issue(
    folder: Folder,
    name: Name,
    host: Host = None,
    days: Days = 90,
    out: Out = Path(),
    env: Env = "",
    file: File = None,
    config: BoxConfig = None,
) -> None:
    """Make a key and its certificate for a client; with --host for a broker, with --config for a box here."""
    from edge.run import verb_pki  # noqa: PLC0415

    secret = verb_pki.Passphrase(env, file)
    verb_pki.issue(folder, name, tuple(host or ()), days, out, secret, config)


@verbs.command()
def csr(
    name: Name,
    out: Out = Path(),
    config: BoxConfig = None,
) -> None:
    """Make a key and a request for its certificate, on the machine where the key will stay."""
    from edge.run import verb_pki  # noqa: PLC0415

    verb_pki.csr(name, out, config)


@verbs.command()
def sign(
    folder: Folder,
    request: Annotated[Path, typer.Argument(metavar="CSR", help="The request, such as box-17.csr.")],
    host: Host = None,
    days: Days = 90,
    out: Out = Path(),
    again: Annotated[
        bool, typer.Option("--renew", help="The name has a good certificate, and this is its next one.")
    ] = False,
    env: Env = "",
    file: File = None,
) -> None:
    """Make a certificate for a request; nothing is taken from it but name and key."""
    from edge.run import verb_pki  # noqa: PLC0415

    secret = verb_pki.Passphrase(env, file)
    verb_pki.sign(folder, request, tuple(host or ()), days, out, secret, again)


@verbs.command()
def rotate(
    folder: Folder,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these; everybody unless given.")
    ] = None,
    days: Days = 90,
    out: Out = Path(),
    early: Annotated[
        bool, typer.Option("--early", help="Also those of whose life not two thirds are over.")
    ] = False,
    env: Env = "",
    file: File = None,
) -> None:
    """Make the next key and certificate of everybody whose own has lived two thirds of its life."""
    from edge.run import verb_pki  # noqa: PLC0415

    verb_pki.rotate(folder, tuple(names or ()), days, out, verb_pki.Passphrase(env, file), early)


@verbs.command()
def revoke(
    folder: Folder,
    name: Name,
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="For the index.")] = "unspecified",
    env: Env = "",
    file: File = None,
) -> None:
    """Revoke all that a name has, and renew the list for brokers."""
    from edge.run import verb_pki  # noqa: PLC0415

    verb_pki.revoke(folder, name, why, verb_pki.Passphrase(env, file))


@verbs.command()
def show(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder of an authority, or a certificate.")],
    as_json: Json = False,
) -> None:
    """Tell what an authority issued and how long it is good, or what a certificate says."""
    from edge.run import verb_pki  # noqa: PLC0415

    verb_pki.show(path, as_json)


@verbs.command()
def acl(
    fleet: Fleet,
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where mosquitto.conf and access go.")
    ] = Path(),
) -> None:
    """Write a Mosquitto's configuration and access file, after proving them in a broker of their own."""
    from edge.run import verb_access  # noqa: PLC0415

    verb_access.acl(fleet, out)


@verbs.command()
def probe(
    fleet: Fleet,
    reload: Annotated[
        Path | None,
        typer.Option(
            "--reload",
            metavar="PID_FILE",
            help="First have the Mosquitto of this process read its files again.",
        ),
    ] = None,
) -> None:
    """Log in as the canary, which may nothing; exit 1 if the broker lets it do or hear anything."""
    from edge.run import verb_access  # noqa: PLC0415

    sys.exit(verb_access.probe(fleet, reload))
