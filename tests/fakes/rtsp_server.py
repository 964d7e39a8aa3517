"""A real RTSP server: GStreamer's, run with the system's Python, sending a byte stream round and round."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
SCRIPT = """
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

port, path, fps, user, password = sys.argv[1:]
Gst.init(None)
DELIMITER = b"\\x00\\x00\\x00\\x01\\x09"
units = [DELIMITER + unit for unit in open(path, "rb").read().split(DELIMITER)[1:]]


class Feed:
    def __init__(self, source):
        self.source, self.sent = source, 0
        GLib.timeout_add(round(1000 / float(fps)), self.push)

    def push(self):
        buffer = Gst.Buffer.new_wrapped(units[self.sent % len(units)])
        self.sent += 1
        return self.source.emit("push-buffer", buffer) == Gst.FlowReturn.OK


class Factory(GstRtspServer.RTSPMediaFactory):
    def do_create_element(self, url):
        pipeline = Gst.parse_launch(
            "appsrc name=feed is-live=true do-timestamp=true format=time "
            "caps=video/x-h264,stream-format=byte-stream,alignment=au "
            "! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1"
        )
        Feed(pipeline.get_by_name("feed"))
        return pipeline


server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = Factory()
factory.set_shared(True)
if user:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    role = Gst.Structure.new_empty("user")
    role.set_value("media.factory.access", True)
    role.set_value("media.factory.construct", True)
    factory.add_role_from_structure(role)
server.get_mount_points().add_factory("/street", factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
"""


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RtspServer:
    """Serves one byte stream at `url`; can be paused, killed and started again on the same port."""

    def __init__(self, units: Path, *, fps: int = 10, user: str = "", password: str = "") -> None:
        self.port = free_port()
        self._arguments = [str(self.port), str(units), str(fps), user, password]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/street"

    def start(self) -> "RtspServer":
        """Start, and return once it listens."""
        self._process = subprocess.Popen([PYTHON, "-c", SCRIPT, *self._arguments], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", "the RTSP server did not start"
        return self

    def pause(self) -> None:
        """The machine hangs: connections stay open and nothing comes."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """The plug is pulled."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)


def rtsp_server(units: Path, **options: object) -> RtspServer:
    """A started server; skips the test where GStreamer's server is not installed."""
    probe = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    if (
        shutil.which(PYTHON) is None
        or subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs GStreamer's RTSP server for the system Python (gir1.2-gst-rtsp-server-1.0)")
    return RtspServer(units, **options).start()  # type: ignore[arg-type]
