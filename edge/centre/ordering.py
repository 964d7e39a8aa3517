"""Orders a box about: signs a command, sends it, and waits for the answer that the box signed.

Law: the key is read here and goes nowhere. Only an answer that `signatures` believes counts. A challenge is
signed and sent by itself, because the box whose clock is unsure asks everybody.
"""

import os
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.mqtt_collector import Heard, MqttCollector
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.centre.signatures import Signatures
from edge.messages.answer import AnswerData, AnswerMessage
from edge.messages.arrival import Arrival
from edge.messages.command import command_bytes, order_of, parse_command, topic_of
from edge.ports import Signer
from edge.privacy.canonical import JsonObject
from edge.privacy.spec import Origin
from edge.values.command import Outcome, Verb
from edge.values.errors import BrokerError, ConfigError, MessageError

LIFE_S = 60
MOST_CHALLENGES = 2
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered of whom, and how long to wait.

    Attributes:
        box: whom.
        verb: what.
        signer: who orders.
        details: what the verb's form wants beside what every command says.
        wait_s: longest time until the answer.
    """

    box: Origin
    verb: Verb
    signer: str
    details: JsonObject
    wait_s: float


def signer_in(path: Path) -> Signer:
    """The key in a file.

    Raises:
        ConfigError: there is none.
    """
    return Ed25519Signer.read(path)


def answered(
    endpoints: Sequence[MqttEndpoint],
    signatures: Signatures,
    wanted: Wanted,
    key: Signer,
    on_begun: Callable[[AnswerData], None],
) -> AnswerData:
    """What the box said; `on_begun` is told where it begins and goes on, and the end is waited for.

    Raises:
        BrokerError: no broker can be reached, or the box does not answer in time.
        ConfigError: no box would understand the command; nothing was sent.
    """
    heard: queue.Queue[Heard] = queue.Queue()
    with _connected(endpoints, wanted.box.topic("answer"), heard) as voices:
        challenge = ""
        for _ in range(1 + MOST_CHALLENGES):
            data = _data(wanted, challenge)
            payload = _checked(command_bytes(data, key), wanted)
            for voice in voices:
                voice.say(topic_of(wanted.box), payload)
            said = _awaited(heard, signatures, str(data["nonce"]), wanted)
            if said.outcome is Outcome.BEGUN:
                on_begun(said)
                return _ended(heard, signatures, said, wanted)
            if said.outcome is not Outcome.CHALLENGE or said.challenge is None:
                return said
            challenge = said.challenge
        return said


def _ended(
    heard: "queue.Queue[Heard]", signatures: Signatures, begun: AnswerData, wanted: Wanted
) -> AnswerData:
    """The answer after the one that it began, if it comes in time; else that one."""
    try:
        return _awaited(heard, signatures, begun.nonce, wanted, frozenset({Outcome.BEGUN}))
    except BrokerError:
        return begun


def _data(wanted: Wanted, challenge: str) -> JsonObject:
    nonce = os.urandom(NONCE_BYTES).hex()
    data = order_of(wanted.box, wanted.verb, wanted.signer, nonce, time.time_ns(), LIFE_S)
    return data | wanted.details | ({"challenge": challenge} if challenge else {})


def _checked(payload: bytes, wanted: Wanted) -> bytes:
    """The command, if a box would understand it; one that it would not gets no answer either.

    Raises:
        ConfigError: it would not.
    """
    try:
        parse_command(topic_of(wanted.box), payload)
    except MessageError as error:
        raise ConfigError(f"{wanted.verb} cannot be ordered like this: {error}") from error
    return payload


def _awaited(
    heard: "queue.Queue[Heard]",
    signatures: Signatures,
    nonce: str,
    wanted: Wanted,
    but: frozenset[Outcome] = frozenset(),
) -> AnswerData:
    end_s = time.monotonic() + wanted.wait_s
    while (left_s := end_s - time.monotonic()) > 0:
        with suppress(queue.Empty):
            came = heard.get(timeout=left_s)
            came.confirm()
            found = signatures.understood(came.topic, came.payload)
            message = found.message if isinstance(found, Arrival) else None
            if not isinstance(message, AnswerMessage):
                continue
            if message.data.nonce == nonce and message.data.outcome not in but:
                return message.data
    raise BrokerError(
        f"{wanted.box.region}/{wanted.box.node} did not answer within {wanted.wait_s:.0f} s: is it online, "
        f"may this name write to {topic_of(wanted.box)}, and does the box's policy name {wanted.signer} "
        "with this key?"
    )


@contextmanager
def _connected(
    endpoints: Sequence[MqttEndpoint], topic: str, heard: "queue.Queue[Heard]"
) -> Iterator[list[MqttCollector]]:
    """Connections to the brokers that can be reached, one at least."""
    with ExitStack() as stack:
        voices: list[MqttCollector] = []
        trouble: list[BrokerError] = []
        for endpoint in endpoints:
            try:
                voices.append(stack.enter_context(MqttCollector(endpoint, (topic,), heard)))
            except BrokerError as error:
                trouble.append(error)
        if not voices:
            raise trouble[0]
        yield voices
