"""What the configuration names is what runs; `auto` goes by what was measured here, and replays never do."""

import logging
from pathlib import Path

import pytest

from edge.adapters.engine_cache import FILE, EngineCache
from edge.adapters.model_folder import load as load_model
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.verb_quantise import quantise
from edge.run.wiring.engines import Chosen, chosen
from edge.run.wiring.watching import detector_of, model_of
from edge.values.engine import BASE, Backend, Engine, Precision, Timing, fastest
from edge.values.errors import ConfigError, ModelError
from tests.run.test_verb_quantise import folder_of, mixed, request

OPENVINO, BF16, INT8 = (
    Engine(Backend.OPENVINO),
    Engine(Backend.OPENVINO, Precision.BF16),
    Engine(Backend.OPENVINO, Precision.INT8),
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model `blobs` and a store with its INT8 copy."""
    folder = tmp_path_factory.mktemp("models")
    quantise(request(folder, folder_of(folder / "seen", 30, mixed)))
    return folder


@pytest.fixture(autouse=True)
def store(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFECITY_MODELS", str(models / "store"))
    (models / "store" / FILE).unlink(missing_ok=True)
    return models / "store"


def node(folder: Path, detector: str = "") -> NodeSpec:
    file = folder / "node.yaml"
    file.write_text(
        f"node: a\nregion: b\nbroker: embedded\ndetector: {{model: ./blobs{detector}}}\n"
        "cameras: [{id: c, source: d.mp4}]\n"
    )
    return load(file)


def measured(models: Path, *rows: tuple[Engine, float, float | None]) -> None:
    """Keep rows of engine, ms and agreement as if `models bench` had measured them."""
    original, copy = (load_model(models / path).card.sha256 for path in ("blobs", "store/blobs-int8"))
    weights = {Precision.INT8: copy}
    timings = [Timing(e, weights.get(e.precision, original), ms, ms, same, same) for e, ms, same in rows]
    EngineCache(models / "store").keep(original, 1, timings)


def test_without_measurements_auto_is_the_base(models: Path) -> None:
    got = chosen(node(models))
    assert (got.engine, got.model.card.name) == (BASE, "blobs")
    assert "nothing measured here" in got.why


def test_auto_is_the_fastest_that_agrees(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0), (BF16, 5, 0.90), (INT8, 10, 0.95))
    got = chosen(node(models))
    assert (got.engine, got.model.card.name) == (INT8, "blobs-int8")
    assert got.why == "the fastest measured here, 10.0 ms"


def test_what_is_named_limits_the_choice(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0), (INT8, 10, 0.95))
    assert chosen(node(models, ", precision: fp32")).engine == OPENVINO
    assert chosen(node(models, ", backend: onnxruntime")).engine == BASE
    assert chosen(node(models, ", backend: openvino")).engine == INT8


def test_what_is_named_whole_is_what_runs(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0))
    got = chosen(node(models, ", backend: onnxruntime, precision: int8, threads: 2"))
    assert got.engine == Engine(Backend.ONNXRUNTIME, Precision.INT8, threads=2)
    assert (got.model.card.name, got.why) == ("blobs-int8", "as configured")


def test_another_machines_measurements_do_not_count(models: Path, caplog: pytest.LogCaptureFixture) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0))
    file = models / "store" / FILE
    file.write_text(file.read_text().replace('"cpu": "', '"cpu": "Another '))
    with caplog.at_level(logging.WARNING):
        assert chosen(node(models)).engine == BASE
    assert "measured with another cpu" in caplog.text


def test_a_replay_is_the_same_on_every_machine(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0), (INT8, 10, 0.95))
    assert model_of(node(models), measured=False).engine == BASE
    assert model_of(node(models, ", backend: openvino"), measured=False).engine == OPENVINO
    both = ", backend: openvino, precision: int8"
    assert model_of(node(models, both), measured=False).engine == INT8


def test_a_copy_that_may_not_run_here_is_not_chosen(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0), (INT8, 10, 0.95))
    original = load_model(models / "blobs").card.sha256
    assert chosen(node(models, f", allow: ['{original}']")).engine == OPENVINO
    with pytest.raises(ModelError, match=r"blobs-int8: refused by rule capability\.allow-list"):
        chosen(node(models, f", allow: ['{original}'], precision: int8"))


def test_int8_without_a_copy_names_the_remedy(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFECITY_MODELS", str(models / "empty"))
    with pytest.raises(ModelError, match="holds no INT8 copy of blobs; make one with"):
        chosen(node(models, ", precision: int8"))


def test_a_provider_is_the_bases_business(models: Path) -> None:
    measured(models, (BASE, 20, 1.0), (OPENVINO, 15, 1.0))
    assert chosen(node(models, ", provider: cuda")).engine == Engine(provider="cuda")


@pytest.mark.parametrize(
    ("detector", "wanted"),
    [
        (
            ", provider: cuda, backend: openvino",
            "cuda belongs to onnxruntime in fp32, got backend openvino",
        ),
        (", provider: cuda, precision: int8", "precision int8; leave both out"),
        (", backend: onnxruntime, precision: bf16", "onnxruntime has no bf16 on a CPU"),
        (", backend: tflite", "backend"),
    ],
)
def test_what_does_not_exist_cannot_be_configured(models: Path, detector: str, wanted: str) -> None:
    with pytest.raises(ConfigError, match=wanted):
        node(models, detector)


def test_the_chosen_engine_is_what_the_detector_runs_on(models: Path) -> None:
    spec = node(models, ", precision: int8")
    got: Chosen = model_of(spec)
    detector = detector_of(spec, got)
    assert detector.engine == Engine(Backend.ONNXRUNTIME, Precision.INT8)
    assert detector.card.sha256 == load_model(models / "store/blobs-int8").card.sha256


def test_an_untold_agreement_lets_only_the_files_own_numbers_be_chosen() -> None:
    rows = [Timing(engine, "", ms, ms, None, None) for engine, ms in ((BASE, 20), (OPENVINO, 15), (INT8, 5))]
    assert fastest(rows) == rows[1]
    assert fastest(rows, precision=Precision.INT8) is None
    assert fastest([]) is None
