from pathlib import Path

import pytest

from edge.config.centre import load
from edge.values.errors import ConfigError

ROOT = Path(__file__).parents[2]
BELIEVING = "signatures: {unsigned: accept}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "centre.yaml"
    path.write_text(text)
    return path


def test_the_example_is_valid_and_complete() -> None:
    spec = load(ROOT / "configs" / "centre.example.yaml")
    assert spec.name == spec.broker.client_id == "centre-1"
    assert spec.database == f"sqlite:///{ROOT}/configs/var/centre.db"
    assert spec.group is None
    assert spec.signatures.enrolled is not None
    assert not spec.signatures.accept_unsigned


def test_four_lines_are_enough(tmp_path: Path) -> None:
    spec = load(written(tmp_path, f"name: c\nbroker:\n  urls: [mqtt://localhost]\n{BELIEVING}"))
    assert spec.database == f"sqlite:///{tmp_path}/var/centre.db"


def test_a_broker_beyond_this_machine_is_not_spoken_to_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"centre\.yaml:3: broker\.urls\.0: wanted mqtts://db"):
        load(written(tmp_path, f"name: c\nbroker:\n  urls: [mqtt://db]\n{BELIEVING}"))


def test_a_group_wants_postgresql(tmp_path: Path) -> None:
    text = f"name: c\nbroker: {{urls: [mqtt://localhost]}}\ngroup: all\n{BELIEVING}"
    with pytest.raises(ConfigError, match="PostgreSQL"):
        load(written(tmp_path, text))
    spec = load(written(tmp_path, text + "database: {url: 'postgresql://u@db/city'}\n"))
    assert (spec.group, spec.database) == ("all", "postgresql://u@db/city")


@pytest.mark.parametrize(
    "url", ["mysql://db/x", "sqlite://", "postgresql://db", "postgresql://u:geheim@db/x", "centre.db"]
)
def test_another_database_is_refused_with_its_line(tmp_path: Path, url: str) -> None:
    path = written(
        tmp_path, f"name: c\nbroker: {{urls: [mqtt://localhost]}}\ndatabase:\n  url: {url}\n{BELIEVING}"
    )
    with pytest.raises(ConfigError) as failure:
        load(path)
    assert "centre.yaml:4" in str(failure.value)
    assert "geheim" not in str(failure.value)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", "signatures"),
        ("signatures: {}", "wanted certificates and ca_file, by which"),
        ("signatures: {unsigned: refuse}", "wanted certificates and ca_file, by which"),
        ("signatures: {certificates: boxes}", "wanted certificates and ca_file together"),
        ("signatures: {crl_file: crl.pem, unsigned: accept}", "crl_file wants certificates"),
    ],
)
def test_nothing_is_believed_unless_it_is_said_by_what(given: str, wanted: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=wanted):
        load(written(tmp_path, f"name: c\nbroker: {{urls: [mqtt://localhost]}}\n{given}\n"))
