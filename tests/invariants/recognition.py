"""Nobody is identified: no policy, configuration, command, model or environment can switch that on."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from edge.adapters import model_folder, onnx_acceptance, onnx_detector
from edge.adapters.onnx_detector import OnnxDetector
from edge.cli import app
from edge.config import policy as policies
from edge.config.load import load
from edge.detect.capability import trait_in
from edge.governance.capability import NEVER, Capability
from edge.governance.policy import StatePolicy
from edge.messages import command as commands
from edge.strictyaml.document import Document
from edge.values.command import Verb
from edge.values.errors import ConfigError, MessageError, ModelError, PolicyError
from tests.adapters.test_capability_door import DETECTOR, renamed, with_metadata
from tests.fakes.box import Box
from tests.fakes.cards import tiny_folder, tiny_model, tiny_onnx
from tests.fakes.desk import NOW_NS, ORIGIN
from tests.fakes.policies import FakeKeys, Office, a_policy
from tests.invariants.invariant import Invariant, Mutant

KEYS = ("identification", "identify", "faces", "re_identification", "recognition", "embeddings")
"""What somebody might try in a configuration, wherever a key can stand."""

AGE = frozenset({"identity", "age"})
"""The words of the options that name an age key: who may open a package, and nobody in the street."""

OF_A_PERSON = frozenset({"who somebody is", "age", "sex", "origin or belief", "mood"})
"""A landmark of a place and the pose of a camera have names that a face and a body have too."""


def refused(error: type[Exception], what: str, tries: Callable[[], object]) -> None:
    try:
        tries()
    except error:
        return
    pytest.fail(f"{what} was taken")


def nobody_is_identified(folder: Path) -> None:
    by_policy(folder / "office")
    box = Box(folder / "box")
    by_configuration(box)
    by_environment(box)
    by_command()
    by_model(folder / "models")


def by_policy(folder: Path) -> None:
    for never in NEVER:
        text = f"[detect-objects, count, {never}]"
        file = Office(folder / never).write(folder / f"{never}.yaml", allowed=text, forbidden="[]")
        refused(PolicyError, f"a policy that allows {never}", lambda file=file: policies.load(file))


def by_configuration(box: Box) -> None:
    plain = box.config.read_text()
    for key in KEYS:
        for place in ("", "detector", "camera", "rule"):
            said = json.loads(plain)
            where = {
                "": said,
                "detector": said["detector"],
                "camera": said["cameras"][0],
                "rule": said["rules"][0],
            }
            where[place][key] = True
            box.config.write_text(json.dumps(said))
            refused(ConfigError, f"{place or 'node'}.{key}", lambda: load(box.config))
    box.config.write_text(plain)


class Yes(dict[str, str]):
    """An environment in which every variable that anybody asks for says yes."""

    def __missing__(self, _: str) -> str:
        return "1"

    def get(self, key: str, _: Any = None) -> str:
        return self[key]

    def __contains__(self, _: object) -> bool:
        return True


def by_environment(box: Box) -> None:
    plain = load(box.config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", Yes(os.environ))
        node = load(box.config)
        able = [each for each in Capability if a_policy().may(each) or node.policy.may(each)]
    assert node == plain, "the environment changes the configuration"
    assert not NEVER & set(able), f"the environment allows {NEVER & set(able)}"


def by_command() -> None:
    for never in (*NEVER, *KEYS):
        said = commands.order_of(ORIGIN, Verb.HEALTH, "officer", "0" * 32, NOW_NS, 60) | {"verb": str(never)}
        sent = commands.command_bytes(said, FakeKeys("officer"))
        refused(
            MessageError,
            f"the command {never}",
            lambda sent=sent: commands.parse_command(ORIGIN.topic("command"), sent),
        )
    told = {word for word in _words(app) if trait_in(word) in OF_A_PERSON}
    assert told <= AGE, f"the command line has {told - AGE}"


def _words(group: typer.Typer) -> Iterator[str]:
    """Names of all verbs and options of the command line."""
    root = typer.main.get_command(group)
    todo: list[Any] = [root]
    while todo:
        verb = todo.pop()
        todo.extend(getattr(verb, "commands", {}).values())
        yield str(verb.name)
        for option in verb.params:
            yield from (each.lstrip("-") for each in option.opts)


def by_model(folder: Path) -> None:
    """Models that say, or do not say, that they tell more than where things are."""
    embedding = tiny_onnx(DETECTOR, np.zeros((1, 512), np.float32))
    refused(ModelError, "a second output", lambda: OnnxDetector(tiny_model(embedding)))
    pose = with_metadata(tiny_onnx(DETECTOR), task="pose")
    refused(ModelError, "a graph for poses", lambda: OnnxDetector(tiny_model(pose)))
    named = renamed(tiny_onnx(DETECTOR), "face_embedding")
    refused(ModelError, "an output called face_embedding", lambda: OnnxDetector(tiny_model(named)))
    wide = np.random.default_rng(1).normal(size=(1, 68, 84)).astype(np.float32)
    labels = tuple(f"thing {index}" for index in range(64))
    numbers = tiny_onnx(wide / np.linalg.norm(wide, axis=1))
    refused(ModelError, "an embedding as classes", lambda: OnnxDetector(tiny_model(numbers, labels=labels)))
    declared = tiny_folder(folder / "declared", tiny_onnx(DETECTOR), outputs=("boxes", "embedding"))
    refused(ModelError, "a card with an embedding", lambda: model_folder.load(declared))
    OnnxDetector(tiny_model(tiny_onnx(DETECTOR)))


def _tolerant(text: str) -> Document:
    """Unknown keys are passed over."""
    found = _read(text)
    if isinstance(found.data, dict):
        for key in KEYS:
            found.data.pop(key, None)
    return found


def _switched(policy: StatePolicy, capability: Capability) -> bool:
    return capability in policy.capabilities or os.environ.get("SAFECITY_ALLOW") == "1"


def _lenient(topic: str, payload: bytes) -> object:
    """An order that nobody knows is answered as the one that does least."""
    said = json.loads(payload)
    known = said["data"]["verb"] in set(Verb)
    return _parse(
        topic, payload if known else json.dumps(said | {"data": said["data"] | {"verb": "health"}}).encode()
    )


_read, _parse = Document.read, commands.parse_command

NOBODY_IS_IDENTIFIED = Invariant(
    "identification cannot be enabled by policy, configuration, command, model or environment",
    nobody_is_identified,
    (
        Mutant("a policy may allow all that is signed", StatePolicy, "_check_capabilities", lambda _: None),
        Mutant("unknown keys are passed over", Document, "read", _tolerant),
        Mutant("a variable allows everything", StatePolicy, "may", _switched),
        Mutant("unknown orders pass as others", commands, "parse_command", _lenient),
        Mutant("names of outputs are not read", onnx_detector, "check_names", lambda *_: None),
        Mutant("numbers are not looked at", onnx_acceptance, "check_scores", lambda *_: None),
        Mutant("cards are believed", model_folder, "check_card", lambda _: None),
    ),
)
