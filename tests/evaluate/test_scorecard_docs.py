"""The reference page and the scorecard say the same."""

import re
from pathlib import Path

import pytest

from edge.evaluate.matching import LABELS, Matching
from edge.evaluate.score import score
from edge.evaluate.scorecard import measures
from tests.fakes.plaza import perfect, truth

PAGE = (Path(__file__).parents[2] / "docs/reference/scorecard.md").read_text(encoding="utf-8")
CARD = score([(truth(), perfect(truth()))])


def spoken(name: str) -> str:
    """The name as the table writes it: labels and kinds are said in general."""
    for label in LABELS:
        name = name.replace(f"AP50 {label}", "`AP50` *label*")
    return re.sub(r"^(line-crossing|occupancy|zone-entry) (precision|recall)$", r"*kind* `\2`", name)


@pytest.mark.parametrize("measure", measures([CARD.total]), ids=lambda m: m.name)
def test_every_line_of_the_table_is_explained(measure):
    said = spoken(measure.name)
    assert f"| {said} |" in PAGE or f"| `{said}` |" in PAGE


def test_every_key_of_the_saved_form_is_explained():
    saved = CARD.to_json()
    events = next(iter(saved["all"]["events"].values()))
    for key in (*saved, *saved["matching"], *saved["all"], *events):
        assert f"`{key}`" in PAGE


def test_every_label_and_bound_is_stated():
    assert all(f"`{label}`" in PAGE for label in LABELS)
    bounds = Matching()
    assert (bounds.least_visibility, bounds.least_height, bounds.instant_s, bounds.lasting_s) == (
        0.25,
        12 / 360,
        1,
        2,
    )
