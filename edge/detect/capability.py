"""What a model may tell: where things are and of which kind, never who somebody is.

Law: a model is judged by what it does, not by what its card says. The card must declare boxes and nothing
else; labels, names of tensors and the graph's own task are looked at for what identifies; scores must be
probabilities, so that coordinates or an embedding cannot pass as further classes. Each refusal names its
rule. A number that was made to look like a probability cannot be told from one: that is what the list of
permitted digests is for.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from edge.detect.candidates import Tensor
from edge.detect.card import Card, Family
from edge.values.errors import ModelError

PERMITTED = "boxes"
COUNTED = "density"
"""What a density model tells: how many stand where, and nothing of any one of them."""
MOST_IN_A_CELL = 50.0
"""No more people than this have their heads in one cell of a map; larger numbers are something else."""
SLACK = 0.02
"""How far an INT8 model's probabilities lie outside 0..1, by rounding."""


class Rule(StrEnum):
    """Why a model is refused."""

    DECLARED = "capability.declared-output"
    LABELS = "capability.labels"
    NAMES = "capability.output-names"
    TASK = "capability.task"
    RANGE = "capability.score-range"
    ALLOWED = "capability.allow-list"


@dataclass(frozen=True, slots=True)
class DoorPolicy:
    """Which models may enter.

    Attributes:
        allow: SHA-256 of the weights that may be run, lower-case hexadecimal; None where any model that
            passes the other rules may.
    """

    allow: frozenset[str] | None = None

    def __post_init__(self) -> None:
        for digest in self.allow or ():
            if not re.fullmatch(r"[0-9a-f]{64}", digest):
                raise ValueError(f"an allow-list wants SHA-256 as 64 hexadecimal digits, got {digest!r}")


_TRAITS: Mapping[str, str] = {
    "who somebody is": r"embed\w*|re_?id|identit\w+|identif\w+|face_?id|person_?id|descriptor|biometr\w*",
    "points of a face or body": r"landmarks?\d*|key_?points?|kpts?|kps|pose|skeleton|nose|(left|right)_"
    r"(eye|ear|shoulder|elbow|wrist|hip|knee|ankle)",
    "age": r"ages?|child|adult|teen\w*|elderly|senior|minor|\d+_?(to|-)_?\d+_?(y|years?)?",
    "sex": r"gender|sex|male|female|man|men|woman|women|boy|girl",
    "origin or belief": r"race|ethnic\w*|nationality|religion|skin\w*",
    "mood": r"emotions?|mood|happy|sad|angry|fear\w*|disgust\w*|surprised?|expression",
    "text of a number plate": r"plate_?(text|number|char\w*)|ocr|text|chars?|characters?",
}
_TASKS = frozenset({"detect", ""})
_MOST_SINGLE_CHARACTERS = 3


