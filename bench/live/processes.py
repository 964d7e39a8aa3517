"""What processes take of the machine, and which of them listens on a port."""

from collections.abc import Sequence
from pathlib import Path

import psutil


def cpu_s(processes: Sequence[psutil.Process]) -> float:
    return float(sum(sum(one.cpu_times()[:2]) for one in processes))


def busy_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def proportional_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def listening_on(port: int) -> psutil.Process:
    """The broker's process: this one's child that listens on the port."""
    for child in psutil.Process().children():
        if any(one.laddr.port == port for one in child.net_connections("tcp") if one.status == "LISTEN"):
            return child
    raise RuntimeError(f"nobody listens on port {port}")
