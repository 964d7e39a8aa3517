"""What this process has in memory stays in memory: pictures, keys, passwords.

Law: a process that crashes leaves no copy of itself on a disk, and no other program of the same user may look
into it; root may. Swap is the machine's: this only tells whether there is any. Where the system knows no such
request, everything works as before.
"""

import ctypes
import resource
from contextlib import suppress
from pathlib import Path

SWAPS = Path("/proc/swaps")
IN_MEMORY = "/dev/zram"
"""A swap device that is memory itself, compressed."""

_SET_DUMPABLE = 4
"""`PR_SET_DUMPABLE` of linux/prctl.h, see prctl(2): 0 also lets no dump go to a program, as a limit would."""


def keep_to_itself() -> None:
    """Let no picture of this process's memory be made; holds until it starts another program in its place."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def swaps(told: Path = SWAPS) -> tuple[str, ...]:
    """Files and devices of this machine to which memory may be written; none where nobody tells."""
    try:
        rows = told.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return ()
    names = (row.split()[0] for row in rows if row.strip())
    return tuple(name for name in names if not name.startswith(IN_MEMORY))
