"""A TCP proxy with toxics, after Toxiproxy: late, slow, in slices, reset after a while, silent (half-open).

A toxic may change at any moment and holds for both directions. `silence` swallows bytes and keeps connections
open, as a network does whose other end is gone. Where bytes come through again, a connection that lost some
is reset, because TCP knows no stream with a hole. `reset` ends connections with RST and not with FIN.
"""

import random
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 16 << 10
RST = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Toxic:
    """What is wrong with the way.

    Attributes:
        latency_s: added to every chunk, up to `jitter_s` more by chance.
        bytes_per_s: the most that goes through; None for all.
        slice_bytes: chunks are cut so small; None leaves them.
        reset_after_s: each connection is reset after so long; None never.
        silence: everything is swallowed.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: float | None = None
    slice_bytes: int | None = None
    reset_after_s: float | None = None
    silence: bool = False


@dataclass
class Tally:
    """What came through."""

    connections: int = 0
    resets: int = 0
    bytes: int = 0
    swallowed: int = 0


@dataclass(eq=False)
class ToxicProxy:
    """Listens on a free port of loopback and passes on to another; a context manager."""

    to_port: int
    toxic: Toxic = field(default_factory=Toxic)
    seed: int = 1

    def __post_init__(self) -> None:
        self.tally = Tally()
        self._chance = random.Random(self.seed)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._spawn(self._accept)

    def __enter__(self) -> "ToxicProxy":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Reset whatever is connected now."""
        with self._lock:
            for each in self._open:
                _reset(each)
            self._open.clear()

    def _spawn(self, work: object, *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.to_port), 5.0)
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._open |= {client, server}
                self.tally.connections += 1
            began_s = time.monotonic()
            self._spawn(self._pump, client, server, began_s)
            self._spawn(self._pump, server, client, began_s)
            self._spawn(self._time_bomb, client, server, began_s)

    def _time_bomb(self, client: socket.socket, server: socket.socket, began_s: float) -> None:
        """Resets the pair when its time is over, whether or not anything flows."""
        while client in self._open:
            after_s = self.toxic.reset_after_s
            if after_s is not None and time.monotonic() - began_s >= after_s:
                self.tally.resets += 1
                self._end(client, server)
                return
            time.sleep(0.01)

    def _pump(self, source: socket.socket, target: socket.socket, began_s: float) -> None:
        whole = True
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                toxic = self.toxic
                if toxic.silence:
                    self.tally.swallowed += len(chunk)
                    whole = False
                    continue
                if not whole:
                    break
                size = toxic.slice_bytes or len(chunk)
                for at in range(0, len(chunk), size):
                    self._pass(chunk[at : at + size], target, toxic)
        self._end(source, target)

    def _pass(self, part: bytes, target: socket.socket, toxic: Toxic) -> None:
        wait_s = toxic.latency_s + self._chance.random() * toxic.jitter_s
        if toxic.bytes_per_s is not None:
            wait_s += len(part) / toxic.bytes_per_s
        if wait_s:
            time.sleep(wait_s)
        target.sendall(part)
        self.tally.bytes += len(part)

    def _end(self, *sockets: socket.socket) -> None:
        with self._lock:
            for each in sockets:
                if each in self._open:
                    self._open.discard(each)
                    _reset(each)


def _reset(each: socket.socket) -> None:
    """End it with RST, and wake who waits in it."""
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    with suppress(OSError):
        each.shutdown(socket.SHUT_RD)
    each.close()
