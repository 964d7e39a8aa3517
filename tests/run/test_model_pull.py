import hashlib
import json
from pathlib import Path

import cv2
import pytest
import yaml
from typer.testing import CliRunner

from edge.adapters import catalogue_file
from edge.adapters.model_folder import load
from edge.cli import app
from edge.detect.coco import LABELS
from edge.run.verb_model_pull import _bundled_catalogue
from edge.values.errors import ConfigError, ModelError, SafecityError
from tests.fakes.blobs import blob_onnx, crossing
from tests.fakes.cards import CARDS
from tests.fakes.download_server import Shelf, serving
from tests.fakes.shared import ROOT

BLOBS = blob_onnx()


@pytest.fixture
def there(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("street.png", crossing(12)[:, :, ::-1])
    return tmp_path


def catalogue(url: str, /, **changes: object) -> Path:
    entry = {
        "name": "blobs",
        "url": url,
        "size_bytes": len(BLOBS),
        "sha256": hashlib.sha256(BLOBS).hexdigest(),
        "licence": "Apache-2.0",
        "source": "a test",
        "data": "none",
        "family": "ultralytics",
        "input": {"width": 64, "height": 64, "colour": "RGB", "divisor": 255, "fit": "letterbox-centre"},
        "labels": ["person", "car"],
    }
    path = Path("mine.yaml")
    path.write_text(yaml.safe_dump({"models": [{**entry, **changes}]}))
    return path


def run(*words: str | Path, file: Path) -> str:
    said = ["models", "pull", *map(str, words), "--catalogue", str(file), "--store", "store"]
    told = CliRunner().invoke(app, [*said, "--picture", "street.png"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


def refused(error: type[SafecityError], file: Path, *words: str) -> str:
    with pytest.raises(error) as caught:
        run("blobs", *words, file=file)
    assert not [path for path in Path("store").glob("*") if not path.name.startswith(".partial")]
    return str(caught.value)


def test_a_model_comes_proven_tested_and_whole(there) -> None:
    with serving(Shelf(BLOBS, stop_after=[500])) as shelf:
        told = run("blobs", "--yes", file=catalogue(shelf.url))
    assert "Apache-2.0" in told and shelf.url in told and hashlib.sha256(BLOBS).hexdigest() in told
    model = load(Path("store/blobs"))
    assert model.weights == BLOBS and model.card.self_test is not None
    assert [path.name for path in Path("store").iterdir()] == ["blobs"]


def test_nothing_is_fetched_before_somebody_agreed(there) -> None:
    with serving(Shelf(BLOBS)) as shelf:
        assert "--yes" in refused(ConfigError, catalogue(shelf.url))
        assert shelf.asked == []


def test_what_was_fetched_before_is_gone_on_with(there, monkeypatch) -> None:
    monkeypatch.setattr("edge.adapters.download.PAUSE_S", 0.0)
    with serving(Shelf(BLOBS, stop_after=[500, 0, 0, 0])) as shelf:
        file = catalogue(shelf.url)
        assert "500 of" in refused(SafecityError, file, "--yes")
        run("blobs", "--yes", file=file)
        assert shelf.asked[-1] == "bytes=500-"


def test_a_file_that_is_not_the_promised_one_is_not_installed(there) -> None:
    with serving(Shelf(BLOBS[::-1])) as shelf:
        assert "SHA-256" in refused(ModelError, catalogue(shelf.url), "--yes")
    assert list(Path("store").iterdir()) == []


def test_a_promised_file_that_is_no_detector_is_not_installed(there) -> None:
    junk = b"junk" * 100
    with serving(Shelf(junk)) as shelf:
        file = catalogue(shelf.url, size_bytes=len(junk), sha256=hashlib.sha256(junk).hexdigest())
        assert "no ONNX model" in refused(ModelError, file, "--yes")
    assert list(Path("store").iterdir()) == []


def test_an_entry_that_declares_an_embedding_is_refused(there) -> None:
    with serving(Shelf(BLOBS)) as shelf:
        told = refused(ModelError, catalogue(shelf.url, outputs=["boxes", "embedding"]), "--yes")
    assert "capability.declared-output" in told


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("url", "http://example.org/m.onnx", "https://"),
        ("url", "file:///etc/passwd", "https://"),
        ("size_bytes", 2 << 30, "at most 512 MiB"),
        ("sha256", "abc", "mine.yaml"),
        ("name", "../up", "mine.yaml"),
    ],
)
def test_a_wrong_entry_is_told_with_its_file(there, key: str, value: object, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        run("blobs", "--yes", file=catalogue("https://example.org/m.onnx", **{key: value}))


def test_the_catalogue_is_listed_and_an_unknown_name_told(there) -> None:
    file = catalogue("https://example.org/m.onnx", labels="coco")
    assert json.loads(run("--json", file=file))["name"] == "blobs"
    assert "not measured" in run(file=file)
    with pytest.raises(ModelError, match="it has blobs"):
        run("blob", "--yes", file=file)
    assert catalogue_file.load(file)[0].labels == LABELS


def test_the_bundled_catalogue_holds_what_was_measured() -> None:
    """Each entry is a file that the developers hold: same card as in bench/models, same size and digest."""
    known = {card.sha256: card for card in (_card(folder) for folder in CARDS.iterdir() if folder.is_dir())}
    for entry in catalogue_file.load(_bundled_catalogue()):
        card = entry.card()
        mine = known[card.sha256]
        assert (card.family, card.input, card.labels) == (mine.family, mine.input, mine.labels), card.name
        assert (card.thresholds, card.licence) == (mine.thresholds, mine.licence), card.name
        assert card.licence in ("Apache-2.0", "BSD-3-Clause", "MIT")
        assert entry.url.startswith("https://")
        sizes = {
            hashlib.sha256(path.read_bytes()).hexdigest(): path.stat().st_size
            for path in ROOT.glob("models/*.onnx")
        }
        assert sizes.get(card.sha256, entry.size_bytes) == entry.size_bytes


def _card(folder: Path):
    return catalogue_file.strictyaml.load(folder / "card.yaml", catalogue_file.CardFile, ModelError).card()
