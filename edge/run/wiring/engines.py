"""Wiring of the choice: which model file runs, on which engine, and why.

Law: what the configuration names is what runs, or an error. Only what it leaves to `auto` is chosen here, by
what `models bench` measured on this machine; with nothing measured, it is the base that every box has.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from edge.adapters import model_folder
from edge.adapters.engine_cache import EngineCache
from edge.adapters.model_folder import LoadedModel
from edge.adapters.model_store import ModelStore
from edge.config.spec import DetectorSpec, NodeSpec
from edge.detect.capability import check_allowed
from edge.detect.card import Card
from edge.run.models import folder_of, store_folder
from edge.run.parts import check_permitted
from edge.values.engine import Backend, Engine, Precision, Timing, fastest
from edge.values.errors import ModelError


@dataclass(frozen=True, slots=True)
class Chosen:
    """What runs.

    Attributes:
        model: the configured one, or its INT8 copy.
        engine: what runs it.
        why: for people.
    """

    model: LoadedModel
    engine: Engine
    why: str


def chosen(node: NodeSpec, *, measured: bool = True) -> Chosen:
    """The model and engine of a configuration.

    Args:
        node: the box.
        measured: whether `auto` goes by measurements of this machine; a replay must not depend on them.

    Raises:
        ModelError: the model, or the INT8 copy that is wanted, is missing, damaged, or may not run here.
    """
    spec = node.detector
    original = model_folder.load(folder_of(spec.model))
    copies = [] if _may_not_be_int8(spec) else copies_of(original)
    found = _fastest(node, original, copies) if measured and _leaves_a_choice(spec) else None
    engine, why = _fallback(spec, measured=measured)
    if found is not None:
        engine, why = found.engine, f"the fastest measured here, {found.median_ms:.1f} ms"
    model = original if engine.precision is not Precision.INT8 else _int8(original, copies)
    check_allowed(spec.door, model.card.name, model.card.sha256)
    check_permitted(node.policy, model.card)
    return Chosen(model, engine, why)


def copies_of(model: LoadedModel, store: Path | None = None) -> list[tuple[Path, Card]]:
    """Folders and cards of the INT8 copies of a model in the store; what is broken there is none."""
    found = []
    for folder in ModelStore(store or store_folder()).installed():
        with suppress(ModelError):
            card, _ = model_folder.card_of(folder)
            if card.quantised is not None and card.quantised.of == model.card.sha256:
                found.append((folder, card))
    return found


def _fastest(node: NodeSpec, original: LoadedModel, copies: Sequence[tuple[Path, Card]]) -> Timing | None:
    """What was measured here as fastest, of what the node may run."""
    spec = node.detector
    cards = (original.card, *(card for _, card in copies))
    permitted = {card.sha256 for card in cards if _permitted(node, card)}
    timings = EngineCache(store_folder()).timings(original.card.sha256, spec.threads)
    return fastest((each for each in timings if each.weights in permitted), spec.backend, spec.precision)


def _leaves_a_choice(spec: DetectorSpec) -> bool:
    return spec.provider == "cpu" and None in (spec.backend, spec.precision)


def _may_not_be_int8(spec: DetectorSpec) -> bool:
    return spec.provider != "cpu" or spec.precision in (Precision.FP32, Precision.BF16)


def _permitted(node: NodeSpec, card: Card) -> bool:
    try:
        check_allowed(node.detector.door, card.name, card.sha256)
        check_permitted(node.policy, card)
    except ModelError:
        return False
    return True


def _fallback(spec: DetectorSpec, *, measured: bool) -> tuple[Engine, str]:
    """The engine where nothing was measured, or nothing is to be chosen; and why."""
    likely = Backend.OPENVINO if spec.precision is Precision.BF16 else Backend.ONNXRUNTIME
    engine = Engine(spec.backend or likely, spec.precision or Precision.FP32, spec.provider, spec.threads)
    if not _leaves_a_choice(spec):
        return engine, "as configured"
    if not measured:
        return engine, "the same on every machine"
    return engine, "nothing measured here; safecity-edge models bench may find a faster one"


def _int8(original: LoadedModel, copies: Sequence[tuple[Path, Card]]) -> LoadedModel:
    """The INT8 copy of a model, or the model itself if it is one.

    Raises:
        ModelError: there is none.
    """
    if original.card.quantised is not None:
        return original
    if not copies:
        raise ModelError(
            f"detector.precision: wanted int8, and the store {store_folder()} holds no INT8 copy of "
            f"{original.card.name}; make one with safecity-edge models quantise"
        )
    return model_folder.load(copies[0][0])
