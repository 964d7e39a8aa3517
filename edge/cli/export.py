"""Verbs that ask for footage, and that pack and verify evidence."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json

export = typer.Typer(help="Ask for footage: two people of different roles sign.", no_args_is_help=True)
evidence = typer.Typer(help="Packages of evidence: make one, verify one offline.", no_args_is_help=True)
app.add_typer(export, name="export")
app.add_typer(evidence, name="evidence")

Request = Annotated[Path, typer.Argument(metavar="REQUEST", help="The request, such as case-17.json.")]
Policy = Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy that holds.")]
Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="Private key of who signs.")]
Package = Annotated[Path, typer.Argument(metavar="PACKAGE", help="The new package.")]
Approved = Annotated[Path, typer.Option(metavar="FILE", help="The approved request.")]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="On the box: its configuration; the package is entered in its log."),
]
Audit = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Off the box: a copy of its audit folder.")
]
Opened = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Opened footage; only where originals were agreed. Repeatable."),
]
SealedFiles = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Sealed footage, opened in memory: a redacted copy is packed unless originals were agreed. "
        "Repeatable.",
    ),
]
Share = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="For --sealed: what the box gave out for this request."),
]
Identities = Annotated[
    list[Path] | None,
    typer.Option(
        "--identity", "-i", metavar="FILE", help="For --sealed: age identity of a keyholder; give two."
    ),
]
Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL", help="For --sealed: who looks for people and vehicles; --config has its own."
    ),
]


@export.command("request")
def request_(
    file: Request,
    case: Annotated[str, typer.Option(metavar="NUMBER", help="The only case it is good for.")],
    node: Annotated[str, typer.Option(metavar="REGION/NODE", help="The box.")],
    camera: Annotated[str, typer.Option(metavar="ID", help="One of its cameras.")],
    begin: Annotated[str, typer.Option("--from", metavar="UTC", help="Such as 2026-11-25T20:00:00Z.")],
    end: Annotated[str, typer.Option("--to", metavar="UTC", help="Such as 2026-11-25T20:10:00Z.")],
    purpose: Annotated[str, typer.Option(metavar="ID", help="One of the policy's purposes.")],
    recipient: Annotated[str, typer.Option(metavar="AGE1", help="age recipient who can open the package.")],
    expires: Annotated[str, typer.Option(metavar="UTC", help="Until when it is good.")],
    policy: Policy,
    key: Key,
    original: Annotated[
        bool,
        typer.Option("--original", help="Ask for unredacted pictures; both must be allowed to."),
    ] = False,
) -> None:
    """Write a request and sign it as the one who asks."""
    from edge.run import verb_export, verb_export_form  # noqa: PLC0415

    form = verb_export_form.form(
        case, node, camera, begin, end, purpose, recipient, expires, policy, original=original
    )
    verb_export.request(file, form, policy, key)


@export.command()
def approve(file: Request, policy: Policy, key: Key) -> None:
    """Sign a request as the second person, of another role."""
    from edge.run import verb_export  # noqa: PLC0415

    verb_export.approve(file, policy, key)


@export.command()
def show(file: Request, policy: Policy) -> None:
    """Tell what is asked for; exit 2 says why nothing may leave."""
    from edge.run import verb_export  # noqa: PLC0415

    verb_export.show(file, policy)


@evidence.command()
def pack(
    package: Package,
    request: Approved,
    policy: Policy,
    key: Key,
    config: Config = None,
    audit: Audit = None,
    footage: Opened = None,
    sealed: SealedFiles = None,
    share: Share = None,
    identity: Identities = None,
    model: Model = "street-nano",
) -> None:
    """Make a package of an approved request, sealed to its recipient."""
    from edge.run import verb_export  # noqa: PLC0415
    from edge.run.wiring.opening import Sealed  # noqa: PLC0415

    if bool(sealed) != (share is not None):
        raise typer.BadParameter("wanted --sealed, --share and two --identity together")
    unopened = Sealed(sealed, share, identity or []) if sealed and share else None
    verb_export.pack(
        verb_export.Packing(package, request, policy, audit, config, key, footage or [], unopened, model)
    )


@evidence.command()
def verify(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help="A package of evidence.")],
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The recipient's age identity.")
    ] = None,
    roots: Annotated[str, typer.Option(metavar="HEX", help="Fingerprint of the policy's roots.")] = "",
    log_key: Annotated[
        str, typer.Option("--log-key", metavar="KEY", help="Verifier key of the box's audit log.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Judge a package offline; exit 8 names the first file that is not what was packed."""
    from edge.run import verb_export  # noqa: PLC0415

    verb_export.verify(package, identity, roots, log_key, as_json)
