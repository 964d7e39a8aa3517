"""Verbs about the policy of the state."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

verbs = typer.Typer(
    help="The policy of the state: make keys, write, sign, verify, compare.", no_args_is_help=True
)
app.add_typer(verbs, name="policy")

File = Annotated[Path, typer.Argument(metavar="POLICY", help="A policy file, such as policy.yaml.")]


@verbs.command()
def init(
    file: File,
    country: Annotated[
        str, typer.Option(metavar="CODE", help="ISO 3166-1 code of the country where data stays.")
    ] = "UZ",
) -> None:
    """Write a commented policy to begin with, valid for a year; keys in it are placeholders."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.init(file, country)


@verbs.command()
def keygen(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key: the party's id in the policy.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where NAME.key goes.")] = Path(),
) -> None:
    """Make a signing key (Ed25519) for one person; the private half never touches a box."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.keygen(name, out)


@verbs.command()
def show(file: File, as_json: Json = False) -> None:
    """Tell in words what POLICY says, its hash, the fingerprint of its roots, and who signed it."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.show(file, as_json)


@verbs.command()
def sign(
    file: File,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Private key of one of the roots.")],
) -> None:
    """Add one root's signature to POLICY.sig; signatures on an earlier text are dropped."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.sign(file, key)


@verbs.command()
def verify(
    file: File,
    after: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The policy that boxes have now; none unless given.")
    ] = None,
    roots: Annotated[
        str, typer.Option(metavar="HEX", help="Fingerprint of the roots that the boxes were told.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Judge POLICY and its signatures as a box would, without a box; exit 2 says why it would refuse."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.verify(file, after, roots, as_json)


@verbs.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The policy that holds.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The policy that shall follow.")],
    as_json: Json = False,
) -> None:
    """Tell every field that differs, whether it got tighter or looser, and how many must sign."""
    from edge.run import verb_policy  # noqa: PLC0415

    verb_policy.diff(old, new, as_json)
