"""The units of systemd lock the program in, and still let it ask whether the clock is disciplined."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from edge.cli import app
from tests.fakes.pages import ROOT

FOLDER = ROOT / "deploy/systemd"
UNITS = sorted(FOLDER.glob("*.service"))
WAKERS = sorted([*FOLDER.glob("*.timer"), *FOLDER.glob("*.path")])
MOST_EXPOSED = 15
"""Tenths, as systemd-analyze wants its threshold: 0 is locked up, 100 is at large."""


def analysed(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened(unit: Path) -> None:
    told = analysed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Overall exposure level" in told.stdout


def test_a_unit_that_is_not_hardened_is_noticed(tmp_path: Path) -> None:
    lax = tmp_path / "lax.service"
    lax.write_text(
        re.sub(r"(?m)^(CapabilityBoundingSet|PrivateUsers|SystemCallFilter)=.*\n", "", UNITS[0].read_text())
    )
    assert analysed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", lax).returncode != 0


def complaints(unit: Path, folder: Path) -> list[str]:
    """What systemd says of a unit that lies beside all others; of one instance, where it is a template."""
    for each in (*UNITS, *WAKERS):
        (folder / each.name).write_text(re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", each.read_text()))
    name = unit.name.replace("@.", "@square.")
    told = analysed("verify", "--man=no", folder / name)
    return [line for line in told.stderr.splitlines() if unit.stem in line]


@pytest.mark.parametrize("unit", [*UNITS, *WAKERS], ids=lambda unit: unit.name)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    assert complaints(unit, tmp_path) == []


@pytest.mark.parametrize("unit", [*UNITS, *WAKERS], ids=lambda unit: unit.name)
def test_a_line_that_systemd_does_not_understand_is_noticed(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = re.sub(r"(?m)^(\[(Service|Timer|Path)\])$", r"\1\nNoSuchKey=1", unit.read_text())
    monkeypatch.setattr(Path, "read_text", lambda self: wrong if self == unit else self.read_bytes().decode())
    assert any("NoSuchKey" in line for line in complaints(unit, tmp_path))


def keys(unit: Path, section: str) -> dict[str, str]:
    """The last value of each key of a section."""
    inside = unit.read_text().partition(f"[{section}]\n")[2].partition("\n[")[0]
    return dict(re.findall(r"(?m)^(\w+)=(.*)$", inside))


def test_the_street_is_sent_by_a_verb_that_there_is_and_locked_in_like_the_box() -> None:
    box, street = FOLDER / "safecity-edge.service", FOLDER / "safecity-background@.service"
    same, mine = keys(box, "Service"), keys(street, "Service")
    program, *words = mine["ExecStart"].split()
    assert program == same["ExecStart"].split()[0]
    assert words[:2] == ["background", "/etc/safecity-edge/node.yaml"]
    assert words[words.index("--camera") + 1] == "%i"
    locks = [
        name
        for name in same
        if re.match(r"Protect|Private|Restrict|SystemCall|Capability|NoNew|Mem|Lock", name)
    ]
    assert len(locks) > 15
    assert {name: mine.get(name) for name in locks} == {name: same[name] for name in locks}
    assert mine["User"] == same["User"]
    assert "RemoveIPC" not in mine, "it would remove what the running box uses"


def test_who_may_write_programs_has_no_network_and_who_has_a_network_may_write_none() -> None:
    update, fetch = (keys(FOLDER / f"safecity-{name}.service", "Service") for name in ("update", "fetch"))
    assert update["PrivateNetwork"] == "yes"
    assert update["RestrictAddressFamilies"] == "AF_UNIX"
    assert {name for name in fetch if name.endswith("Directory")} == {"CacheDirectory"}
    assert not {"User", "ReadWritePaths", "SupplementaryGroups"} & set(fetch)
    assert fetch["DynamicUser"] == "yes"
    assert "systemctl start safecity-fetch.service" in update["ExecStart"]
    folder = f"/var/cache/{fetch['CacheDirectory']}"
    assert f"--packages {folder} " in update["ExecStart"]
    assert fetch["ExecStart"].endswith(f"--out {folder}")


def options(verb: str) -> set[str]:
    """What a verb of the program, or one below it, can be told."""
    found = typer.main.get_command(app)
    for word in verb.split():
        found = found.commands[word]  # type: ignore[attr-defined]
    return {name for option in found.params for name in option.opts if name.startswith("--")}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_verb_that_there_is(unit: Path) -> None:
    _, *words = shlex.split(keys(unit, "Service")["ExecStart"])
    verb = " ".join(words[:2]) if words[0] == "update" else words[0]
    assert {word for word in words if word.startswith("--")} <= options(verb)


def test_a_timer_wakes_a_unit_that_there_is_at_a_time_that_there_is() -> None:
    for timer in FOLDER.glob("*.timer"):
        assert timer.with_suffix(".service") in UNITS
        told = analysed("calendar", keys(timer, "Timer")["OnCalendar"])
        assert told.returncode == 0, told.stderr


def test_the_installer_puts_every_unit_and_takes_every_unit_away() -> None:
    script = (ROOT / "deploy/install.sh").read_text()
    put, away = script.partition("\nunits() {")[2].partition("\n}")[0], script.partition("\nremove() {")[2]
    for unit in (*UNITS, *WAKERS):
        name = unit.name.replace("safecity-edge.", "$NAME.")
        assert f"unit {name}" in put, name
        assert name in away, name


def test_no_memory_of_what_sees_pictures_goes_to_a_disk() -> None:
    for name in ("safecity-edge", "safecity-background@"):
        said = (ROOT / f"deploy/systemd/{name}.service").read_text().splitlines()
        assert {"LimitCORE=0", "MemorySwapMax=0"} <= set(said), name


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
