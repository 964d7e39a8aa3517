"""One trial: a whole box with so many cameras for so long, and what came of it."""

import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.live.listener import Listener
from bench.live.processes import busy_s, cpu_s, listening_on, proportional_bytes
from bench.live.site import config, serving
from tests.fakes.mosquitto import Mosquitto

START_S, SETTLE_S = 120.0, 3.0
BEHIND = 0.02
"""Share of sampled frames lost from which a box counts as having fallen behind."""


@dataclass(frozen=True)
class Trial:
    """What one number of cameras led to; times in ms, memory in MB (10^6 bytes), processors in cores."""

    cameras: int
    seconds: float
    events: int
    delay_p50_ms: float
    delay_p95_ms: float
    delay_p95_early_ms: float
    delay_p95_late_ms: float
    counts: dict[str, dict[str, int]]
    lost_share: float
    blind_s_per_min: tuple[float, float]
    memory_mb: float
    resident_mb: float
    box_cores: float
    server_cores: float
    broker_cores: float
    others_cores: float

    @property
    def fell_behind(self) -> bool:
        return self.lost_share > BEHIND


def trial(folder: Path, units: Path, cameras: int, seconds: float, gate: bool) -> Trial:
    """Run a box with so many cameras for so long."""
    with (
        serving(units, cameras) as (port, server),
        Mosquitto(folder / "broker") as broker,
        Listener(broker.port) as listener,
    ):
        shutil.rmtree(folder / "var", ignore_errors=True)
        path = config(folder, broker.url, port, cameras, gate)
        command = [sys.executable, "-P", "-m", "edge.cli", "run", str(path)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as run:
            try:
                return _measured(run, listener, server, listening_on(broker.port), cameras, seconds)
            finally:
                run.send_signal(signal.SIGTERM)
                run.wait(30)


def _measured(
    run: "subprocess.Popen[bytes]",
    listener: Listener,
    server: psutil.Process,
    broker: psutil.Process,
    cameras: int,
    seconds: float,
) -> Trial:
    deadline = time.monotonic() + START_S
    while len(listener.watched) < cameras:
        if time.monotonic() > deadline or run.poll() is not None:
            sys.exit(f"only {len(listener.watched)} of {cameras} cameras came up")
        time.sleep(0.1)
    time.sleep(SETTLE_S)
    box = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
    began, first = time.time(), len(listener.delays)
    spent = [cpu_s(box), cpu_s([server]), cpu_s([broker]), busy_s()]
    time.sleep(seconds)
    took = time.time() - began
    spent = [
        after - before
        for after, before in zip([cpu_s(box), cpu_s([server]), cpu_s([broker]), busy_s()], spent, strict=True)
    ]
    delays = [delay for _, delay in listener.delays[first:]]
    memory = sum(proportional_bytes(one.pid) for one in box) / 1e6
    resident = sum(one.memory_info().rss for one in box) / 1e6
    run.send_signal(signal.SIGTERM)
    run.wait(30)
    time.sleep(0.5)
    half = len(delays) // 2
    lost = {name: one["dropped"] + one["unanswered"] for name, one in listener.counts.items()}
    blind = [60 * lost[name] / max(1, one["sampled"]) for name, one in listener.counts.items()]
    return Trial(
        cameras=cameras,
        seconds=round(took, 1),
        events=len(delays),
        delay_p50_ms=_share(delays, 0.50),
        delay_p95_ms=_share(delays, 0.95),
        delay_p95_early_ms=_share(delays[:half], 0.95),
        delay_p95_late_ms=_share(delays[half:], 0.95),
        counts=listener.counts,
        lost_share=round(sum(lost.values()) / max(1, sum(c["sampled"] for c in listener.counts.values())), 4),
        blind_s_per_min=(round(min(blind), 2), round(max(blind), 2)),
        memory_mb=round(memory, 1),
        resident_mb=round(resident, 1),
        box_cores=round(spent[0] / took, 2),
        server_cores=round(spent[1] / took, 2),
        broker_cores=round(spent[2] / took, 2),
        others_cores=round(max(0.0, spent[3] - sum(spent[:3])) / took, 2),
    )


def _share(values: Sequence[float], share: float) -> float:
    if len(values) < 2:
        return float("nan")
    return round(statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1], 1)
