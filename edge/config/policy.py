"""From a policy file to a `StatePolicy`, and its signatures beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from edge import strictyaml
from edge.config.egress import endpoint
from edge.config.fields import Id, Point, Strict
from edge.config.policy_schema import AccessFile, CameraFile, PolicyFile, RetentionFile
from edge.governance.acceptance import Signature
from edge.governance.policy import (
    TEN_THOUSAND,
    AllowedModel,
    Party,
    Polygon,
    Purpose,
    Retention,
    StatePolicy,
)
from edge.governance.rights import RIGHTS, Action
from edge.values.errors import PolicyError
from edge.values.keyholders import Role
from edge.values.policy_fault import PolicyFault
from edge.values.segment import FootageClass


class SignatureFile(Strict):
    """One line of a signature file."""

    signer: Id
    ed25519: Annotated[str, Field(pattern="^[0-9a-f]{128}$")]


class SignaturesFile(Strict):
    """`policy.yaml.sig`: detached signatures."""

    policy_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    signatures: list[SignatureFile] = Field(max_length=16)


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A policy with what was found beside it."""

    policy: StatePolicy
    signatures: tuple[Signature, ...]


def signatures_path(policy: Path) -> Path:
    """Where the signatures of a policy file are."""
    return policy.with_name(policy.name + ".sig")


def load(path: Path) -> SignedPolicy:
    """The policy in `path` with its signatures; none where there is no signature file.

    Raises:
        PolicyError: a file cannot be read or is wrong, or the policy contradicts itself.
    """
    policy = parse(text_of(path), str(path))
    beside = signatures_path(path)
    return SignedPolicy(policy, load_signatures(beside) if beside.exists() else ())


def text_of(path: Path) -> bytes:
    """The bytes of a policy file.

    Raises:
        PolicyError: it cannot be read, or is too long.
    """
    try:
        with path.open("rb") as file:
            text = file.read(strictyaml.MAX_BYTES + 1)
    except OSError as failure:
        raise PolicyError(f"{path}: the policy cannot be read: {failure.strerror}") from failure
    if len(text) > strictyaml.MAX_BYTES:
        raise PolicyError(f"{path}: wanted at most {strictyaml.MAX_BYTES} bytes, got more")
    return text


def parse(text: bytes, name: str) -> StatePolicy:
    """The policy in a file's bytes; `name` stands for the file in errors.

    Raises:
        PolicyError: they are none, or the policy contradicts itself.
    """
    decoded = _decoded(text, name)
    try:
        return _policy(strictyaml.parse(decoded, name, PolicyFile, PolicyError))
    except ValueError as failure:
        told = f"{name}: the policy contradicts itself: {failure}"
        raise PolicyError(told, PolicyFault.CONTRADICTION) from failure


def _decoded(text: bytes, name: str) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise PolicyError(f"{name}: wanted UTF-8 text") from failure


def load_signatures(path: Path) -> tuple[Signature, ...]:
    """The signatures in a file.

    Raises:
        PolicyError: it cannot be read or is none.
    """
    return parse_signatures(text_of(path), str(path))


def parse_signatures(text: bytes, name: str) -> tuple[Signature, ...]:
    """The signatures in a file's bytes; `name` stands for the file in errors.

    Raises:
        PolicyError: they are none.
    """
    file = strictyaml.parse(_decoded(text, name), name, SignaturesFile, PolicyError)
    return tuple(Signature(each.signer, bytes.fromhex(each.ed25519)) for each in file.signatures)


def signatures_text(policy_sha256: str, signatures: Sequence[Signature]) -> str:
    """A signature file, one line a signature; JSON, which is YAML too."""
    lines = ",\n".join(
        f"    {json.dumps({'signer': each.signer, 'ed25519': each.value.hex()})}" for each in signatures
    )
    return f'{{\n  "policy_sha256": "{policy_sha256}",\n  "signatures": [\n{lines}\n  ]\n}}\n'


def _policy(file: PolicyFile) -> StatePolicy:
    return StatePolicy(
        version=file.version,
        country=file.country,
        issued=file.issued,
        expires=file.expires,
        controller=file.controller,
        contact=file.contact,
        parties=tuple(Party(**party.model_dump()) for party in file.parties),
        purposes=frozenset(Purpose(each.id, each.basis) for each in file.purposes),
        cameras=None if isinstance(file.cameras, str) else _cameras(file.cameras),
        capabilities=frozenset(file.capabilities.allowed),
        forbidden=frozenset(file.capabilities.forbidden),
        models=None
        if isinstance(file.models, str)
        else frozenset(AllowedModel(each.sha256, each.name) for each in file.models),
        masks={mask.camera: frozenset(map(_polygon, mask.polygons)) for mask in file.masks},
        max_px_per_m=file.max_px_per_m,
        max_rotation_s=file.publish.max_rotation_s,
        publish_boxes=file.publish.boxes,
        publish_places_m=file.publish.places_m,
        publish_labels=None if isinstance(file.publish.labels, str) else frozenset(file.publish.labels),
        public_min_count=file.public_min_count,
        retention=_retention(file.retention),
        hold_review_days=file.hold.review_days,
        hold_before_s=file.hold.before_s,
        hold_after_s=file.hold.after_s,
        access=_access(file.access),
        egress=None if isinstance(file.egress, str) else frozenset(map(endpoint, file.egress)),
    )


def _polygon(points: Sequence[Point]) -> Polygon:
    return tuple((round(x * TEN_THOUSAND), round(y * TEN_THOUSAND)) for x, y in points)


def _cameras(listed: Sequence[CameraFile]) -> Mapping[str, frozenset[str]]:
    _once("cameras", [each.camera for each in listed])
    return {each.camera: frozenset(each.purposes) for each in listed}


def _retention(classes: Sequence[RetentionFile]) -> Mapping[FootageClass, Retention]:
    _once("retention", [each.name for each in classes])
    return {each.name: Retention(each.hours, each.basis) for each in classes}


def _access(narrowed: Sequence[AccessFile]) -> Mapping[Action, frozenset[Role]]:
    _once("access", [each.action for each in narrowed])
    return {**RIGHTS, **{each.action: frozenset(each.roles) for each in narrowed}}


def _once(what: str, names: Sequence[str]) -> None:
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{what}: {doubles[0]} stands there twice")
