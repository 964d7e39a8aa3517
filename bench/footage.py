"""What recording and sealing cost: MB/s sealed, segments/s committed, a core's share per camera, start-up.

    python bench/footage.py [--seconds 20] [--segments 100000] [--folder DIR] [--only PART]

Sealing is printed beside AES-256-GCM of the same library on the same bytes, and committed segments beside
the disk's own fsync rate, measured in turns A B A B. The share of a core and the most memory are those of the
real `record` process on a 1080p stream of 15 pictures a second, made for the purpose; wanted are 0.5 % and
90 MB. Beside it stands a bare loop of PyAV that puts the same packets at the same times into MP4 in memory
and throws that away: no recorder on PyAV can cost less. Then the same from a real RTSP server over TCP, which
is what a camera costs: a file is read at once, a socket in small pieces.
Start-up compares catalogue, files and keys of a vault of that many segments, half of them of the format that
was written before; then all hashes, and then its catalogue is lost and made again from the files' headers.
Their files are small: hashing video is the disk's time.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import numpy as np
import psutil
from av.bitstream import BitStreamFilterContext
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.loops.many_segments import filled
from edge.adapters import segment_file
from edge.adapters.reconcile import Level, check, mend
from edge.adapters.sealing import CHUNK_BYTES, Sealer
from edge.values.discrepancy import Discrepancy
from tests.fakes.box import Box, eventually
from tests.fakes.governed import recording_box
from tests.fakes.rtsp_server import rtsp_server
from tests.fakes.vaults import VaultFolder, stretch

ROUNDS = 5
BARE = Path(__file__).parent / "loops" / "bare_remux.py"
MB = 1_000_000
VIDEO = np.random.default_rng(0).bytes(8 * MB)


def rate(step: Callable[[], int], seconds: float) -> float:
    began, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < seconds:
        done += step()
    return done / spent


def beside(one: Callable[[], int], other: Callable[[], int], seconds: float) -> tuple[float, float]:
    """Medians of both rates, measured in turns."""
    rates = [(rate(one, seconds), rate(other, seconds)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in rates), statistics.median(b for _, b in rates)


def sealing() -> None:
    key, chunk = bytearray(32), VIDEO[:CHUNK_BYTES]
    cipher, numbers = AESGCM(bytes(key)), itertools.count()

    def ours() -> int:
        sealer, video = Sealer(key, bytes(7), bytes(32)), memoryview(VIDEO)
        starts = range(0, len(video), CHUNK_BYTES)
        return sum(len(sealer.chunk(video[at : at + CHUNK_BYTES], b"", last=False)) for at in starts)

    def bare() -> int:
        for _ in range(0, len(VIDEO), CHUNK_BYTES):
            cipher.encrypt(next(numbers).to_bytes(12, "big"), chunk, None)
        return len(VIDEO)

    a, b = beside(ours, bare, 0.5)
    print(f"sealing         {a / MB:8,.0f} MB/s    bare AES-256-GCM {b / MB:8,.0f} MB/s    {a / b:.2f}")


def committing(folder: Path) -> None:
    vault, seconds = VaultFolder(folder / "commit"), itertools.count()
    handle = os.open(folder / "plain", os.O_CREAT | os.O_WRONLY)

    def ours() -> int:
        vault.vault.put(stretch(next(seconds) % 590, content=VIDEO[: 64 << 10], lasts_s=1))
        return 1

    def bare() -> int:
        os.pwrite(handle, VIDEO[:4096], 0)
        os.fsync(handle)
        return 1

    a, b = beside(ours, bare, 1.0)
    print(f"segments        {a:8,.0f} /s      fsync of the disk {b:7,.0f} /s      {a / b:.2f}")
    vault.close()


def street(path: Path, pictures: int = 300, times: int = 6) -> Path:
    """A 1080p stream of 15 pictures a second that moves all over, at some 4 Mbit/s; so many times in a row.

    A recorder opens its camera once, so the stream must be longer than the measuring.
    """
    wide = np.random.default_rng(1).integers(0, 255, (135, 400, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    options = {"preset": "ultrafast", "b": "4000000", "x264-params": "keyint=30:scenecut=0"}
    once = path.with_name(f"once-{path.name}")
    with av.open(str(once), "w") as output:
        stream = output.add_stream("libx264", rate=15, options=options)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for index in range(pictures):
            picture = np.ascontiguousarray(wide[:1080, 4 * index % 1200 :][:, :1920])
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        output.mux(stream.encode(None))
    with av.open(str(path), "w") as output:
        for turn in range(times):
            with av.open(str(once)) as again:
                stream = stream if turn else output.add_stream_from_template(again.streams.video[0])
                step = round(pictures / 15 / again.streams.video[0].time_base)
                for packet in again.demux(video=0):
                    if packet.size:
                        packet.dts, packet.pts = packet.dts + turn * step, packet.pts + turn * step
                        packet.stream = stream
                        output.mux(packet)
    once.unlink()
    return path


def sealed_files(box: Box) -> int:
    files = segment_file.files(box.folder / "var" / "footage")
    return sum(file.suffix == segment_file.SUFFIX for file in files)


def watched(pid: int, seconds: float) -> tuple[float, int]:
    """Share of a core, and most memory resident, of a process in the next `seconds`."""
    process = psutil.Process(pid)
    before, began, most = process.cpu_times(), time.monotonic(), 0
    while (spent := time.monotonic() - began) < seconds:
        time.sleep(0.2)
        most = max(most, process.memory_info().rss)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / spent, most


def recording(folder: Path, seconds: float) -> None:
    clip = street(folder / "street.mp4", times=max(2, round(seconds / 20) + 3))
    for cameras in (1, 4):
        print(f"recording       {costs(folder, str(clip), cameras, seconds)}")


def by_rtsp(folder: Path, seconds: float) -> None:
    clip = street(folder / "camera.mp4", times=3)
    server = rtsp_server(byte_stream(clip, folder / "street.h264"), fps=15)
    try:
        for cameras in (1, 4):
            print(f"by RTSP         {costs(folder, server.url, cameras, seconds)}")
    finally:
        server.kill()


def costs(folder: Path, source: str, cameras: int, seconds: float) -> str:
    """What the recorder takes of a core and of memory for so many cameras, and the bare loop beside it."""
    box, _ = recording_box(folder / f"box-{cameras}-{'://' in source}", segment_s=10)
    first = {key: value for key, value in box.wanted["cameras"][0].items() if key != "loop"}
    stream = {"detect": str(box.clip), "record": source}
    box.configure(cameras=[first | {"id": f"c{at}", "source": stream} for at in range(cameras)], rules=[])
    with box.verb("record") as process:
        eventually(lambda: sealed_files(box) >= cameras, "the first segments")
        share, memory = watched(process.pid, seconds)
    bare = subprocess.Popen([sys.executable, str(BARE), source, str(cameras)])
    time.sleep(10)
    least, _ = watched(bare.pid, seconds)
    bare.kill()
    bare.wait()
    return (
        f"{share / cameras:8.2%} of a core a camera, {memory / MB:.0f} MB resident, with {cameras} of 1080p "
        f"at 15/s and 3.6 Mbit/s; a bare loop of PyAV {least / cameras:.2%}"
    )


def byte_stream(clip: Path, path: Path) -> Path:
    """The same pictures as a camera sends them."""
    with av.open(str(clip)) as opened, path.open("wb") as file:
        video = opened.streams.video[0]
        units = BitStreamFilterContext("h264_mp4toannexb,h264_metadata=aud=insert", video)
        for packet in opened.demux(video):
            for unit in units.filter(packet if packet.size else None):
                file.write(bytes(unit))
    return path


def starting(folder: Path, count: int) -> None:
    """Half of the segments are of format 1, as after an update; all are real, with a kilobyte of video."""
    vault = filled(folder / "start", count)
    parts: dict[str, Callable[[], object]] = {
        "at start": lambda: mend(vault.root, vault.catalogue, vault.ring, ["plaza"]),
        **{level: partial(checked, vault, level) for level in Level},
    }
    for name, work in parts.items():
        print(f"reconcile       {timed(work):8.2f} s    {count:,} segments of both formats, {name}")
    vault.catalogue.store.write(lambda db: db.execute("DELETE FROM segments"))
    lost = timed(lambda: mend(vault.root, vault.catalogue, vault.ring, ["plaza"]), wanted=count)
    print(f"reconcile       {lost:8.2f} s    {count:,} segments of both formats, the catalogue was lost")
    assert len(vault.catalogue.segments()) == count
    vault.close()


def checked(vault: VaultFolder, level: Level) -> list[Discrepancy]:
    return list(check(vault.root, vault.catalogue, vault.ring, level))


def timed(work: Callable[[], object], wanted: int = 0) -> float:
    began_s = time.perf_counter()
    found = work()
    assert isinstance(found, list)
    assert len(found) == wanted, found[:3]
    return time.perf_counter() - began_s


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", choices=("sealing", "committing", "starting", "recording", "rtsp"))
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name:
        folder = Path(name)
        parts: dict[str, Callable[[], None]] = {
            "sealing": sealing,
            "committing": lambda: committing(folder),
            "starting": lambda: starting(folder, wanted.segments),
            "recording": lambda: recording(folder, wanted.seconds),
            "rtsp": lambda: by_rtsp(folder, wanted.seconds),
        }
        for part in [wanted.only] if wanted.only else parts:
            parts[part]()


if __name__ == "__main__":
    main()
