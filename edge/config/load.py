"""From a file to a compiled `NodeSpec`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from edge import strictyaml
from edge.config import ordered_model, policy, schema, stricter, whole
from edge.config.compile import Compiler, resolved
from edge.config.ordered_model import OrderedModel
from edge.config.spec import NodeSpec, PolicyRef
from edge.governance.built_in import BUILT_IN
from edge.governance.policy import StatePolicy
from edge.values.errors import ConfigError


def load(path: Path, base: Path | None = None, amend: Callable[[object], object] | None = None) -> NodeSpec:
    """The configuration in `path`, compiled; relative paths in it count from `base`, or from its folder.

    A policy that came as a command and is newer than the file is taken instead of it, and so is a model that
    was ordered instead of the file's. A copy that a running box made for its parts has a copy of the policy
    beside it, and of the order, which are taken before both. `amend` changes what the file says before it is
    judged.

    Raises:
        ConfigError: it cannot be read, is wrong, or allows what its policy does not; the text names file,
            line, key, wanted and got.
        PolicyError: its policy cannot be read or contradicts itself. Signatures are not judged here.
    """
    read = strictyaml.read(path, schema.Node, ConfigError, amend, whole.mistakes)
    folder = (base or path.parent).resolve()
    if read.model.policy is None:
        return _within(read, folder, BUILT_IN, None)
    data_dir = resolved(folder, read.model.data_dir)
    copy = policy_beside(path)
    file = copy if copy.exists() else (folder / Path(read.model.policy.file).expanduser()).resolve()
    signed = policy.load(file)
    ordered = None if copy.exists() else last_ordered(data_dir)
    if ordered is not None and (told := policy.load(ordered)).policy.version > signed.policy.version:
        file, signed = ordered, told
    ref = PolicyRef(file, read.model.policy.roots, signed.signatures)
    named = read.model.detector.model
    beside = ordered_model.model_beside(path)
    looks = ordered_model.read(beside) if copy.exists() else ordered_model.in_force(data_dir, named)
    return _within(read, folder, signed.policy, ref, looks)


def configured_model(path: Path) -> str:
    """The model that the configuration in `path` itself names.

    Raises:
        ConfigError: it cannot be read, or is wrong.
    """
    return strictyaml.load(path, schema.Node, ConfigError).detector.model


def check_under(path: Path, base: Path | None, state: StatePolicy) -> None:
    """Pass in silence if the configuration in `path` would do under another policy of the state.

    Raises:
        ConfigError: it allows what that policy does not.
    """
    read = strictyaml.read(path, schema.Node, ConfigError)
    _within(read, (base or path.parent).resolve(), state, None)


def _within(
    read: strictyaml.Read[schema.Node],
    folder: Path,
    state: StatePolicy,
    ref: PolicyRef | None,
    looks: OrderedModel | None = None,
) -> NodeSpec:
    if beyond := stricter.mistakes(read.model, state):
        raise ConfigError(read.refusal(beyond))
    if looks is None:
        return Compiler(read.model, folder, state, ref).node()
    detector = read.model.detector.model_copy(update={"model": looks.model})
    node = Compiler(read.model.model_copy(update={"detector": detector}), folder, state, ref).node()
    return replace(node, ordered_model=looks)


def policy_beside(config: Path) -> Path:
    """Where the copy of a policy is that belongs to a copy of a configuration."""
    return config.with_suffix(".policy.yaml")


def ordered_folder(data_dir: Path) -> Path:
    """Where the policies are that came as commands."""
    return data_dir / "policy"


def last_ordered(data_dir: Path) -> Path | None:
    """The newest policy that came as a command; None where none ever did."""
    found = ordered_folder(data_dir).glob("ordered-*.yaml")
    return max(found, default=None, key=lambda file: file.name)
