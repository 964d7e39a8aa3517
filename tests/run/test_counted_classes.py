"""A rule that counts what the model does not know is refused before anything is started or changed."""

from pathlib import Path

import pytest

from edge.run import verb_check
from edge.values.errors import ConfigError
from tests.fakes.planned import planning

NODE = """\
node: box
region: test
broker: embedded
cameras:
  - id: gate
    source: gate.mp4
    zones: [{id: yard, polygon: [[0, 0], [1, 0], [1, 1]]}]
rules:
  - {id: one, when: occupancy, classes: [person]}
"""


def test_a_running_box_changes_nothing_for_it(tmp_path: Path) -> None:
    config = tmp_path / "node.yaml"
    config.write_text(NODE)
    with planning(config) as planner:
        planner.plan()
        config.write_text(NODE.replace("[person]", "[person, dragon]"))
        with pytest.raises(ConfigError, match=r"node.yaml:9: rules.0.classes.1: .* knows no dragon"):
            planner.plan()
        config.write_text(NODE.replace("{id: one", "{id: two"))
        planner.plan()


def test_check_tells_it_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "node.yaml"
    config.write_text(NODE.replace("[person]", "[dragon]"))
    assert verb_check.check(config, as_json=True) == ConfigError.exit_code
    rows = capsys.readouterr().out.splitlines()
    assert '"part": "configuration"' in rows[0]
    assert "knows no dragon" in rows[0]
    assert any('"part": "model"' in row and '"verdict": "fail"' not in row for row in rows)
