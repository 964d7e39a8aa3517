"""The sign for the street, one A4 page for each camera: who watches, why, how long, whom to ask."""

from collections.abc import Collection
from importlib import resources

from edge.config.spec import NodeSpec
from edge.governance.policy import StatePolicy
from edge.run.page import draft_band, page, text
from edge.run.pictograms import ASK, CAMERA, HOW_LONG, WHO, WHY
from edge.run.public_words import does, kept, never_does, purpose, purposes_of
from edge.run.tongue import Tongue

SIZES = ((600, "sign"), (1000, "sign snug"))
"""How many letters, tags counted, stand on one page in which type; more stand in the smallest."""
DENSE = "sign dense"


def sign(node: NodeSpec, camera: str, tongue: Tongue | None = None, *, draft: bool = False) -> str:
    """The sign of one camera of a box, in English unless told otherwise."""
    say = tongue or Tongue()
    style = resources.files("edge.run").joinpath("sign_style.css").read_text(encoding="utf-8")
    policy = node.policy
    recorded = node.footage is not None and camera in node.recorded
    rows = (
        (WHO, "who", text(policy.controller)),
        (WHY, "why", _why(policy, node.camera(camera).purposes, say)),
        (HOW_LONG, "how-long", text(_how_long(policy, recorded, say))),
        (ASK, "ask", text(policy.contact)),
    )
    listed = "".join(
        f"<div>{icon}<div><dt>{text(say(f'sign.{head}'))}</dt><dd>{said}</dd></div></div>"
        for icon, head, said in rows
    )
    never = "".join(f"<li>{text(words)}</li>" for words in never_does(say))
    size = _size([said for *_, said in rows], never_does(say))
    body = (draft_band(say) if draft else "") + (
        f'<div class="{size}">{_top(policy, recorded, say)}<dl>{listed}</dl>'
        f'<div class="never"><h2>{text(say("sign.never"))}</h2><ul>{never}</ul></div>'
        f"{_foot(node, camera, say)}</div>\n"
    )
    return page(f"{say('sign.head')}: {camera}", style, body, lang=say("lang"))


def _size(said: Collection[str], never: Collection[str]) -> str:
    """In which type so much stands on one page; what stands in two columns takes twice the room."""
    letters = sum(map(len, said)) + 2 * sum(map(len, never))
    return next((name for most, name in SIZES if letters <= most), DENSE)


def _top(policy: StatePolicy, recorded: bool, say: Tongue) -> str:
    sees = "counts" if len(does(policy, say)) > 1 else "looks"
    said = text(say(f"sign.{sees}-records" if recorded else f"sign.{sees}"))
    return f'<div class="top">{CAMERA}<div><h1>{text(say("sign.head"))}</h1><p>{said}</p></div></div>'


def _foot(node: NodeSpec, camera: str, say: Tongue) -> str:
    who = text(say("sign.camera", camera=camera))
    rules = text(say("sign.policy", version=node.policy.version))
    return (
        f'<div class="foot"><span>{who} · {text(node.region)}/{text(node.node)}</span>'
        f"<span>{rules} · {text(node.policy_sha256[:12])}</span></div>"
    )


def _why(policy: StatePolicy, names: Collection[str], say: Tongue) -> str:
    said = (
        f"{text(_began(purpose(each.id, say)))} <small>({text(each.basis)})</small>"
        for each in purposes_of(policy, names)
    )
    return "<br>".join(said) or text(say("sign.no-purpose"))


def _began(words: str) -> str:
    """With a capital letter first, and the others as they are."""
    return words[:1].upper() + words[1:]


def _how_long(policy: StatePolicy, recorded: bool, say: Tongue) -> str:
    if not recorded:
        return say("sign.not-kept")
    (_, usual, _), *longer = kept(policy, say)
    if longer:
        return say("sign.kept-longer", usual=usual, longer=longer[-1][1])
    return say("sign.kept", usual=usual)
