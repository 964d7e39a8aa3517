"""Every parser of what comes from outside, as a function of bytes that may refuse in one way and no other.

A target returns for what it understands and for what it refuses in the way that it promises; any other error
is a finding. `examples` are whole ones to begin from.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from edge.adapters.card_file import CardFile
from edge.audit import batch, head, line
from edge.config import policy, request
from edge.config.centre import Centre
from edge.config.compile import compiled
from edge.config.fleet import Fleet
from edge.config.fusion_rules import Compiler
from edge.config.fusion_schema import FusionFile
from edge.config.policy import SignaturesFile
from edge.config.policy_schema import PolicyFile
from edge.config.request import RequestFile
from edge.config.schema import Node
from edge.config.software import ReleaseFile
from edge.ground.klv import flight_of
from edge.ground.telemetry import Telemetry
from edge.messages import examples
from edge.messages.arrival import Arrival, understood
from edge.messages.command import CommandMessage, parse_command
from edge.messages.line import readable
from edge.messages.parse import ANY_MESSAGE
from edge.messages.reading import ReadingMessage, parse_reading
from edge.messages.receipt import ReceiptMessage, parse_receipt
from edge.strictyaml import parse
from edge.values.errors import ConfigError, MessageError, ModelError
from edge.values.footage_state import Trigger
from edge.values.press import Press, cameras_in
from tests.fuzz import seeds

ZONE = ZoneInfo("Asia/Tashkent")


class Form(Enum):
    """How what a target reads is written, for changes that keep it so."""

    JSON = auto()
    YAML = auto()
    SUMMED = auto()  # KLV sets, each with its checksum
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A parser.

    Attributes:
        read: it, raising `refuses` for what it refuses.
        form: of what it reads.
        model: what a document of that form is to be, for the names and words of its schema.
    """

    read: Callable[[bytes], object]
    refuses: type[Exception]
    form: Form = Form.PLAIN
    model: object = None

    @property
    def name(self) -> str:
        """How it is called."""
        return self.read.__name__

    def __call__(self, raw: bytes) -> None:
        """Read, whatever it is; raises what is a finding."""
        self.understands(raw)

    def understands(self, raw: bytes) -> bool:
        """Whether it understands this, rather than refusing it."""
        with suppress(self.refuses):
            self.read(raw)
            return True
        return False

    def examples(self) -> tuple[bytes, ...]:
        """Whole examples of what it reads."""
        return tuple(seeds.OF[self.name]())

    def schema(self) -> dict[str, object]:
        """JSON schema of its documents; empty where there is none."""
        if self.model is None:
            return {}
        known = self.model if isinstance(self.model, TypeAdapter) else TypeAdapter(self.model)
        return known.json_schema()


def commands(raw: bytes) -> None:
    parse_command(examples.command().topic, raw).frame()


def receipts(raw: bytes) -> None:
    message = parse_receipt(examples.receipt().topic, raw)
    message.receipts()
    message.covered()


def messages(raw: bytes) -> None:
    try:
        topic = ANY_MESSAGE.validate_json(raw).where()
    except ValidationError:
        topic = examples.occupancy().topic
    found = understood(topic, raw)
    if not isinstance(found, Arrival):
        raise MessageError("set aside")
    readable(found.message, ZONE)


def readings(raw: bytes) -> None:
    parse_reading(seeds.READING_TOPIC, raw).data.numbers()


def signatures(raw: bytes) -> None:
    found = batch.read(raw)
    assert raw.startswith(found.leaf[:-1])


def presses(raw: bytes) -> None:
    Press("5e" * 6, Trigger.MQTT, cameras_in(raw), "mqtt", 0)


def heads(raw: bytes) -> None:
    for each in head.parse_all(raw):
        assert head.parse(each.note()) == each


def keys(raw: bytes) -> None:
    name, key = head.parse_key(_text(raw))
    assert head.verifier_key(name, key) == _text(raw).strip()


def records(raw: bytes) -> None:
    assert line.write(line.read(raw)) == raw


def telemetry(raw: bytes) -> None:
    live = Telemetry()
    live.tell(0.0, raw)
    live.at(0.05)
    flight_of(raw)


def nodes(raw: bytes) -> None:
    compiled(parse(_text(raw), "node.yaml", Node, ConfigError))


def centres(raw: bytes) -> None:
    parse(_text(raw), "centre.yaml", Centre, ConfigError)


def fleets(raw: bytes) -> None:
    parse(_text(raw), "fleet.yaml", Fleet, ConfigError)


def fusions(raw: bytes) -> None:
    compiler = Compiler(parse(_text(raw), "fusion.yaml", FusionFile, ConfigError))
    for index in range(len(compiler.file.rules)):
        compiler.rule(index)
    if compiler.mistakes:
        raise ConfigError(str(compiler.mistakes))


def policies(raw: bytes) -> None:
    policy.parse(raw, "policy.yaml")


def approvals(raw: bytes) -> None:
    policy.parse_signatures(raw, "policy.yaml.sig")


def requests(raw: bytes) -> None:
    found = request.parse(_text(raw), "request.yaml")
    assert request.parse(found.text(), "again") == found
    found.request.to_sign()


def releases(raw: bytes) -> None:
    parse(_text(raw), "release.yaml", ReleaseFile, ConfigError)


def cards(raw: bytes) -> None:
    parse(_text(raw), "card.yaml", CardFile, ModelError).card()


def _text(raw: bytes) -> str:
    """As the readers of files decode; what is no UTF-8 they refuse before."""
    return raw.decode("utf-8", errors="replace")


TARGETS: dict[str, Target] = {
    each.name: each
    for each in (
        Target(commands, MessageError, Form.JSON, CommandMessage),
        Target(receipts, MessageError, Form.JSON, ReceiptMessage),
        Target(messages, MessageError, Form.JSON, ANY_MESSAGE),
        Target(readings, MessageError, Form.JSON, ReadingMessage),
        Target(signatures, ValueError),
        Target(presses, ValueError, Form.JSON),
        Target(heads, ValueError),
        Target(keys, ValueError),
        Target(records, ValueError, Form.JSON),
        Target(telemetry, ValueError, Form.SUMMED),
        Target(nodes, ConfigError, Form.YAML, Node),
        Target(centres, ConfigError, Form.YAML, Centre),
        Target(fleets, ConfigError, Form.YAML, Fleet),
        Target(fusions, ConfigError, Form.YAML, FusionFile),
        Target(policies, ConfigError, Form.YAML, PolicyFile),
        Target(approvals, ConfigError, Form.YAML, SignaturesFile),
        Target(requests, ConfigError, Form.YAML, RequestFile),
        Target(releases, ConfigError, Form.YAML, ReleaseFile),
        Target(cards, ModelError, Form.YAML, CardFile),
    )
}
