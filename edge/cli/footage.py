"""Verbs of recording, of sealed footage, and of the panic button."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from edge.cli.app import app
from edge.cli.options import PARTS, Base, Boot, Cameras, Config, Json, Supervised, Verbose

verbs = typer.Typer(
    help="Sealed footage: what is kept and why, holds, and what two people can let out.",
    no_args_is_help=True,
)
app.add_typer(verbs, name="footage")

Key = Annotated[
    Path,
    typer.Option("--key", metavar="FILE", help="Your private key (Ed25519); the policy says what you may."),
]
Case = Annotated[str, typer.Option("--case", metavar="NUMBER", help="Number of the case.")]
Request = Annotated[
    Path,
    typer.Option("--request", metavar="FILE", help="The request that two people of different roles signed."),
]
Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Where to write; nothing is overwritten.")]

WithConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="CONFIG",
        help="Configuration with the model to use, and the camera's masks.",
    ),
]
Model = Annotated[
    str,
    typer.Option(metavar="MODEL", help="Name of a model, or ./path of a model folder; --config has its own."),
]


@app.command()
def panic(
    config: Config,
    camera: Annotated[
        list[str] | None,
        typer.Option(
            "--camera", metavar="ID", help="About this camera; repeat for several. All unless given."
        ),
    ] = None,
    by: Annotated[str, typer.Option(metavar="WHO", help="Who or what presses, for the record.")] = "button",
) -> None:
    """Raise an alarm: put footage from before until after now under hold, and tell the monitoring centre."""
    from edge.run import verb_hold  # noqa: PLC0415

    verb_hold.panic(config, camera or [], by)


@verbs.command(name="list")
def listed(
    config: Config,
    camera: Annotated[str, typer.Option(metavar="ID", help="Of this camera alone.")] = "",
    as_json: Json = False,
) -> None:
    """Print every slot of ten minutes that is kept, when it expires, and which holds keep it."""
    from edge.run import verb_footage  # noqa: PLC0415

    verb_footage.listed(config, camera, as_json)


@verbs.command()
def why(
    config: Config,
    segment: Annotated[
        str,
        typer.Argument(
            metavar="SEGMENT", help="Such as plaza.20260131T080000Z.0007, or its slot without number."
        ),
    ],
) -> None:
    """Say why a segment is still here and who could see it, or why and when it went."""
    from edge.run import verb_footage  # noqa: PLC0415

    verb_footage.why(config, segment)


@verbs.command()
def check(
    config: Config,
    level: Annotated[
        Literal["names", "sizes", "hashes"], typer.Option(help="How closely files are looked at.")
    ] = "sizes",
    as_json: Json = False,
) -> None:
    """Compare catalogue, files and keys; exit 1 if anything does not fit."""
    from edge.run import verb_footage  # noqa: PLC0415

    sys.exit(verb_footage.check(config, level, as_json))


@verbs.command()
def disk(config: Config, as_json: Json = False) -> None:
    """Say how much footage there is, how much is held, and for how many days the disk will do."""
    from edge.run import verb_footage  # noqa: PLC0415

    verb_footage.disk(config, as_json)


@verbs.command()
def holds(config: Config, as_json: Json = False) -> None:
    """Print all holds, and those whose review is overdue."""
    from edge.run import verb_hold  # noqa: PLC0415

    verb_hold.holds(config, as_json)


@verbs.command()
def hold(
    config: Config,
    began: Annotated[str, typer.Option("--from", metavar="TIME", help="Such as 2026-01-31T08:00:00+05:00.")],
    ended: Annotated[str, typer.Option("--to", metavar="TIME", help="The same; may lie ahead.")],
    case: Case,
    authority: Annotated[str, typer.Option(metavar="WORDS", help="Who ordered it.")],
    key: Key,
    camera: Annotated[
        list[str] | None,
        typer.Option(
            "--camera",
            metavar="ID",
            help="This camera; repeat for several. All that are recorded unless given.",
        ),
    ] = None,
    review: Annotated[
        str,
        typer.Option(
            metavar="DAY", help="When to decide again; the latest that the policy lets unless given."
        ),
    ] = "",
) -> None:
    """Put footage under legal hold: nothing deletes it until the hold is released."""
    from edge.run import verb_hold  # noqa: PLC0415

    verb_hold.hold(config, camera or [], (began, ended), case, authority, review, key)


@verbs.command()
def release(
    config: Config,
    name: Annotated[str, typer.Argument(metavar="HOLD", help="Id of the hold.")],
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why it ends.")],
    key: Key,
) -> None:
    """End a hold; its footage is deleted when its time by policy is over."""
    from edge.run import verb_hold  # noqa: PLC0415

    verb_hold.release(config, name, reason, key)


@verbs.command()
def share(
    config: Config,
    request: Request,
    key: Key,
    out: Out,
    slot: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SLOT", help="Such as plaza.20260131T080000Z; all that the request covers unless given."
        ),
    ] = None,
) -> None:
    """Give out the box's half of footage keys for an approved request; the audit log tells it first."""
    from edge.run import verb_release  # noqa: PLC0415

    verb_release.share(config, slot or [], request, key, out)


