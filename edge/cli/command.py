"""The verb that orders a box about."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json
from edge.values.command import Verb

Ordered = Annotated[
    Verb,
    typer.Argument(
        metavar="VERB",
        help="health (tell how it is doing), reload (read configuration, policy and masks again), "
        "restart (all its processes), panic (put footage under hold, raise the alarm), hold and release "
        "(a hold of an authority), policy (put a changed policy in force), mask and retention (the same, "
        "where only one camera's masks or one class's hours change), model (look with another of the "
        "models that the policy names), update (take a release on trial that lies there), export (give "
        "out the box's half of footage keys), audit (leave a copy of the audit log).",
    ),
]
Box = Annotated[str, typer.Argument(metavar="REGION/NODE", help="Which box, such as north/box-17.")]
Consoles = Annotated[
    Path,
    typer.Option(
        "--config",
        metavar="FILE",
        help="A configuration like the centre's, with a name of its own.",
    ),
]
Signer = Annotated[str, typer.Option("--as", metavar="ID", help="Who orders: a party of the box's policy.")]
Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="Their private key, made by policy keygen.")]
Cameras = Annotated[
    list[str] | None,
    typer.Option("--camera", metavar="ID", help="With panic and hold: only this camera; repeat for several."),
]
Case = Annotated[str, typer.Option("--case", metavar="NUMBER", help="With hold: of the case.")]
Authority = Annotated[str, typer.Option("--authority", metavar="TEXT", help="With hold: who ordered it.")]
Review = Annotated[
    str, typer.Option("--review", metavar="DAY", help="With hold: by when somebody must decide again.")
]
Begin = Annotated[
    str, typer.Option("--from", metavar="TIME", help="With hold: like 2026-01-31T08:00:00+05:00.")
]
End = Annotated[str, typer.Option("--to", metavar="TIME", help="With hold: may lie ahead.")]
Hold = Annotated[str, typer.Option("--hold", metavar="ID", help="With release: which.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="With release: why.")]
Changed = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="With policy, mask, retention: the changed one, signed."),
]
After = Annotated[
    Path | None,
    typer.Option("--after", metavar="FILE", help="With those: the policy that holds on the box now."),
]
Model = Annotated[
    str, typer.Option("--model", metavar="NAME", help="With model: bundled, or in the box's store.")
]
Weights = Annotated[
    str, typer.Option("--sha256", metavar="HEX", help="With model: of its weights; see models show.")
]
Request = Annotated[
    Path | None,
    typer.Option("--request", metavar="FILE", help="With export: the request that two people signed."),
]
Release = Annotated[
    Path | None,
    typer.Option("--release", metavar="FILE", help="With update: release.json of the bundle."),
]
Wait = Annotated[
    float,
    typer.Option("--wait", min=1, max=3600, metavar="SECONDS", help="How long to wait for the answer."),
]


@app.command()
def command(
    verb: Ordered,
    box: Box,
    config: Consoles,
    signer: Signer,
    key: Key,
    camera: Cameras = None,
    case: Case = "",
    authority: Authority = "",
    review: Review = "",
    begin: Begin = "",
    end: End = "",
    hold: Hold = "",
    reason: Reason = "",
    policy: Changed = None,
    after: After = None,
    model: Model = "",
    sha256: Weights = "",
    request: Request = None,
    release: Release = None,
    wait_s: Wait = 20.0,
    as_json: Json = False,
) -> None:
    """Sign a command to a box, send it over the broker, and print the box's answer; exit 1 if not done."""
    from edge.centre import verb_command  # noqa: PLC0415
    from edge.centre.order_form import Filled  # noqa: PLC0415

    filled = Filled(
        tuple(camera or ()),
        case,
        authority,
        review,
        begin,
        end,
        hold,
        reason,
        policy,
        after,
        model,
        sha256,
        request,
        release,
    )
    verb_command.command(config, box, verb, signer, key, filled, wait_s, as_json)
