"""Many live cameras from one encoded loop: `/usr/bin/python3 rtsp_feed.py PORT UNITS FPS CAMERAS`.

Run with the system's Python, which has GStreamer's RTSP server. Access units (H.264 with delimiters) are
read once and shared by all mounts `/camera-0`, `/camera-1`…; nothing is encoded here, so it costs little.
Each camera begins at another picture of the loop and at another moment within a frame's time.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

DELIMITER = b"\x00\x00\x00\x01\x09"
KEY_UNIT = 5
PIPELINE = (
    "appsrc name=feed is-live=true do-timestamp=true format=time "
    "caps=video/x-h264,stream-format=byte-stream,alignment=au "
    "! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1"
)


class Feed:
    """Pushes the loop into one camera's pipeline, for as long as somebody takes it."""

    def __init__(self, source, units, first, every_ms, wait_ms):
        self.source, self.units, self.next, self.every_ms = source, units, first, every_ms
        GLib.timeout_add(wait_ms, self.begin)

    def begin(self):
        GLib.timeout_add(self.every_ms, self.push)
        return False

    def push(self):
        buffer = Gst.Buffer.new_wrapped(self.units[self.next % len(self.units)])
        self.next += 1
        return self.source.emit("push-buffer", buffer) == Gst.FlowReturn.OK


class Camera(GstRtspServer.RTSPMediaFactory):
    """One mount; everybody who looks at it shares its pipeline."""

    def __init__(self, units, first, every_ms, wait_ms):
        super().__init__()
        self.plan = (units, first, every_ms, wait_ms)
        self.set_shared(True)

    def do_create_element(self, _url):
        pipeline = Gst.parse_launch(PIPELINE)
        Feed(pipeline.get_by_name("feed"), *self.plan)
        return pipeline


def main(port, path, fps, cameras):
    Gst.init(None)
    with open(path, "rb") as file:  # noqa: PTH123
        units = [DELIMITER + unit for unit in file.read().split(DELIMITER)[1:]]
    keys = [at for at, unit in enumerate(units) if holds_key_picture(unit)]
    every_ms = round(1000 / fps)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    for number in range(cameras):
        camera = Camera(units, keys[number % len(keys)], every_ms, number * 200 // cameras + 1)
        server.get_mount_points().add_factory(f"/camera-{number}", camera)
    server.attach(None)
    print("ready", flush=True)
    GLib.MainLoop().run()


def holds_key_picture(unit):
    """Whether an access unit holds a network abstraction layer unit of an instantaneous refresh."""
    starts = unit.split(b"\x00\x00\x01")[1:]
    return any(start and start[0] & 0x1F == KEY_UNIT for start in starts)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