def trait_in(name: str) -> str | None:
    """What a label or a name of a tensor tells about a person, in words; None if nothing."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    for trait, words in _TRAITS.items():
        if re.search(rf"(?:^|_)(?:{words})(?:_|$)", plain):
            return trait
    return None


def check_card(card: Card) -> None:
    """Refuse a card that declares more than boxes, or whose labels sort people.

    Raises:
        ModelError: it does; the text names the rule.
    """
    permitted = COUNTED if card.counts else PERMITTED
    if set(card.outputs) != {permitted}:
        wanted = f"a model that tells {permitted} and nothing else"
        raise _refused(card.name, Rule.DECLARED, wanted, ", ".join(card.outputs))
    for label in card.labels:
        if trait := trait_in(label):
            raise _refused(card.name, Rule.LABELS, "labels of things", f"{label!r}, which tells {trait}")
    single = [label for label in card.labels if len(label) == 1]
    if len(single) > _MOST_SINGLE_CHARACTERS:
        got = f"{len(single)} labels of one character, which spell the text of a number plate"
        raise _refused(card.name, Rule.LABELS, "labels of things", got)


def check_names(model: str, names: Iterable[str], task: str = "") -> None:
    """Refuse a graph whose tensors or task say that it identifies.

    Args:
        model: its name.
        names: of its outputs.
        task: as the graph's metadata say it; "" where they do not.

    Raises:
        ModelError: they do; the text names the rule.
    """
    if task not in _TASKS:
        raise _refused(model, Rule.TASK, "a graph made for the task detect", f"the task {task}")
    for name in names:
        if trait := trait_in(name):
            raise _refused(model, Rule.NAMES, "outputs that tell boxes", f"{name!r}, which tells {trait}")


def check_scores(card: Card, outputs: Sequence[Tensor]) -> None:
    """Refuse numbers that stand where probabilities should and are none.

    Args:
        card: the model's card.
        outputs: of the shapes of `edge.detect.answer.output_shapes`, finite.

    Raises:
        ModelError: a score lies outside 0..1; the text names the rule.
    """
    for scores in _SCORES[card.family](outputs):
        low, high = float(scores.min(initial=0.0)), float(scores.max(initial=0.0))
        if low < -SLACK or high > 1 + SLACK:
            raise _refused(
                card.name,
                Rule.RANGE,
                "scores of 0 to 1 for each label",
                f"numbers of {low:.3g} to {high:.3g}, which are no probabilities",
            )


def check_map(card: Card, cells: Tensor) -> None:
    """Refuse a map whose numbers cannot be people.

    Raises:
        ModelError: they are far below 0, or too many in one place; the text names the rule.
    """
    assert card.crowd is not None
    low, high = (float(edge) * card.crowd.scale for edge in (cells.min(initial=0), cells.max(initial=0)))
    if low < -1.0 or high > MOST_IN_A_CELL:
        got = f"numbers of {low:.3g} to {high:.3g}"
        raise _refused(card.name, Rule.RANGE, f"0 to {MOST_IN_A_CELL:g} people in a cell", got)


def check_allowed(policy: DoorPolicy, name: str, sha256: str) -> None:
    """Refuse weights that are not on the list of those permitted.

    Raises:
        ModelError: there is such a list, and they are not on it.
    """
    if policy.allow is not None and sha256 not in policy.allow:
        raise _refused(
            name, Rule.ALLOWED, f"one of the {len(policy.allow)} permitted SHA-256", f"weights of {sha256}"
        )


def _refused(model: str, rule: Rule, wanted: str, got: str) -> ModelError:
    return ModelError(f"{model}: refused by rule {rule}: wanted {wanted}, got {got}; {_MEND[rule]}")


_ANOTHER = "a box takes only models that cannot identify anybody (docs/operator/models.md): use another"
_MEND: Mapping[Rule, str] = {
    **dict.fromkeys(Rule, _ANOTHER),
    Rule.ALLOWED: "add the digest to detector.allow if this model may run here",
    Rule.RANGE: "correct family and labels in the card; if they are right, these numbers are points or an "
    "embedding, and the model may not run here",
}


_SCORES: Mapping[Family, Callable[[Sequence[Tensor]], tuple[Tensor, ...]]] = {
    Family.YOLOX: lambda outputs: (outputs[0][..., 4:],),
    Family.ULTRALYTICS: lambda outputs: (outputs[0][:, 4:],),
    Family.ULTRALYTICS_END2END: lambda outputs: (outputs[0][..., 4], _fraction(outputs[0][..., 5])),
    Family.DEIM: lambda outputs: (outputs[2],),
    Family.NANODET: lambda outputs: tuple(outputs[:3]),
    Family.FASTESTDET: lambda outputs: (outputs[0][:, :1], outputs[0][:, 5:]),
}


def _fraction(classes: Tensor) -> Tensor:
    """How far class numbers are from whole ones, made large, so that 0.01 is too far."""
    far: Tensor = np.abs(classes - np.round(classes)) * 200.0
    return far
