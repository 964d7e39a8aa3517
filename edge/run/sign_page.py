"""The sign for the street, one A4 page for each camera: who watches, why, how long, whom to ask."""

from importlib import resources

from edge.config.spec import NodeSpec
from edge.governance.policy import StatePolicy
from edge.run.page import page, text
from edge.run.pictograms import ASK, CAMERA, HOW_LONG, WHO, WHY
from edge.run.public_words import NEVER_DOES, does, kept, spelled

ROOMY = 600
"""Letters, tags counted, that stand in large type on one page; more stand in smaller type."""


def sign(node: NodeSpec, camera: str) -> str:
    """The sign of one camera of a box."""
    style = resources.files("edge.run").joinpath("sign_style.css").read_text(encoding="utf-8")
    policy = node.policy
    recorded = node.footage is not None and camera in node.recorded
    sees = text(_sees(policy, recorded))
    top = f'<div class="top">{CAMERA}<div><h1>Camera<br>in use</h1><p>{sees}</p></div></div>'
    rows = (
        (WHO, "Who", text(policy.controller)),
        (WHY, "Why", _why(policy)),
        (HOW_LONG, "How long", _how_long(policy, recorded)),
        (ASK, "Ask or complain", text(policy.contact)),
    )
    listed = "".join(
        f"<div>{icon}<div><dt>{text(head)}</dt><dd>{said}</dd></div></div>" for icon, head, said in rows
    )
    never = "".join(f"<li>{text(words)}</li>" for words in NEVER_DOES.values())
    foot = (
        f'<div class="foot"><span>Camera {text(camera)} · {text(node.region)}/{text(node.node)}</span>'
        f"<span>Policy {policy.version} · {text(node.policy_sha256[:12])}</span></div>"
    )
    size = "sign dense" if sum(len(said) for *_, said in rows) > ROOMY else "sign"
    body = (
        f'<div class="{size}">{top}<dl>{listed}</dl>'
        f'<div class="never"><h2>This camera does not</h2><ul>{never}</ul></div>{foot}</div>\n'
    )
    return page(f"Camera in use: {camera}", style, body)


def _sees(policy: StatePolicy, recorded: bool) -> str:
    said = "It counts people and vehicles" if len(does(policy)) > 1 else "It looks for people and vehicles"
    return f"{said}, and records." if recorded else f"{said}. It does not record."


def _why(policy: StatePolicy) -> str:
    said = (
        f"{text(spelled(each.id).capitalize())} <small>({text(each.basis)})</small>"
        for each in sorted(policy.purposes)
    )
    return "<br>".join(said) or "Not told: this box stands under no policy yet"


def _how_long(policy: StatePolicy, recorded: bool) -> str:
    if not recorded:
        return "No pictures are kept."
    (_, usual, _), *longer = kept(policy)
    said = f"Recordings are sealed, and deleted after {text(usual)}"
    if longer:
        said += f"; after {text(longer[-1][1])} if an alarm or incident fell into them"
    return f"{said}. Only two offices together can open them."