@verbs.command(name="open")
def open_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sealed segments of one camera.")],
    request: Request,
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy that holds.")],
    share_file: Annotated[
        Path, typer.Option("--share", metavar="FILE", help="What the box gave out for this request.")
    ],
    identity: Annotated[
        list[Path],
        typer.Option("--identity", "-i", metavar="FILE", help="age identity of a keyholder; give two."),
    ],
    out: Out,
    config: WithConfig = None,
    model: Model = "street-nano",
) -> None:
    """Open the sealed footage that an approved request covers, with two keyholders' keys, off the box.

    Unless originals were agreed, a redacted copy is written and the original is in memory alone.
    """
    from edge.run import verb_release  # noqa: PLC0415
    from edge.run.wiring.opening import Sealed  # noqa: PLC0415

    verb_release.open_(Sealed(files, share_file, identity), request, policy, out, config, model)


@verbs.command()
def redact(
    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="A clip, such as footage that was opened.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The video to write; nothing is overwritten.")
    ],
    config: WithConfig = None,
    camera: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Camera of CONFIG that the clip stands for; the one whose source has its file name, or the "
            "only one, unless given.",
        ),
    ] = None,
    model: Model = "street-nano",
    fps: Annotated[
        float,
        typer.Option(min=1, max=60, metavar="NUMBER", help="Pictures per second that the detector looks at."),
    ] = 10.0,
    as_json: Json = False,
) -> None:
    """Write a copy of CLIP in which people, vehicles and all that moves are filled; nothing is blurred."""
    from edge.run import verb_redact  # noqa: PLC0415

    verb_redact.redact(verb_redact.Request(clip, out, config, camera, model, fps, as_json))


@app.command(rich_help_panel=PARTS)
def record(
    config: Config,
    camera: Cameras = None,
    boot: Boot = "",  # noqa: ARG001 (a supervisor gives it to each of its processes)
    base: Base = None,
    supervised: Supervised = False,
    verbose: Verbose = False,
) -> None:
    """Record cameras in this process, sealed, without decoding."""
    from edge.run.wiring import recorder  # noqa: PLC0415

    recorder.take_place(config, base, camera or [], supervised, verbose)


@app.command(rich_help_panel=PARTS)
def keep(
    config: Config,
    boot: Boot = "",
    base: Base = None,
    supervised: Supervised = False,
    verbose: Verbose = False,
) -> None:
    """Delete footage whose time is over, make room, place holds; the only process that deletes."""
    from edge.run.wiring import keeping  # noqa: PLC0415

    keeping.keep(config, base, boot, supervised, verbose)
