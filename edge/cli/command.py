"""The verb that orders a box about."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.options import Json
from edge.values.command import Verb


@app.command()
def command(
    verb: Annotated[
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
    ],
    box: Annotated[str, typer.Argument(metavar="REGION/NODE", help="Which box, such as north/box-17.")],
    config: Annotated[
        Path,
        typer.Option(
            "--config",
            metavar="FILE",
            help="A configuration like the centre's, with a name of its own.",
        ),
    ],
    signer: Annotated[
        str, typer.Option("--as", metavar="ID", help="Who orders: a party of the box's policy.")
    ],
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="Their private key, made by policy keygen.")
    ],
    camera: Annotated[
        list[str] | None,
        typer.Option(
            "--camera", metavar="ID", help="With panic and hold: only this camera; repeat for several."
        ),
    ] = None,
    case: Annotated[str, typer.Option("--case", metavar="NUMBER", help="With hold: of the case.")] = "",
    authority: Annotated[
        str, typer.Option("--authority", metavar="TEXT", help="With hold: who ordered it.")
    ] = "",
    review: Annotated[
        str, typer.Option("--review", metavar="DAY", help="With hold: by when somebody must decide again.")
    ] = "",
    begin: Annotated[
        str, typer.Option("--from", metavar="TIME", help="With hold: like 2026-01-31T08:00:00+05:00.")
    ] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="With hold: may lie ahead.")] = "",
    hold: Annotated[str, typer.Option("--hold", metavar="ID", help="With release: which.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="With release: why.")] = "",
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", metavar="FILE", help="With policy, mask, retention: the changed one, signed."
        ),
    ] = None,
    after: Annotated[
        Path | None,
        typer.Option("--after", metavar="FILE", help="With those: the policy that holds on the box now."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="With model: bundled, or in the box's store.")
    ] = "",
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="HEX", help="With model: of its weights; see models show.")
    ] = "",
    request: Annotated[
        Path | None,
        typer.Option("--request", metavar="FILE", help="With export: the request that two people signed."),
    ] = None,
    release: Annotated[
        Path | None,
        typer.Option("--release", metavar="FILE", help="With update: release.json of the bundle."),
    ] = None,
    wait_s: Annotated[
        float,
        typer.Option("--wait", min=1, max=3600, metavar="SECONDS", help="How long to wait for the answer."),
    ] = 20.0,
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
