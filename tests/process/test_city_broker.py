"""A real Mosquitto with the generated files and real certificates: who gets in, and what reaches whom.

Delivery is looked at, never the answer to SUBSCRIBE: a broker grants any subscription, then delivers nothing.
"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters.mosquitto_trial import Visitor
from edge.run import verb_access
from edge.run.wiring import access as wiring
from edge.values.certificate import DAY_S
from edge.values.errors import BrokerError, ConfigError
from tests.fakes.city import DAYS, PASSPHRASE, City, now_s, topic

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("city")]

QUIET_S = 0.5
EVENT = "event/plaza/occupancy"
SAID = (EVENT, "state/plaza", "status", "gap", "audit", "alarm", "footage")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One that no test changes."""
    with City(tmp_path_factory.mktemp("city")) as made:
        yield made


def heard(*visitors: Visitor) -> list[set[str]]:
    """What has arrived at each, once nothing more comes."""
    for each in visitors:
        each.listen(QUIET_S)
    return [each.heard for each in visitors]


def settled(visitor: Visitor) -> None:
    """An answer to any message means that the subscription before it stands."""
    visitor.write("anything")


def test_everybody_gets_what_is_theirs_and_nothing_else(city: City) -> None:
    names = ("box-2", "centre-1", "duty", "auditor-1", "canary")
    with city.visitor("box-1") as box:
        visitors = [city.visitor(name).__enter__() for name in names]
        other, centre, operator, auditor, canary = visitors
        for each in visitors:
            settled(each)
        for below in SAID:
            assert box.write(topic("box-1", below))
        assert centre.write(topic("box-1", "receipt"))
        box.listen(QUIET_S)
        heard(*visitors)
        for each in visitors:
            each.__exit__()
        assert box.heard == {topic("box-1", "receipt")}
        assert other.heard == set()
        assert centre.heard == {topic("box-1", below) for below in SAID}
        assert operator.heard == {topic("box-1", "state/plaza"), topic("box-1", "status")}
        assert auditor.heard == {topic("box-1", "audit")}
        assert canary.heard == set()


@pytest.mark.parametrize("name", ["box-2", "duty", "auditor-1", "canary"])
def test_nobody_writes_what_is_anothers(city: City, name: str) -> None:
    with city.visitor("centre-1") as centre, city.visitor("box-1") as box, city.visitor(name) as intruder:
        settled(centre)
        settled(box)
        for below in (*SAID, "receipt", "command/restart"):
            assert not intruder.write(topic("box-1", below)), below
        assert heard(centre, box) == [set(), set()]


def test_nobody_kicks_another_off_by_taking_its_client_id(city: City) -> None:
    with city.visitor("centre-1") as centre, city.visitor("box-1") as box:
        settled(centre)
        with city.visitor("box-2", client_id="box-1") as thief:
            settled(thief)
            assert box.write(topic("box-1", EVENT))
            assert not thief.write(topic("box-1", "alarm"))
            assert heard(centre) == [{topic("box-1", EVENT)}]


def test_without_a_certificate_of_the_authority_nobody_gets_in(city: City, tmp_path: Path) -> None:
    stranger = City(tmp_path)  # has a box-1 of its own
    alien = replace(stranger.endpoint("box-1"), url=city.url, ca_file=city.folder / "ca" / "ca.pem")
    for wrong in (alien, replace(city.endpoint("box-1"), cert_file=None, key_file=None)):
        with pytest.raises(BrokerError), Visitor(wrong):
            pass


def test_a_brokers_certificate_is_no_clients(city: City) -> None:
    own = replace(
        city.endpoint("box-1"),
        cert_file=city.server / "broker.pem",
        key_file=city.server / "broker.key",
    )
    with pytest.raises(BrokerError), Visitor(own):
        pass


def test_an_expired_certificate_is_refused(city: City) -> None:
    city.keep(
        city.folder,
        "late",
        city.authority.issue("box-3", (), DAYS, PASSPHRASE, now_s() - (DAYS + 1) * DAY_S, again=True),
    )
    with pytest.raises(BrokerError), city.visitor("late"):
        pass


@pytest.mark.parametrize(("version", "gets_in"), [("TLSv1_2", False), ("TLSv1_3", True)])
def test_older_tls_is_refused(city: City, version: str, gets_in: bool) -> None:
    context = ssl.create_default_context(cafile=city.folder / "ca" / "ca.pem")
    context.load_cert_chain(city.folder / "box-1.pem", city.folder / "box-1.key")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    try:
        with (
            socket.create_connection(("127.0.0.1", city.port)) as raw,
            context.wrap_socket(raw, server_hostname="127.0.0.1") as secured,
        ):
            assert secured.version() == "TLSv1.3"
    except ssl.SSLError:
        assert not gets_in
    else:
        assert gets_in


def test_plain_text_is_not_understood(city: City) -> None:
    plain = replace(
        city.endpoint("box-1"),
        url=f"mqtt://127.0.0.1:{city.port}",
        ca_file=None,
        cert_file=None,
        key_file=None,
    )
    with pytest.raises(BrokerError), Visitor(replace(plain, connect_s=1.0)):
        pass


def test_who_is_revoked_is_cut_off_by_the_reload_and_stays_out(tmp_path: Path) -> None:
    with City(tmp_path) as city, city.visitor("centre-1") as centre, city.visitor("box-2") as box:
        settled(centre)
        assert box.write(topic("box-2", EVENT))
        city.authority.revoke("box-2", "stolen", PASSPHRASE, now_s())
        city.install("box-2")
        city.reload()
        try:
            assert not box.write(topic("box-2", "alarm"))  # a session that lives on may nothing
        except BrokerError:
            pass  # it was cut
        with pytest.raises(BrokerError), city.visitor("box-2"):
            pass
        with city.visitor("box-1") as other:
            assert other.write(topic("box-1", EVENT))  # the others are not
        assert heard(centre) == [{topic("box-2", EVENT), topic("box-1", EVENT)}]


def test_the_canary_tells_when_a_broker_lets_everybody_in(tmp_path: Path) -> None:
    """Mosquitto 2.0 fails open when a malformed access file is reloaded."""
    with City(tmp_path) as city:
        fleet = tmp_path / "fleet.yaml"
        assert verb_access.probe(fleet, tmp_path / "pid") == 0
        broken = (city.server / "access").read_text() + "\nnonsense without meaning\n"
        (city.server / "access").write_text(broken)
        assert verb_access.probe(fleet, tmp_path / "pid") == 1
        with pytest.raises(ConfigError, match="trial"):
            wiring.prove(city.fleet(), broken)
