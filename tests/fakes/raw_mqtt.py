"""A publisher that never waits: MQTT 3.1.1 packets made by hand, so that a flood costs its sender little."""

import socket
import struct
import threading
from collections.abc import Iterable
from contextlib import suppress

PUBACK_BYTES = 4


def string(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def packet(kind: int, body: bytes) -> bytes:
    length, size = bytearray(), len(body)
    while True:
        size, low = divmod(size, 128)
        length.append(low | (0x80 if size else 0))
        if not size:
            return bytes([kind]) + bytes(length) + body


class Raw:
    """An MQTT 3.1.1 publisher that never waits: one socket, packets made by hand."""

    def __init__(self, port: int, name: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        hello = string("MQTT") + bytes([4, 2]) + struct.pack(">H", 0) + string(name)
        self._socket.sendall(packet(0x10, hello))
        self._socket.recv(4)
        self._packet_id = 0
        self.sent = self.acknowledged = 0
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        unread = 0
        with suppress(OSError):
            while answers := self._socket.recv(1 << 16):
                unread += len(answers)
                self.acknowledged, unread = self.acknowledged + unread // PUBACK_BYTES, unread % PUBACK_BYTES

    def publish(self, messages: Iterable[tuple[str, bytes]]) -> None:
        made = bytearray()
        for topic, payload in messages:
            self._packet_id = self._packet_id % 65_535 + 1
            self.sent += 1
            made += packet(0x32, string(topic) + struct.pack(">H", self._packet_id) + payload)
        self._socket.sendall(made)
