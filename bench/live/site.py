"""The site of a trial: cameras that all send one clip, and the configuration of the box that watches them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import psutil

from tests.fakes.rtsp_server import PYTHON, free_port

WIDTH, HEIGHT, SOURCE_FPS, DETECT_FPS = 640, 360, 15, 5


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
    command = [
        PYTHON,
        str(Path(__file__).with_name("rtsp_feed.py")),
        str(port),
        str(units),
        str(SOURCE_FPS),
        str(cameras),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        if server.stdout.readline() != b"ready\n":
            sys.exit("needs GStreamer's RTSP server for the system's Python: gir1.2-gst-rtsp-server-1.0")
        try:
            yield port, psutil.Process(server.pid)
        finally:
            server.kill()
