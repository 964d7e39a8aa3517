"""The fleet file: who there is at a broker; mistakes have a line."""

from pathlib import Path

import pytest

from edge.config.fleet import Role, load
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
    assert readers == {Role.CENTRE}
    assert {role for role, each in by_role.items() if access.may(each, False, state)} == {
        Role.CENTRE,
        Role.OPERATOR,
    }
    writers = {
        role for role, each in by_role.items() if access.may(each, True, "safecity/v1/north/box-17/receipt")
    }
    assert writers == {Role.CENTRE}
    assert access.grants(by_role[Role.CANARY]) == ()
