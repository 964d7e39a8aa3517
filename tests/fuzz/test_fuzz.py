"""Every parser of what comes from outside understands or refuses, whatever comes; coverage guides."""

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fakes.damage import damaged
from tests.fuzz.mutate import MOST_BYTES, mutator
from tests.fuzz.targets import TARGETS, Form, Target

ROOT = Path(__file__).parents[2]
COPIES, MADE, MADE_OF_YAML = 25, 200, 40
RUNS, LONG_S = 400, 600
needs_atheris = pytest.mark.skipif(
    find_spec("atheris") is None, reason="no atheris for this Python or machine"
)


def fuzzed(name: str, folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "tests.fuzz", name, str(folder / "corpus"), *options]
    prefix = f"-artifact_prefix={folder}/"
    done = subprocess.run([*command, prefix], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_whole_examples_are_understood(target: Target) -> None:
    assert target.examples()
    assert all(target.understands(each) for each in target.examples())


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_damaged_examples_are_understood_or_refused(target: Target) -> None:
    for example in target.examples():
        for number in range(COPIES):
            target(damaged(example, random.Random(number)))


@pytest.mark.parametrize("name", [name for name, each in TARGETS.items() if each.form is not Form.PLAIN])
def test_what_the_search_makes_of_an_example_is_read_to_its_end_or_refused(name: str) -> None:
    """Both, or it would say nothing of one of them."""
    target = TARGETS[name]
    example = min((each for each in target.examples() if len(each) > 2), key=len)
    many = MADE_OF_YAML if target.form is Form.YAML else MADE

    def made() -> list[bytes]:
        chance = random.Random(1)
        change = mutator(target, lambda raw, most: damaged(raw, chance)[:most])
        return [change(example, MOST_BYTES, number) for number in range(many)]

    assert made() == made()
    assert many // 50 < sum(map(target.understands, made())) < many * 3 // 4


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_brackets_in_brackets_are_refused(bracket: str, target: Target) -> None:
    """Wherever something calls itself for each of them."""
    target((bracket * 3000).encode())


@needs_atheris
@pytest.mark.process
def test_a_short_search_finds_nothing(tmp_path: Path) -> None:
    fuzzed("commands", tmp_path, f"-runs={RUNS}", "-seed=1")


@needs_atheris
@pytest.mark.soak
@pytest.mark.timeout(LONG_S * 2)
@pytest.mark.parametrize("name", TARGETS)
def test_ten_minutes_of_search_find_nothing(name: str, tmp_path: Path) -> None:
    fuzzed(name, tmp_path, f"-max_total_time={LONG_S}", "-timeout=25", "-rss_limit_mb=2048")


@needs_atheris
@pytest.mark.process
def test_a_search_tells_what_it_finds(tmp_path: Path) -> None:
    """Or all of the above says nothing: the search must see an error that no target promises."""
    program = tmp_path / "broken.py"
    program.write_text(
        "import sys, atheris\n"
        "def target(raw):\n"
        "    if raw[:1] == b'{': raise KeyError('found')\n"
        "atheris.Setup([sys.argv[0], *sys.argv[1:]], target)\natheris.Fuzz()\n"
    )
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "seed").write_bytes(b"{}")
    command = [
        sys.executable,
        str(program),
        "-runs=100",
        f"-artifact_prefix={tmp_path}/",
        str(tmp_path / "corpus"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "KeyError: 'found'" in done.stdout + done.stderr
