"""What goes into a pipe is neither wrapped nor cut; a terminal has a width."""

import pytest
from rich.table import Table

from edge.run.paper import page


def table() -> Table:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("found", overflow="fold")
    shown.add_column("to do", overflow="fold")
    shown.add_row("word " * 40, "")
    return shown


def test_a_pipe_gets_whole_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    page(table())
    _, row = capsys.readouterr().out.splitlines()
    assert row == ("word " * 40).rstrip()


def test_who_asks_for_a_width_gets_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    page(table())
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 60
