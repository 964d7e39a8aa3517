"""`rules explain` of something hot: the terms of its confidence in plain words."""

from pathlib import Path

from typer.testing import CliRunner

from edge.cli import app
from edge.messages import examples


def test_every_term_is_told_with_its_share(tmp_path: Path) -> None:
    file = tmp_path / "event.jsonl"
    file.write_bytes(examples.fire().body + b"\n")
    said = CliRunner().invoke(app, ["rules", "explain", str(file)])
    assert said.exit_code == 0, said.output
    for words in ("something grows like a fire", "91% sure", "84%  its area grows by +540 %", "330 °C"):
        assert words in said.output
