"""The least that recording with PyAV costs: packets of a clip, each when due, into MP4 in memory, and away.

    python bench/loops/bare_remux.py CLIP CAMERAS

CLIP may be the URL of an RTSP camera. Nothing of this program is in it: no times, no sealing, no disk. It
goes on until it is killed.
"""

import sys
import threading
import time

import av

FRAGMENTED = {"movflags": "empty_moov+default_base_moof+delay_moov+frag_keyframe"}
SEGMENT_S = 10


class Away:
    def write(self, block: bytes) -> int:
        return len(block)


def remux(clip: str) -> None:
    is_live = "://" in clip
    source = av.open(clip, options={"rtsp_transport": "tcp"} if is_live else {})
    video = source.streams.video[0]
    began, cut, last, output = time.monotonic(), 0.0, -1, None
    for packet in source.demux(video):
        if not packet.size:
            return
        due = time.monotonic() - began if is_live else float(packet.dts * video.time_base)
        time.sleep(max(0.0, began + due - time.monotonic()))
        if packet.is_keyframe and (output is None or due - cut >= SEGMENT_S):
            if output is not None:
                output.close()
            output, cut = av.open(Away(), "w", format="mp4", options=FRAGMENTED), due
            stream = output.add_stream_from_template(video, opaque=False)
        if output is None:  # a live stream may begin within a group of pictures
            continue
        if is_live:  # what a camera's clock says is not always in order
            packet.dts = packet.pts = last = max(last + 1, packet.pts or 0)
        packet.stream = stream
        output.mux(packet)


if __name__ == "__main__":
    for _ in range(int(sys.argv[2])):
        threading.Thread(target=remux, args=(sys.argv[1],), daemon=True).start()
    time.sleep(1e6)
