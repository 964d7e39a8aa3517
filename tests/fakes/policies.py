"""Policies of a state that nobody lives in, and the people who sign them."""

import functools
import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyrage

from edge.adapters.ed25519 import Ed25519Signer
from edge.config.policy_template import template
from edge.governance import plain
from edge.governance.acceptance import Signature
from edge.governance.capability import NEVER, Capability
from edge.governance.policy import AllowedModel, Party, Purpose, Retention, StatePolicy
from edge.values.keyholders import Role
from edge.values.segment import FootageClass

TODAY = date(2026, 6, 1)
ROOTS = {
    "officer": Role.STATE_OFFICER,
    "guardian": Role.DATA_PROTECTION_OFFICER,
    "auditor": Role.AUDITOR,
}


class FakeKeys:
    """`Signer` and `Verifier` without any cryptography: a signature is a hash that anybody could make."""

    def __init__(self, name: str = "") -> None:
        self.key = hashlib.sha256(name.encode()).digest()

    def sign(self, covered: bytes) -> bytes:
        return hashlib.sha512(self.key + covered).digest()

    def verify(self, key: bytes, covered: bytes, signature: bytes) -> bool:
        return signature == hashlib.sha512(key + covered).digest()


@functools.cache
def seal_of(name: str) -> str:
    """An age recipient; the same for a name within one test run."""
    return str(pyrage.x25519.Identity.generate().to_public())


def parties(*, real: dict[str, Ed25519Signer] | None = None) -> tuple[Party, ...]:
    keys = real or {name: FakeKeys(name) for name in ROOTS}
    roots = [
        Party(name, role, f"office of the {name}", keys[name].key.hex(), seal_of(name), root=True)
        for name, role in ROOTS.items()
    ]
    return (
        *roots,
        Party("night-shift", Role.OPERATOR, "company", FakeKeys("night-shift").key.hex()),
        Party("field-service", Role.TECHNICIAN, "company"),
    )


def a_policy(**changes: Any) -> StatePolicy:
    """A policy that allows something of everything."""
    policy = StatePolicy(
        version=3,
        country="UZ",
        issued=date(2026, 1, 1),
        expires=date(2027, 1, 1),
        controller="the city",
        contact="the city's door",
        parties=parties(),
        purposes=frozenset({Purpose("safety", "law 1"), Purpose("traffic", "law 2")}),
        capabilities=frozenset({Capability.DETECT, Capability.COUNT, Capability.RECORD, Capability.EXPORT}),
        forbidden=NEVER,
        models=frozenset({AllowedModel("a" * 64, "one"), AllowedModel("b" * 64, "two")}),
        masks={"square": frozenset({((0, 0), (1000, 0), (1000, 1000))})},
        max_px_per_m=40,
        max_rotation_s=900,
        publish_boxes=True,
        publish_labels=frozenset({"person", "car"}),
        public_min_count=10,
        retention={FootageClass.ROUTINE: Retention(72, "law 8"), FootageClass.EVENT: Retention(720, "law 9")},
        hold_review_days=90,
        hold_before_s=600,
        hold_after_s=1800,
        egress=frozenset({"mqtts://broker:8883", "mqtt://127.0.0.1:1883"}),
    )
    return replace(policy, **changes)


def signed_by(policy: StatePolicy, *names: str) -> list[Signature]:
    """Signatures of these people, valid for `FakeKeys`."""
    return [Signature(name, FakeKeys(name).sign(plain.to_sign(policy))) for name in names]


class Office:
    """Three people with real keys, who write policy files and sign them by the command line's own files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.keys = {name: Ed25519Signer.fresh() for name in ROOTS}
        for name, key in self.keys.items():
            key.write(self.key_file(name))

    def key_file(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def write(self, path: Path, **changes: str) -> Path:
        """The template for any camera with these people's keys; `changes` replace first values of keys."""
        text = template("UZ", date(2026, 1, 1), date(2099, 1, 1))
        text = re.sub(r"(?m)^cameras:\n(  .*\n)+", "cameras: any\n", text)
        for name in ROOTS:
            old = text.partition(f"- id: {name}\n")[2].partition("key: ")[2][:64]
            text = text.replace(old, self.keys[name].key.hex())
        for key, value in changes.items():
            text, done = re.subn(rf"^([ -]*{key}: ).*$", rf"\g<1>{value}", text, count=1, flags=re.MULTILINE)
            assert done, f"the template has no key {key}"
        path.write_text(text, encoding="utf-8")
        return path
