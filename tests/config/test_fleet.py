"""The fleet file: who there is at a broker; mistakes have a line."""

from pathlib import Path

import pytest

from edge.config.fleet import Member, Role, load
from edge.run import access
from edge.values.errors import ConfigError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "deploy" / "mosquitto" / "fleet.example.yaml"
GOOD = """\
probe: {url: 'mqtts://a', ca_file: ca.pem, cert_file: c.pem, key_file: c.key}
boxes:
  - {name: box-1, region: north}
clients:
  - {name: canary, role: canary}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("role: canary", "role: boss", ":5: clients.0.role: wanted"),
        ("role: canary", "role: centre", "wanted a canary"),
        ("name: canary", "name: box-1", "two boxes or clients have the id box-1"),
        ("name: box-1", "name: box-1 +", ":3: boxes.0.name: wanted 1 to 40"),
        ("region: north", "region: '#'", ":3: boxes.0.region: wanted 1 to 40"),
        ("region: north", "region: north, place: x", ":3: boxes.0.place: unknown key"),
        ("'mqtts://a'", "'mqtt://localhost'", ":1: probe.url: wanted mqtts://"),
        ("probe:", "broker: {folder: '/x y'}\nprobe:", ":1: broker.folder: wanted an absolute path"),
        ("probe:", "broker: {address: 'all'}\nprobe:", ":1: broker.address: wanted an IPv4"),
    ],
)
def test_a_mistake_is_told_with_line_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert told in str(refused.value)


def test_the_files_that_ship_are_made_of_the_example() -> None:
    fleet = load(EXAMPLE)
    assert (EXAMPLE.parent / "access").read_text() == access.access_file(fleet), "run: make reference"
    assert (EXAMPLE.parent / "mosquitto.conf").read_text() == access.configuration(fleet)


def test_roles_may_what_they_are_for_and_no_more() -> None:
    fleet = load(EXAMPLE)
    by_role = {each.role: each for each in fleet.members}
    event, state = "safecity/v1/north/box-17/event/plaza/occupancy", "safecity/v1/north/box-17/state/plaza"
    readers = {role for role, each in by_role.items() if access.may(each, False, event)}
    assert readers == {Role.CENTRE, Role.FUSION, Role.EARS}
    assert {role for role, each in by_role.items() if access.may(each, False, state)} == {
        Role.CENTRE,
        Role.OPERATOR,
        Role.FUSION,
        Role.EARS,
    }
    writers = {
        role for role, each in by_role.items() if access.may(each, True, "safecity/v1/north/box-17/receipt")
    }
    assert writers == {Role.CENTRE}
    assert access.grants(by_role[Role.CANARY]) == ()


def test_a_fusion_and_a_gateway_speak_under_their_own_names_and_nobody_elses() -> None:
    fleet = load(EXAMPLE)
    by_role = {each.role: each for each in fleet.members}

    def writers(topic: str) -> set[Role | None]:
        return {role for role, each in by_role.items() if access.may(each, True, topic)}

    assert writers("safecity/v1/north/fusion-1/fused/smoke-in-a-crowd") == {Role.FUSION}
    assert writers("safecity/v1/north/fusion-1/echo") == {Role.FUSION}
    assert writers("safecity/v1/north/fusion-2/fused/smoke-in-a-crowd") == set()
    assert writers("safecity/v1/north/gateway-3/reading/smoke-1") == {Role.GATEWAY}
    assert writers("safecity/v1/north/gateway-4/reading/smoke-1") == set()
    gateway, reading = by_role[Role.GATEWAY], "safecity/v1/north/gateway-3/reading/smoke-1"
    assert {role for role, each in by_role.items() if access.may(each, False, reading)} == {
        Role.FUSION,
        Role.EARS,
    }
    assert writers("safecity/v1/north/fusion-1-ears/echo") == {Role.EARS}
    assert [each.topics for each in access.grants(by_role[Role.EARS]) if each.write] == [
        "safecity/v1/north/fusion-1-ears/echo"
    ]
    assert not [each for each in access.grants(gateway) if not each.write]
    assert access.may(by_role[Role.CENTRE], False, "safecity/v1/north/fusion-1/fused/smoke-in-a-crowd")


@pytest.mark.parametrize(
    ("topic", "allowed"),
    [("gap", True), ("gap/more", False), ("", False), ("event/c1/occupancy", True), ("event/c1", False)],
)
def test_a_grant_ends_where_its_filter_does(topic: str, allowed: bool) -> None:
    box = Member("box-1", None, "north")
    assert access.may(box, True, f"safecity/v1/north/box-1/{topic}".rstrip("/")) is allowed


def test_ears_without_their_fusion_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(
        EXAMPLE.read_text().replace("name: fusion-1, role: fusion", "name: fusion-2, role: fusion")
    )
    with pytest.raises(ConfigError, match="fusion-1-ears hears for nobody"):
        load(path)
