"""A trial of an access file: a Mosquitto of its own on loopback, and clients that try what they must not.

Law: a broker that does not start with a file, or lets one thing through or holds one back that it should
not, condemns it. What was written is judged by the broker's code, what was read by what arrives. Nobody's
certificate is needed: the trial's broker believes every name. What may be is not decided here.
"""

import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_link import Acknowledged, Lost, MqttLink, Told
from edge.values.errors import BrokerError, ConfigError

ANSWER_S = 5.0
SETTLE_S = 0.5
NOT_AUTHORISED = 0x87
PAYLOAD = b"{}"

May = Callable[[str, bool, str], bool]
"""Whether somebody of a name may write (True) to, or read from, a topic."""


class Visitor:
    """One client under a name: what it may write, and what it hears of everything."""

    def __init__(self, endpoint: MqttEndpoint) -> None:
        self.heard: set[str] = set()
        self._endpoint = endpoint
        self._link = MqttLink(endpoint, None)

    def __enter__(self) -> "Visitor":
        """Log in and ask for everything.

        Raises:
            BrokerError: the broker cannot be reached or refuses.
        """
        self._link.connect()
        self._link.subscribe("#")
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close(politely=True)

    def write(self, topic: str, retain: bool = False) -> bool:
        """Whether the broker takes a message on a topic.

        Raises:
            BrokerError: it does not say.
        """
        packet_id = self._link.publish(topic, PAYLOAD, retain)
        deadline = time.monotonic() + ANSWER_S
        while (left_s := deadline - time.monotonic()) > 0:
            for news in self._link.news(left_s):
                if isinstance(news, Acknowledged) and news.packet_id == packet_id:
                    return news.code != NOT_AUTHORISED
                self._note(news)
        raise BrokerError(f"{self._endpoint.url}: no answer to a message on {topic}")

    def listen(self, wait_s: float) -> None:
        """Note what comes within that time.

        Raises:
            BrokerError: the connection is lost.
        """
        deadline = time.monotonic() + wait_s
        while (left_s := deadline - time.monotonic()) > 0:
            for news in self._link.news(left_s):
                self._note(news)

    def _note(self, news: object) -> None:
        if isinstance(news, Told):
            self.heard.add(news.topic)
        if isinstance(news, Lost):
            raise BrokerError(f"{self._endpoint.url}: {news.why}")


def try_out(access: str, names: Collection[str], topics: Sequence[str], may: May) -> int:
    """Let everybody of `names` write to and read all `topics`; how many things were tried.

    Raises:
        ConfigError: the broker refuses the file, or does not do what `may` says; or there is no Mosquitto.
    """
    with _broker(access) as url, ExitStack() as stack:
        visitors = {
            name: stack.enter_context(Visitor(MqttEndpoint(url, name, username=name)))
            for name in sorted(names)
        }
        for name, visitor in visitors.items():
            visitor.write(f"trial/{name}")  # an answer means that the subscription before it stands
        for topic in topics:
            for name, visitor in visitors.items():
                _same(name, "write to", topic, visitor.write(topic), may(name, True, topic))
        written = [topic for topic in topics if any(may(name, True, topic) for name in names)]
        time.sleep(SETTLE_S)
        for name, visitor in visitors.items():
            visitor.listen(0.05)
            for topic in written:
                _same(name, "read", topic, topic in visitor.heard, may(name, False, topic))
    return (len(topics) + len(written)) * len(visitors)


def knock(endpoint: MqttEndpoint, topic: str, wait_s: float) -> tuple[bool, frozenset[str]]:
    """What somebody who may nothing can do: whether it can write to a topic, and what it hears of all.

    Raises:
        BrokerError: the broker cannot be reached, or refuses the certificate.
    """
    with Visitor(endpoint) as visitor:
        taken = visitor.write(topic)
        visitor.listen(wait_s)
        return taken, frozenset(visitor.heard)


@contextmanager
def _broker(access: str) -> Iterator[str]:
    """A Mosquitto with this access file that believes every name; its URL."""
    program = find_mosquitto()
    if program is None:
        raise ConfigError("an access file is proven in a Mosquitto, and there is none: apt install mosquitto")
    with tempfile.TemporaryDirectory(prefix="safecity-trial-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # a Mosquitto that root starts goes on as another user
        (folder / "access").write_text(access, encoding="utf-8")
        try:
            with EmbeddedBroker(folder, mosquitto=program, more=(f"acl_file {folder}/access",)) as broker:
                yield broker.url
        except BrokerError as failure:
            raise ConfigError(f"the access file does not stand its trial: {failure}") from failure


def _same(name: str, act: str, topic: str, did: bool, should: bool) -> None:
    if did is not should:
        found, wanted = ("can", "must not") if did else ("cannot", "must")
        raise ConfigError(
            f"the access file does not stand its trial: {name} {found} {act} {topic}, and {wanted}"
        )
