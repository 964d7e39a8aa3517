"""A process's memory stays in memory: it leaves no core, nobody of its user looks in, and swap is told."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from edge.adapters import own_memory
from edge.adapters.own_memory import swaps
from tests.fakes.rtsp_server import PYTHON

CRASH = "import os; os.abort()"
GUARD = "from edge.adapters.own_memory import keep_to_itself; keep_to_itself(); "
PATTERN = Path("/proc/sys/kernel/core_pattern")
NOBODY = 65534


def crashed(code: str, folder: Path) -> list[Path]:
    """What a process that may write a core of any size leaves behind when it dies."""

    def may_dump() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, preexec_fn=may_dump, capture_output=True, check=False)
    assert done.returncode < 0, done.stderr.decode()
    return [file for file in folder.iterdir() if file.stat().st_size]


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    if PATTERN.read_text().startswith(("|", "/", "@")):
        pytest.skip("cores of this machine do not go into the folder of who died")
    if not crashed(CRASH, tmp_path):
        pytest.skip("this user may write no cores")
    for core in tmp_path.iterdir():
        core.unlink()
    assert crashed(GUARD + CRASH, tmp_path) == []


@pytest.mark.parametrize("guard", ["", "keep_to_itself()"])
def test_a_program_of_the_same_user_cannot_look_into_it(guard: str) -> None:
    """With the system's Python: one in the home of root cannot be started by somebody else."""
    if os.getuid() or not Path(PYTHON).exists():
        pytest.skip("only root can start two processes as somebody else, and that needs /usr/bin/python3")
    code = f"{Path(own_memory.__file__).read_text()}\n{guard}\nprint('up', flush=True); input()"
    with subprocess.Popen(
        [PYTHON, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=NOBODY
    ) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "up\n"
        look = f"open('/proc/{held.pid}/environ', 'rb').read()"
        done = subprocess.run([PYTHON, "-c", look], user=NOBODY, capture_output=True, text=True, check=False)
        held.kill()
    assert ("PermissionError" in done.stderr) == bool(guard), done.stderr


def test_swap_is_told_by_name_and_memory_that_is_compressed_is_none(tmp_path: Path) -> None:
    told = tmp_path / "swaps"
    head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
    told.write_text(f"{head}/dev/sda2  partition\t2097148\t0\t-2\n/dev/zram0 partition\t100\t0\t100\n")
    assert swaps(told) == ("/dev/sda2",)
    told.write_text(head)
    assert swaps(told) == ()
    assert swaps(tmp_path / "nowhere") == ()
