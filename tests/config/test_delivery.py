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
BELIEVING = "receipts: {unsigned: accept}"


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
        (("delivery: puback", "receipts: {unsigned: refuse}"), False, False),
        (("delivery: receipt", BELIEVING), True, False),
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
    assert found.unsigned is (receipts and not checked)
    if found.centre is not None:
        assert (found.centre.folder, found.centre.authority) == (tmp_path / "centres", tmp_path / "ca.pem")


def test_certificates_of_a_centre_for_which_nobody_waits_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="receipts puback does not wait for"):
        broker(tmp_path, "delivery: puback", KEYS)


@pytest.mark.parametrize(
    "said", [("delivery: receipt",), ("delivery: receipt", "receipts: {unsigned: refuse}")], ids=len
)
def test_receipts_that_nobody_could_check_are_never_believed_in_silence(
    tmp_path: Path, said: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError, match=r"broker.*receipt wants centre: .*or receipts: {unsigned"):
        broker(tmp_path, *said)
    path = tmp_path / "fusion.yaml"
    path.write_text(CONFIG.format(url="mqtt://localhost:1883", files="") + "\n".join(said) + "\n")
    with pytest.raises(ConfigError, match="delivery: receipt wants centre: "):
        fusion.load(path)


@pytest.mark.parametrize("beside", [(), ("delivery: puback",), (KEYS,), ("delivery: receipt", KEYS)], ids=str)
def test_to_believe_the_unsigned_stands_beside_nothing_that_it_contradicts(
    tmp_path: Path, beside: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError, match="wants delivery: receipt and no centre beside it"):
        broker(tmp_path, BELIEVING, *beside)


@pytest.mark.parametrize(
    ("said", "receipts"), [("", False), (f"delivery: receipt\n{BELIEVING}", True), (KEYS, True)]
)
def test_a_fusion_knows_it_by_the_same(tmp_path: Path, said: str, receipts: bool) -> None:
    path = tmp_path / "fusion.yaml"
    path.write_text(CONFIG.format(url="mqtt://localhost:1883", files="") + said + "\n")
    found = fusion.load(path).broker
    assert found.receipts is receipts
    assert found.unsigned is (BELIEVING in said)
    assert (found.centre is not None) is (said == KEYS)
