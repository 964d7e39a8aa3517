"""Everything that leaves a running box, caught: its wire, its answers, its words, its files, its packages.

Law: a way out is one entry of `Caught`, a name and bytes; who searches them knows nothing of how they came.
"""

import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pyrage

from tests.fakes.box import Box
from tests.fakes.toxic_proxy import Toxic, ToxicProxy

Caught = Iterator[tuple[str, bytes]]
STRETCH_BYTES, OVERLAP_BYTES = 512 << 10, 64 << 10
VERBS = """
import json, sys, traceback
from edge.cli import app
for words in json.load(sys.stdin):
    print("$", *words, flush=True)
    try:
        app(words, standalone_mode=False)
    except SystemExit as ended:
        assert not ended.code, (words, ended.code)
"""


class Tap(ToxicProxy):
    """Passes on to a port what it hears, and keeps it, each direction of each connection by itself."""

    def __post_init__(self) -> None:
        self.heard: dict[socket.socket, bytearray] = {}
        super().__post_init__()

    def _pass(self, part: bytes, target: socket.socket, toxic: Toxic) -> None:
        self.heard.setdefault(target, bytearray()).extend(part)
        super()._pass(part, target, toxic)

    def all(self) -> bytes:
        return b"".join(said for _, said in self.caught())

    def caught(self) -> Caught:
        for number, said in enumerate(list(self.heard.values())):
            yield f"wire {number}", bytes(said)


def verbs(*commands: Sequence[str], cwd: Path) -> bytes:
    """All that these verbs say, one after the other in one process of their own; none of them may fail."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", VERBS],
        input=json.dumps(commands).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-4000:]
    return done.stdout


def answers(port: int, *asked: str) -> Caught:
    """What an HTTP listener of loopback says to each `METHOD /path`, heads and errors too."""
    for each in asked:
        method, _, path = each.partition(" ")
        body = b"{}" if method == "POST" else None
        wanted = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, method=method)
        wanted.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(wanted, timeout=10) as answer:
                yield f"http {each}", str(answer.headers).encode() + answer.read()
        except urllib.error.HTTPError as refused:
            yield f"http {each}", str(refused.headers).encode() + refused.read()


def files(folder: Path, *but: Path) -> Caught:
    """Every file below a folder, without those that a camera or a person put there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(each) for each in but):
            yield str(path.relative_to(folder)), path.read_bytes()


def blocks(image: bytes) -> Caught:
    """Stretches of a disk on which there is anything; they overlap, so that none cuts a picture in two."""
    for at in range(0, len(image), STRETCH_BYTES):
        stretch = image[at : at + STRETCH_BYTES + OVERLAP_BYTES]
        if stretch[:STRETCH_BYTES].strip(b"\0"):
            yield f"disk {at}", stretch


def package(path: Path, recipient: pyrage.x25519.Identity) -> Caught:
    """What is in a package of evidence, as its recipient has it."""
    raw = pyrage.decrypt(path.read_bytes(), [recipient])
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        for member in archive:
            opened = archive.extractfile(member)
            assert opened is not None
            yield f"package {member.name}", opened.read()


def strangers(box: Box, *ports: int) -> list[str]:
    """Connections of the box to others than itself and these ports here, and listeners off loopback."""
    held = [(role, c) for role, process in box.look().items() for c in process.net_connections("inet")]
    own = {each.laddr for _, each in held}  # paho wakes itself up through a pair of sockets
    wanted = {*own, *(("127.0.0.1", port) for port in ports)}
    return [f"{role}: {c.laddr} to {c.raddr}" for role, c in held if c.raddr and c.raddr not in wanted] + [
        f"{role}: {c.laddr}" for role, c in held if not c.raddr and c.laddr.ip != "127.0.0.1"
    ]


def dumping(box: Box) -> list[str]:
    """Processes of the box that may leave a core, in which there are pictures, when they crash."""
    found = []
    for role, process in box.look().items():
        with suppress(psutil.NoSuchProcess):  # it read a configuration, and is done
            found += [role] * (process.rlimit(psutil.RLIMIT_CORE) != (0, 0))
    return found


def breaking(breaks: Sequence[str], at: Path, removed: Path) -> dict[str, str]:
    """The environment in which programs are broken so, and keep in `removed` whatever they take away.

    A picture that is left behind lies in `at`.
    """
    folder = Path(__file__).parents[1] / "invariants" / "breaks"
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))
    return {
        "SAFECITY_BREAKS": ",".join(breaks),
        "SAFECITY_BREAKS_AT": str(at),
        "SAFECITY_REMOVED": str(removed),
        "PYTHONPATH": path,
    }
