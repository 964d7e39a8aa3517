"""The units of systemd lock the program in, and still let it ask whether the clock is disciplined."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes.pages import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
MOST_EXPOSED = 15
"""Tenths, as systemd-analyze wants its threshold: 0 is locked up, 100 is at large."""
AS_ROOT = {"safecity-update": 24}
"""It writes where programs are, which the box's own user must not, and fetches packages."""


def analysed(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened(unit: Path) -> None:
    most = AS_ROOT.get(unit.stem, MOST_EXPOSED)
    told = analysed("security", "--offline=true", f"--threshold={most}", unit)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Overall exposure level" in told.stdout


def test_a_unit_that_is_not_hardened_is_noticed(tmp_path: Path) -> None:
    lax = tmp_path / "lax.service"
    lax.write_text(
        re.sub(r"(?m)^(CapabilityBoundingSet|PrivateUsers|SystemCallFilter)=.*\n", "", UNITS[0].read_text())
    )
    assert analysed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", lax).returncode != 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", unit.read_text()))
    told = analysed("verify", "--man=no", here)
    complaints = [line for line in told.stderr.splitlines() if unit.name in line]
    assert not complaints


def test_the_box_may_ask_the_kernel_about_its_clock() -> None:
    said = (ROOT / "deploy/systemd/safecity-edge.service").read_text()
    assert "adjtimex" in said
    assert not re.search(r"(?m)^ProtectClock=(yes|true|1)", said), (
        "it refuses adjtimex, and every clock is doubted"
    )


def test_a_mistake_of_the_operator_is_not_tried_for_ever() -> None:
    restarted = [unit.read_text() for unit in UNITS if "\nRestart=" in unit.read_text()]
    assert len(restarted) == 2
    for said in restarted:
        assert re.search(r"(?m)^RestartPreventExitStatus=2 3$", said)
