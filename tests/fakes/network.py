"""A network of the kernel's own: box, router and far side in namespaces, whose line is cut or slow for real.

A cut is a router that forwards nothing and says nothing: both ends keep a connection whose other end is gone,
as when a modem loses its mast. No proxy stands in the way, so that it is the kernel's TCP that finds out.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

NEW_NETWORK = 0x40000000
FAR = "10.77.2.2"
LINKS = ("box", "10.77.1.2", "10.77.1.1"), ("far", FAR, "10.77.2.1")


class Network:
    """Three namespaces in a row; a context manager. Skips where nobody may make them."""

    def __init__(self) -> None:
        self._tag = uuid4().hex[:8]
        if os.geteuid() != 0 or _ip("netns", "add", self._name("way")) != 0:
            pytest.skip("wants root, iproute2 and network namespaces")
        try:
            self._build()
        except subprocess.CalledProcessError as error:
            self.__exit__()
            pytest.skip(f"this kernel does not join namespaces: {error}")

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, *_: object) -> None:
        for end in ("box", "far", "way"):
            _ip("netns", "delete", self._name(end))

    def cut(self) -> None:
        """From now on nothing comes through, and nobody is told."""
        self._forward(False)

    def mend(self) -> None:
        """It comes through again, as fast as it can."""
        self._forward(True)
        for device in ("box", "far"):
            with suppress(subprocess.CalledProcessError):
                self._in_way("tc", "qdisc", "del", "dev", device, "root")

    def slow(self, kbit_per_s: int) -> None:
        """No faster than this in either direction; what waits for longer than two seconds is dropped."""
        rate = (f"{kbit_per_s}kbit", "burst", "4kb", "latency", "2s")
        for device in ("box", "far"):
            self._in_way("tc", "qdisc", "replace", "dev", device, "root", "tbf", "rate", *rate)

    @contextmanager
    def inside(self, end: str) -> Iterator[None]:
        """Sockets and processes that this thread makes meanwhile are at that end."""
        libc = ctypes.CDLL(None, use_errno=True)
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self._name(end)}", os.O_RDONLY)
        try:
            assert libc.setns(there, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
            yield
        finally:
            assert libc.setns(home, NEW_NETWORK) == 0
            os.close(home)
            os.close(there)

    def _name(self, end: str) -> str:
        return f"sce-{end}-{self._tag}"

    def _build(self) -> None:
        way = self._name("way")
        for end, address, gateway in LINKS:
            name = self._name(end)
            pair = ("type", "veth", "peer", "name", "eth", "netns", name)
            for words in (
                ("netns", "add", name),
                ("link", "add", end, "netns", way, *pair),
                ("-n", name, "address", "add", f"{address}/24", "dev", "eth"),
                ("-n", way, "address", "add", f"{gateway}/24", "dev", end),
                ("-n", name, "link", "set", "lo", "up"),
                ("-n", name, "link", "set", "eth", "up"),
                ("-n", way, "link", "set", end, "up"),
                ("-n", name, "route", "add", "default", "via", gateway),
            ):
                subprocess.run(["ip", *words], check=True, capture_output=True)
        self._forward(True)

    def _forward(self, on: bool) -> None:
        with self.inside("way"):
            Path("/proc/sys/net/ipv4/ip_forward").write_text(str(int(on)))

    def _in_way(self, *command: str) -> None:
        subprocess.run(["ip", "netns", "exec", self._name("way"), *command], check=True, capture_output=True)


def _ip(*words: str) -> int:
    try:
        return subprocess.run(["ip", *words], check=False, capture_output=True).returncode
    except FileNotFoundError:
        return 1
