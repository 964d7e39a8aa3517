"""Where a call is too dear, the command that makes it cheaper is one that works."""

import shlex
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import load
from edge.cli import app
from edge.detect.card import Family
from edge.run.models import folder_of
from edge.run.smaller import STEP, WANTED_MS, cheaper, in_words
from edge.values.frame import Size

BUNDLED = Size(416, 256)


@pytest.mark.parametrize(("ms", "wanted"), [(12.4, (320, 192)), (11.7, (320, 192)), (20.0, (256, 160))])
def test_a_dear_call_gets_an_input_by_its_cost(ms: float, wanted: tuple[int, int]) -> None:
    size = cheaper(BUNDLED, ms)
    assert size == wanted and size is not None
    assert ms * size.width * size.height / (BUNDLED.width * BUNDLED.height) <= WANTED_MS
    assert size.width % STEP == size.height % STEP == 0


def test_a_cheap_call_and_one_that_no_size_mends_get_none() -> None:
    assert cheaper(BUNDLED, WANTED_MS) is None
    assert cheaper(BUNDLED, 8.1) == (384, 224)
    assert cheaper(BUNDLED, 23.0) is None and cheaper(Size(640, 512), 32.0) is None


def test_the_command_makes_the_copy(tmp_path) -> None:
    card = load(folder_of("street-nano")).card
    command = in_words(card, 12.0)
    assert command is not None
    words = shlex.split(command)[1:-2]  # the clip is the operator's
    told = CliRunner().invoke(app, [*words, "--store", str(tmp_path)], catch_exceptions=False)
    assert told.exit_code == 0 and (tmp_path / "street-nano-320x192" / "card.yaml").exists()


def test_a_model_that_cannot_be_resized_gets_no_such_advice() -> None:
    card = load(folder_of("street-nano")).card
    assert in_words(replace(card, family=Family.YOLOX), 12.0) is None
    assert in_words(card, 5.0) is None
