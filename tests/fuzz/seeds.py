"""Whole examples of what each target reads; a search begins from them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from edge.audit import head, line
from edge.config.policy import signatures_text
from edge.config.request import SignedRequest
from edge.governance.acceptance import Signature
from edge.governance.request import ExportRequest
from edge.messages import examples
from edge.messages.channels import channels
from edge.messages.command import command_bytes, order_of
from edge.messages.examples_of_node import ORIGIN
from edge.messages.receipt import receipt_bytes
from edge.privacy.canonical import encode
from edge.values.audit import Action, AuditEntry
from edge.values.command import Verb
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes import klv
from tests.fakes.orders import DETAILS, details
from tests.fakes.policies import FakeKeys

ROOT = Path(__file__).parents[2]
READING_TOPIC = examples.reading().topic


def _said() -> tuple[RedactedMessage, ...]:
    """What boxes and fusions say; readings are a sensor's."""
    told = (message for channel in channels() if not channel.to_node for _, message in channel.examples)
    return tuple(message for message in told if message.topic != READING_TOPIC)


def _stamped() -> Iterable[bytes]:
    for message in _said():
        yield message.stamped(examples.BOOT, 7) if not message.topic.endswith("/status") else message.body


def _files(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(ROOT / name).read_bytes() for name in names]


def _signed() -> Iterable[bytes]:
    """Alone, and in a batch of five, where a proof has three hashes."""
    end = b',"signature":"00000000.' + b"A" * 86 + b'=="}'
    for each in _stamped():
        yield each[:-1] + end
        yield each[:-1] + b',"batch":"1/5/' + b"A" * 128 + b'"' + end
        yield each[:-1] + b',"batch":"4/5/' + b"A" * 43 + b'="}'


def _ordered() -> Iterable[bytes]:
    """A command of each verb."""
    key = FakeKeys("officer")
    yield examples.command().body
    for verb in Verb:
        data = order_of(ORIGIN, verb, "officer", "5e" * 16, 1_790_000_000_000_000_000, 60) | details(verb)
        yield command_bytes(data, key)


def _receipts() -> Iterable[bytes]:
    yield examples.receipt().body
    yield receipt_bytes("centre-1", ORIGIN, [Receipt("boot-1", Spans(((0, 4), (7, 7))))])


def _readings() -> Iterable[bytes]:
    """One of each kind."""
    first = examples.reading().body
    yield first
    for kind, said in (
        (b'"noise"', b'"db":71.5'),
        (b'"gate"', b'"entered":7,"left":3'),
        (b'"door"', b'"says":"forced"'),
    ):
        yield first.replace(b'"smoke"', kind).replace(_between(first, b'"percent_per_m"'), said)


def _between(body: bytes, key: bytes) -> bytes:
    """A key of a message with its number."""
    begin = body.index(key)
    return body[begin : begin + min(body[begin:].index(end) for end in b",}")]


def _notes() -> Iterable[bytes]:
    """One, and several with what `audit head` prints between them."""
    first = head.SignedHead(head.Head("safecity/r/n", 5, bytes(32)), bytes(4), bytes(64))
    yield first.note()
    later = replace(first, head=replace(first.head, size=10**15, root=b"\xff" * 32))
    yield b"\n".join((first.note(), b"key safecity/r/n+00\n", later.note(), b""))


def _records() -> Iterable[bytes]:
    moment = Moment(7_000, 1_790_000_000_000_000_000, ClockTrust.SYNCED)
    for action in Action:
        entry = AuditEntry(moment, "anna", action, "ab" * 32, "17/2026", "because")
        yield line.write(line.Logged(3, "cd" * 32, entry))


def _requests() -> Iterable[bytes]:
    asked = ExportRequest(**DETAILS[Verb.EXPORT]["request"])
    for signers in ((), ("officer", "guardian")):
        yield SignedRequest(asked, tuple(Signature(each, bytes(64)) for each in signers)).text().encode()


def _releases() -> Iterable[bytes]:
    said = {
        "version": "1.2.0",
        "sequence": 12,
        "issued": date(2026, 9, 1),
        "expires": date(2026, 12, 1),
        "share": 25,
        "archive": "safecity-edge-1.2.0.tar.gz",
        "size": 4_000_000,
        "sha256": "ab" * 32,
    }
    text = "".join(f"{key}: {value}\n" for key, value in said.items())
    yield text.encode()
    yield (text + f"signatures:\n- signer: anna\n  signature: {'ef' * 64}\n").encode()


OF: dict[str, Callable[[], Iterable[bytes]]] = {
    "commands": _ordered,
    "receipts": _receipts,
    "messages": _stamped,
    "readings": _readings,
    "signatures": _signed,
    "presses": lambda: [b"", b"{}", encode({"cameras": ["plaza"]}), encode({"cameras": ["a", "b-1"] * 32})],
    "heads": _notes,
    "keys": lambda: [head.verifier_key("safecity/r/n", bytes(range(32))).encode()],
    "records": _records,
    "telemetry": lambda: [
        klv.packet(1_000_000, klv.LEVEL),
        klv.packet(1_000_000, klv.LEVEL) + klv.packet(1_100_000, {13: 41.3, 14: 69.2}, long_form=True),
    ],
    "nodes": _files("configs/node.example.yaml", "configs/demo.yaml"),
    "centres": _files("configs/centre.example.yaml"),
    "fleets": _files("deploy/mosquitto/fleet.example.yaml"),
    "fusions": _files("configs/fusion.example.yaml"),
    "policies": _files("configs/policy.example.yaml"),
    "approvals": lambda: [signatures_text("ab" * 32, [Signature("officer", bytes(64))] * 2).encode()],
    "requests": _requests,
    "releases": _releases,
    "cards": _files("models/street-nano/card.yaml", "models/thermal-drone-nano/card.yaml"),
}
