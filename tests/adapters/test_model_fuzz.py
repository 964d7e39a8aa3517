"""Whatever is done to a model file, a card or a catalogue: it is a model, or a `ModelError`.

The long runs (make soak) damage real models too, in a process of their own, so that a crash is seen.
"""

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters import catalogue_file
from edge.adapters.model_folder import CARD, LoadedModel, card_of, load
from edge.adapters.model_store import ModelStore
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.onnx_look import look_at
from edge.run.verb_model_pull import _bundled_catalogue
from edge.values.errors import ModelError
from tests.fakes.blobs import blob_folder, crossing
from tests.fakes.cards import REAL, real_model
from tests.fakes.damage import damaged

SHORT, LONG = 150, 4000
BLOBS = "blobs"
STRANGE = ("-1", ".nan", "1e999", "[]", "{}", "null", "../../etc/passwd", "&a [*a]", "'", "\x00", "64x")


def survives(model: LoadedModel, seed: int) -> str:
    """What happens to one damaged copy: `refused`, or `runs` where the damage did not show."""
    body = damaged(model.weights, random.Random(seed))
    digest = hashlib.sha256(body).hexdigest()
    try:
        look_at("damaged.onnx", body)
        OnnxDetector(LoadedModel(replace(model.card, sha256=digest, self_test=None), body, None))
    except ModelError as refusal:
        assert str(refusal)
        return "refused"
    return "runs"


def model_of(name: str, folder: Path) -> LoadedModel:
    return load(blob_folder(folder / BLOBS)) if name == BLOBS else real_model(name)


def test_damaged_weights_are_refused_or_run(tmp_path) -> None:
    model = model_of(BLOBS, tmp_path)
    seen = [survives(model, seed) for seed in range(SHORT)]
    assert seen.count("refused") > SHORT // 3 and "runs" in seen


def test_damaged_weights_never_pass_for_those_of_the_card(tmp_path) -> None:
    folder = blob_folder(tmp_path / BLOBS)
    whole = (folder / "model.onnx").read_bytes()
    for seed in range(SHORT):
        body = damaged(whole, random.Random(seed))
        (folder / "model.onnx").write_bytes(body)
        if body != whole:
            with pytest.raises(ModelError, match="SHA-256"):
                load(folder)


def mangled(text: str, chance: random.Random) -> str:
    """A YAML text with lines lost, doubled, mixed up, and words of other kinds in it."""
    lines = text.splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case 2:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 3:
                lines[at] = lines[at].split(":")[0] + ": " + chance.choice(STRANGE)
            case 4:
                lines[at] = " " * chance.randrange(5) + lines[at].strip()
            case _:
                lines[at] = lines[at].replace(chance.choice("abcdeno0156"), chance.choice("xyz\t:#-é9"))
        lines = lines or ["x"]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(0, SHORT, 50))
def test_a_mangled_card_is_a_card_or_refused(tmp_path, seed: int) -> None:
    folder = blob_folder(tmp_path / BLOBS)
    text = (folder / CARD).read_text()
    refusals = 0
    for each in range(seed, seed + 50):
        (folder / CARD).write_text(mangled(text, random.Random(each)))
        try:
            card_of(folder)
            load(folder)
        except ModelError as refusal:
            refusals += 1
            assert str(folder) in str(refusal) or "refused by rule" in str(refusal)
    assert refusals > 10


def test_a_mangled_catalogue_is_one_or_refused(tmp_path) -> None:
    text, path = _bundled_catalogue().read_text(), tmp_path / "c.yaml"
    for seed in range(40):
        path.write_text(mangled(text, random.Random(seed)))
        try:
            assert catalogue_file.load(path)
        except ModelError as refusal:
            assert "c.yaml" in str(refusal)


def test_a_store_that_others_wrote_to_can_still_be_listed(tmp_path) -> None:
    good = blob_folder(tmp_path / "good")
    for name in ("file", ".hidden", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "stray.onnx").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert ModelStore(tmp_path).installed() == (good,)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [BLOBS, *REAL])
def test_thousands_of_damaged_models_crash_nothing(tmp_path, name: str) -> None:
    count = LONG if name == BLOBS else LONG // 20
    model_of(name, tmp_path)  # skips here where the file is missing
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.adapters.test_model_fuzz import model_of, survives\n"
        f"model = model_of({name!r}, Path(sys.argv[1]))\n"
        f"seen = [survives(model, 100_000 + seed) for seed in range({count})]\n"
        "print(seen.count('refused'), len(seen))"
    )
    again = tmp_path / "again"
    done = subprocess.run(
        [sys.executable, "-c", code, str(again)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-600:]}"


def test_a_running_model_does_not_care_what_becomes_of_its_folder(tmp_path) -> None:
    folder = blob_folder(tmp_path / BLOBS)
    detector = OnnxDetector(load(folder))
    before = detector.answer(crossing(12))
    for path in folder.iterdir():
        path.write_bytes(b"overwritten")
        path.unlink()
    after = detector.answer(crossing(12))
    assert (before.boxes == after.boxes).all() and len(before) > 0
