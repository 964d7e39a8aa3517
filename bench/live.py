"""Live cameras on a whole box: delay from capture to broker, lost frames, memory, and how it falls behind.

    python -m bench.live --weights ONNX --clip CLIP [--model FOLDER] [--cameras 8] [--seconds 40] [--gate]

A real box (`safecity-edge run`, as many workers as cores) watches RTSP cameras of 640x360 at 15 pictures/s,
5 of which are sampled, through a real Mosquitto to a subscriber. The gate is off unless `--gate` is given, so
that every sampled frame is analysed. Camera server, broker and subscriber run on the same cores; what they
and others take of them is told. Then cameras are added until the box first falls behind. Delay: from an
event's `utc`, the moment of the picture, to its arrival here; over the whole time, and in its first and
second half. Lost: sampled frames that nobody looked at. Memory: proportional set size of all its processes.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import psutil
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.fakes.mosquitto import Mosquitto
from tests.fakes.rtsp_server import PYTHON, free_port

HERE = Path(__file__).parent
WIDTH, HEIGHT, SOURCE_FPS, DETECT_FPS = 640, 360, 15, 5
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


@dataclass
class Listener:
    """Subscribes, and notes the delay of every event and the last counts of every camera."""

    port: int
    delays: list[tuple[float, float]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    watched: set[str] = field(default_factory=set)

    def __enter__(self) -> "Listener":
        up = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe("safecity/v1/#", qos=1)
        self._client.on_subscribe = lambda *_: up.set()
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _: Client, __: object, message: MQTTMessage) -> None:
        now = time.time()
        sort = message.topic.split("/")[4]
        if message.retain or sort not in ("event", "state"):
            return
        data = json.loads(message.payload)["data"]
        if sort == "state":
            self.counts[data["camera"]] = data["counts"]
            if data["state"] == "ok":
                self.watched.add(data["camera"])
        else:
            self.delays.append((now, 1000 * (now - datetime.fromisoformat(data["utc"]).timestamp())))


def access_units(clip: Path, path: Path) -> Path:
    """The clip as a camera would send it: a key picture every two seconds, nothing reordered."""
    options = {
        "preset": "veryfast",
        "tune": "zerolatency",
        "x264-params": "aud=1:keyint=30:scenecut=0:repeat-headers=1:sliced-threads=0:bitrate=600",
    }
    with av.open(str(clip)) as source, av.open(str(path), "w", format="h264") as output:
        stream = output.add_stream("libx264", rate=SOURCE_FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        taken = 0
        for frame in source.decode(video=0):
            if (frame.time or 0.0) * SOURCE_FPS < taken:
                continue
            picture = frame.reformat(WIDTH, HEIGHT, "yuv420p")
            picture.pts, picture.time_base = taken, Fraction(1, SOURCE_FPS)
            taken += 1
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    return path


def config(folder: Path, broker: str, port: int, cameras: int, gate: bool) -> Path:
    """A box with many small places and rules, so that there are events all the time."""
    sides = [k / 4 for k in range(5)]
    zones = [
        {"id": f"zone-{k}", "polygon": [[a, 0.1], [b, 0.1], [b, 1.0], [a, 1.0]]}
        for k, (a, b) in enumerate(pairwise(sides))
    ]
    lines = [{"id": f"line-{k}", "points": [[x, 0.0], [x, 1.0]]} for k, x in enumerate((0.25, 0.5, 0.75))]
    node: dict[str, Any] = {
        "node": "bench",
        "region": "bench",
        "data_dir": "var",
        "broker": {"urls": [broker]},
        "detector": {"model": "./model"},
        "gate": {"enabled": gate},
        "cameras": [
            {
                "id": f"camera-{k}",
                "source": f"rtsp://127.0.0.1:{port}/camera-{k}",
                "detect_fps": DETECT_FPS,
                "zones": zones,
                "lines": lines,
            }
            for k in range(cameras)
        ],
        "rules": [
            {"id": "count", "when": "occupancy", "update_s": 0.2, "clear_s": 0},
            {"id": "entry", "when": "zone-entry"},
            {"id": "passage", "when": "line-crossing"},
        ],
    }
    path = folder / "box.yaml"
    path.write_text(json.dumps(node))
    return path


@contextmanager
def serving(units: Path, cameras: int) -> Iterator[tuple[int, psutil.Process]]:
    """The cameras: port and process of their server."""
    port = free_port()
    command = [PYTHON, str(HERE / "rtsp_feed.py"), str(port), str(units), str(SOURCE_FPS), str(cameras)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        if server.stdout.readline() != b"ready\n":
            sys.exit("needs GStreamer's RTSP server for the system's Python: gir1.2-gst-rtsp-server-1.0")
        try:
            yield port, psutil.Process(server.pid)
        finally:
            server.kill()


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
                return _measured(run, listener, server, _listening_on(broker.port), cameras, seconds)
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
    spent = [_cpu_s(box), _cpu_s([server]), _cpu_s([broker]), _busy_s()]
    time.sleep(seconds)
    took = time.time() - began
    spent = [
        after - before
        for after, before in zip(
            [_cpu_s(box), _cpu_s([server]), _cpu_s([broker]), _busy_s()], spent, strict=True
        )
    ]
    delays = [delay for _, delay in listener.delays[first:]]
    memory = sum(_proportional_bytes(one.pid) for one in box) / 1e6
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


def _cpu_s(processes: Sequence[psutil.Process]) -> float:
    return float(sum(sum(one.cpu_times()[:2]) for one in processes))


def _busy_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def _proportional_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _listening_on(port: int) -> psutil.Process:
    """The broker's process: this one's child that listens on the port."""
    for child in psutil.Process().children():
        if any(one.laddr.port == port for one in child.net_connections("tcp") if one.status == "LISTEN"):
            return child
    raise RuntimeError(f"nobody listens on port {port}")


def table(trials: Sequence[Trial]) -> None:
    head = (
        "cameras",
        "events",
        "p50 ms",
        "p95 ms",
        "early",
        "late",
        "lost",
        "blind s/min",
        "PSS MB",
        "box",
        "feed",
        "others",
    )
    print(("{:>8}" * len(head)).replace("{:>8}", "{:>12}").format(*head))
    for one in trials:
        row = (
            one.cameras,
            one.events,
            one.delay_p50_ms,
            one.delay_p95_ms,
            one.delay_p95_early_ms,
            one.delay_p95_late_ms,
            f"{one.lost_share:.2%}",
            "{:.1f}..{:.1f}".format(*one.blind_s_per_min),
            one.memory_mb,
            one.box_cores,
            one.server_cores,
            one.others_cores,
        )
        print(("{:>12}" * len(row)).format(*row), flush=True)


def slope(trials: Sequence[Trial]) -> float | None:
    """MB of memory for one more camera, between the fewest and the most of these trials."""
    few, many = trials[0], trials[-1]
    return (
        round((many.memory_mb - few.memory_mb) / (many.cameras - few.cameras), 1) if many is not few else None
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", type=Path, default=HERE / "models" / "yolox_nano_416", help="folder of the card"
    )
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument(
        "--fewer", type=int, nargs="*", default=[2, 4], help="for the memory of a further camera"
    )
    parser.add_argument("--ramp", type=int, nargs="*", default=[12, 16, 20, 24, 28, 32])
    parser.add_argument("--ramp-seconds", type=float, default=15.0)
    parser.add_argument("--gate", action="store_true", help="let the motion gate spare inferences")
    parser.add_argument("--json", type=Path, default=HERE / "out" / "live.json")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(told.model, folder / "model")
        shutil.copyfile(told.weights, folder / "model" / told.weights.name)
        units = access_units(told.clip, folder / "units.h264")
        few = [trial(folder, units, n, told.ramp_seconds, told.gate) for n in told.fewer]
        head = trial(folder, units, told.cameras, told.seconds, told.gate)
        more: list[Trial] = []
        for n in told.ramp:
            more.append(trial(folder, units, n, told.ramp_seconds, told.gate))
            table(more[-1:])
            if more[-1].fell_behind:
                break
    trials = [*few, head, *more]
    table(trials)
    print(
        f"MB for a further camera, {told.fewer[0] if few else '-'} to {told.cameras}: {slope([*few, head])}"
    )
    behind = [one.cameras for one in trials if one.fell_behind]
    print(f"first falls behind at {behind[0]} cameras" if behind else "never fell behind")
    told.json.parent.mkdir(parents=True, exist_ok=True)
    told.json.write_text(
        json.dumps({"cores": os.cpu_count(), "trials": [asdict(one) for one in trials]}, indent=1)
    )


if __name__ == "__main__":
    main()
