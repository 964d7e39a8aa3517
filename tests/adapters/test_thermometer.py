"""The warmest part that the kernel tells; nothing where it tells nothing or nonsense."""

from pathlib import Path

import pytest

from edge.adapters.thermometer import warmest_c


@pytest.mark.parametrize(
    ("zones", "warmest"),
    [
        ([], None),
        (["48312\n"], 48.312),
        (["48312\n", "61000\n"], 61.0),
        (["-5000\n"], -5.0),
        (["-274000\n", "200000\n", "hot\n", ""], None),
    ],
)
def test_the_warmest_zone_counts(zones: list[str], warmest: float | None, tmp_path: Path) -> None:
    for number, told in enumerate(zones):
        (tmp_path / f"thermal_zone{number}").mkdir()
        (tmp_path / f"thermal_zone{number}" / "temp").write_text(told)
    assert warmest_c(tmp_path) == warmest


def test_a_machine_without_sensors_has_no_temperature(tmp_path: Path) -> None:
    assert warmest_c(tmp_path / "none") is None
