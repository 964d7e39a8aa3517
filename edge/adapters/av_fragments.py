"""A recorded stretch as it grows: packets go in, fragments of MP4 come out, and nothing is decoded.

Law: no more than a fragment is in memory: about a second, or a mebibyte. What came out until the end of a
fragment can be played without what comes after.
"""

from fractions import Fraction

import av
import av.error
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge.values.moment import NS_PER_S, Moment

FRAGMENTED = {
    "movflags": "empty_moov+default_base_moof+delay_moov+frag_keyframe",
    "frag_duration": "1000000",  # microseconds
    "frag_size": str(1 << 20),
}
BUFFER_BYTES = 128 << 10
"""What libavformat hands over at once."""


class _Blocks:
    """What libavformat writes into: it cannot go back, so it must write fragments."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, block: bytes) -> int:
        self.waiting.append(bytes(block))
        return len(block)

    def taken(self) -> memoryview:
        """What was written since the last time."""
        taken = memoryview(b"".join(self.waiting))
        self.waiting.clear()
        return taken


class Fragments:
    """One stretch that is being recorded; its times are those of presentation, so they grow without jumps.

    Attributes:
        began: its first picture.
        group: its last key frame.
        opens: whether nothing of it came out yet.
        size_bytes: of the packets that were taken in.
    """

    def __init__(self, template: VideoStream, base: Fraction, time_ns: int, began: Moment) -> None:
        self._blocks = _Blocks()
        self._output: OutputContainer = av.open(
            self._blocks, "w", format="mp4", options=dict(FRAGMENTED), buffer_size=BUFFER_BYTES
        )
        self._stream = self._output.add_stream_from_template(template, opaque=False)
        self._base, self._zero_ns, self._last = base, time_ns, -1
        self._ticks, self._per = base.denominator, base.numerator * NS_PER_S
        self.began = self.group = began
        self.opens, self.size_bytes = True, 0

    def add(self, packet: "Packet[VideoStream]", time_ns: int) -> bool:
        """Take a packet in, to be decoded at `time_ns`; whether a fragment came out, of what was before it.

        Raises:
            av.error.FFmpegError: the container does not take it.
        """
        pts, dts = packet.pts, packet.dts
        ahead = 0 if pts is None or dts is None else max(0, pts - dts)
        ticks = ((time_ns - self._zero_ns) * self._ticks + self._per // 2) // self._per
        self._last = max(ticks, self._last + 1)
        packet.dts = self._last
        packet.pts = self._last + ahead
        size = packet.size
        packet.stream = self._stream
        packet.time_base = self._base
        self._output.mux(packet)
        self.size_bytes += size
        return bool(self._blocks.waiting)

    def taken(self) -> memoryview:
        """The fragments that came out since the last time."""
        self.opens = False
        return self._blocks.taken()

    def closed(self) -> memoryview:
        """What was left."""
        self._output.close()
        return self._blocks.taken()
