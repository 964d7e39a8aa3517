"""What `rules check` says of rules that ask panic buttons alone."""

from pathlib import Path

import pytest

from edge.run import verb_rules

ALONE = """\
name: fusion-1
region: north
broker: {urls: [mqtt://localhost]}
sensors:
  - {id: panic-1, gateway: g, kind: panic}
  - {id: noise-1, gateway: g, kind: noise}
rules:
  - {id: help, when: {sensor: panic, is: pressed}}
"""
MIXED = "  - {id: mixed, when: {any_of: [{sensor: panic, is: pressed}, {sensor: noise, above: 90}]}}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ALONE, "comes 0.2 s after its time, whatever the others do"),
        (ALONE.replace("localhost]", "localhost], username: f"), "whose flood holds it up: see `ears`"),
        (ALONE.partition("  - {id: help")[0] + MIXED, ""),
    ],
)
def test_a_rule_is_called_urgent_as_it_will_be_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    config = tmp_path / "fusion.yaml"
    config.write_text(text)
    verb_rules.check(config, as_json=False)
    printed = capsys.readouterr().out
    assert told in printed
    assert ("asks urgent sensors alone" in printed) is bool(told)
    advised = "asks sensor/panic-1 among others, for which it waits like any rule" in " ".join(
        printed.split()
    )
    assert advised is not bool(told)
