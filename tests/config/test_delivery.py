"""When a message has arrived: as it is written, else as it can be known whether there is a centre."""

import re
from pathlib import Path

import pytest

from edge.config import fusion
from edge.config.load import load
from edge.config.spec import BrokerSpec
from edge.values.errors import ConfigError
from tests.config.test_load import GOOD
from tests.fakes.fuse_process import CONFIG

KEYS = "centre: {certificates: centres, ca_file: ca.pem}"


def broker(folder: Path, *said: str) -> BrokerSpec | None:
    path = folder / "node.yaml"
    told = f"broker: {{{', '.join(('urls: [mqtt://localhost:1883]', *said))}}}\n"
    path.write_text(re.sub(r"^broker:.*\n", told, GOOD, flags=re.MULTILINE))
    return load(path).broker


@pytest.mark.parametrize(
    ("said", "receipts", "checked"),
    [
        ((), False, False),
        (("delivery: puback",), False, False),
        (("delivery: receipt",), True, False),
        ((KEYS,), True, True),
        (("delivery: receipt", KEYS), True, True),
    ],
)
def test_who_has_the_centres_certificates_waits_for_its_receipts(
    tmp_path: Path, said: tuple[str, ...], receipts: bool, checked: bool
) -> None:
    found = broker(tmp_path, *said)
    assert found is not None
    assert (found.receipts, found.centre is not None) == (receipts, checked)
    if found.centre is not None:
        assert (found.centre.folder, found.centre.authority) == (tmp_path / "centres", tmp_path / "ca.pem")


def test_certificates_of_a_centre_for_which_nobody_waits_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="receipts puback does not wait for"):
        broker(tmp_path, "delivery: puback", KEYS)


@pytest.mark.parametrize(("said", "receipts"), [("", False), ("delivery: receipt", True), (KEYS, True)])
def test_a_fusion_knows_it_by_the_same(tmp_path: Path, said: str, receipts: bool) -> None:
    path = tmp_path / "fusion.yaml"
    path.write_text(CONFIG.format(url="mqtt://localhost:1883") + said + "\n")
    found = fusion.load(path).broker
    assert found.receipts is receipts
    assert (found.centre is not None) is (said == KEYS)
