"""Every parser of what comes from outside understands or refuses, whatever comes; coverage guides."""

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fakes.damage import damaged
from tests.fuzz.targets import TARGETS, seeds

ROOT = Path(__file__).parents[2]
COPIES = 25
RUNS, LONG_S = 400, 600
needs_atheris = pytest.mark.skipif(
    find_spec("atheris") is None, reason="no atheris for this Python or machine"
)


def fuzzed(name: str, folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "tests.fuzz", name, str(folder / "corpus"), *options]
    prefix = f"-artifact_prefix={folder}/"
    done = subprocess.run([*command, prefix], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.mark.parametrize("name", TARGETS)
def test_whole_examples_are_understood(name: str) -> None:
    assert seeds(name)
    for seed in seeds(name):
        TARGETS[name](seed)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_examples_are_understood_or_refused(name: str) -> None:
    for seed in seeds(name):
        for number in range(COPIES):
            TARGETS[name](damaged(seed, random.Random(number)))


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
