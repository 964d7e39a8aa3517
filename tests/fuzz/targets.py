"""Every parser of what comes from outside, as a function of bytes that may refuse in one way and no other.

A target returns for what it understands and for what it refuses in the way that it promises; any other error
is a finding. `seeds` are whole examples to begin from.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from edge.adapters.card_file import CardFile
from edge.audit import batch, head
from edge.config import policy, request
from edge.config.centre import Centre
from edge.config.compile import compiled
from edge.config.fleet import Fleet
from edge.config.schema import Node
from edge.messages import examples
from edge.messages.arrival import Arrival, understood
from edge.messages.channels import channels
from edge.messages.command import command_bytes, order_of, parse_command
from edge.messages.examples_of_node import ORIGIN
from edge.messages.line import readable
from edge.messages.parse import ANY_MESSAGE
from edge.messages.receipt import parse_receipt, receipt_bytes
from edge.privacy.canonical import encode
from edge.strictyaml import parse
from edge.values.command import Verb
from edge.values.errors import ConfigError, MessageError, ModelError
from edge.values.message import RedactedMessage
from edge.values.press import cameras_in
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.orders import details
from tests.fakes.policies import FakeKeys

ZONE = ZoneInfo("Asia/Tashkent")
ROOT = Path(__file__).parents[2]
Target = Callable[[bytes], None]


def commands(raw: bytes) -> None:
    with suppress(MessageError):
        parse_command(examples.command().topic, raw).frame()


def receipts(raw: bytes) -> None:
    with suppress(MessageError):
        message = parse_receipt(examples.receipt().topic, raw)
        message.receipts()
        message.covered()


def messages(raw: bytes) -> None:
    try:
        topic = ANY_MESSAGE.validate_json(raw).where()
    except ValidationError:
        topic = examples.occupancy().topic
    found = understood(topic, raw)
    if isinstance(found, Arrival):
        readable(found.message, ZONE)


def signatures(raw: bytes) -> None:
    with suppress(ValueError):
        found = batch.read(raw)
        assert raw.startswith(found.leaf[:-1])


def presses(raw: bytes) -> None:
    with suppress(ValueError):
        cameras_in(raw)


def heads(raw: bytes) -> None:
    with suppress(ValueError):
        for each in head.parse_all(raw):
            assert head.parse(each.note()) == each


def nodes(raw: bytes) -> None:
    with suppress(ConfigError):
        compiled(parse(_text(raw), "node.yaml", Node, ConfigError))


def centres(raw: bytes) -> None:
    with suppress(ConfigError):
        parse(_text(raw), "centre.yaml", Centre, ConfigError)


def fleets(raw: bytes) -> None:
    with suppress(ConfigError):
        parse(_text(raw), "fleet.yaml", Fleet, ConfigError)


def policies(raw: bytes) -> None:
    with suppress(ConfigError):
        policy.parse(raw, "policy.yaml")
    with suppress(ConfigError):
        policy.parse_signatures(raw, "policy.yaml.sig")


def requests(raw: bytes) -> None:
    with suppress(ConfigError):
        request.parse(_text(raw), "request.yaml")


def cards(raw: bytes) -> None:
    with suppress(ModelError):
        parse(_text(raw), "card.yaml", CardFile, ModelError).card()


TARGETS: dict[str, Target] = {
    each.__name__: each
    for each in (
        commands,
        receipts,
        messages,
        signatures,
        presses,
        heads,
        nodes,
        centres,
        fleets,
        policies,
        requests,
        cards,
    )
}


def seeds(name: str) -> tuple[bytes, ...]:
    """Whole examples of what a target reads."""
    return tuple(_SEEDS[name]())


def _text(raw: bytes) -> str:
    """As the readers of files decode; what is no UTF-8 they refuse before."""
    return raw.decode("utf-8", errors="replace")


def _said() -> tuple[RedactedMessage, ...]:
    return tuple(message for channel in channels() if not channel.to_node for _, message in channel.examples)


def _stamped() -> Iterable[bytes]:
    for message in _said():
        yield message.stamped(examples.BOOT, 7) if not message.topic.endswith("/status") else message.body


def _files(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(ROOT / name).read_bytes() for name in names]


def _signed() -> Iterable[bytes]:
    tail = b',"batch":"0/1/","signature":"00000000.' + b"A" * 86 + b'=="}'
    return (each[:-1] + tail for each in _stamped())


_UNSIGNED = receipt_bytes("centre-1", ORIGIN, [Receipt("boot-1", Spans(((0, 4), (7, 7))))])


def _ordered() -> Iterable[bytes]:
    """A command of each verb."""
    key = FakeKeys("officer")
    for verb in Verb:
        data = order_of(ORIGIN, verb, "officer", "5e" * 16, 1_790_000_000_000_000_000, 60) | details(verb)
        yield command_bytes(data, key)


def _notes() -> Iterable[bytes]:
    yield head.SignedHead(head.Head("safecity/r/n", 5, bytes(32)), bytes(4), bytes(64)).note()


_SEEDS: dict[str, Callable[[], Iterable[bytes]]] = {
    "commands": lambda: [examples.command().body, *_ordered()],
    "receipts": lambda: [examples.receipt().body, _UNSIGNED],
    "messages": _stamped,
    "signatures": _signed,
    "presses": lambda: [b"", encode({"cameras": ["plaza"]})],
    "heads": _notes,
    "nodes": _files("configs/node.example.yaml", "configs/demo.yaml"),
    "centres": _files("configs/centre.example.yaml"),
    "fleets": _files("deploy/mosquitto/fleet.example.yaml"),
    "policies": _files("configs/policy.example.yaml"),
    "requests": lambda: [b"request: {}\nsignatures: []\n"],
    "cards": _files("models/street-nano/card.yaml", "models/thermal-drone-nano/card.yaml"),
}
