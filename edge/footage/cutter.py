"""Where a recording is cut into segments: at key frames only, so that each can be played by itself."""

from dataclasses import dataclass

from edge.values.moment import Moment
from edge.values.segment import SlotId

MOST_SEGMENT_S = 60.0
MOST_BYTES = 24 << 20
"""A segment is cut earlier than its time when it grows beyond this, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class CutSpec:
    """How long segments are, and how large they may be."""

    segment_s: float = 20.0
    most_bytes: int = MOST_BYTES

    def __post_init__(self) -> None:
        if not 0 < self.segment_s <= MOST_SEGMENT_S or self.most_bytes <= 0:
            raise ValueError(
                f"segments want 0 < segment_s <= {MOST_SEGMENT_S:g} and most_bytes > 0, got "
                f"{self.segment_s:g} and {self.most_bytes}"
            )


def cuts(
    spec: CutSpec, camera: str, began: Moment, now: Moment, last_group_s: float, size_bytes: int
) -> bool:
    """Whether a segment ends before the key frame that came now.

    It ends when it is too large, when the camera comes into another slot, and when it would be too long with
    one more group of pictures as long as the last.

    Args:
        spec: how long and large.
        camera: id.
        began: the segment's first picture.
        now: the key frame.
        last_group_s: time between the last two key frames, seconds.
        size_bytes: of the segment until now.
    """
    if size_bytes >= spec.most_bytes:
        return True
    if SlotId.of(camera, began.utc_ns) != SlotId.of(camera, now.utc_ns):
        return True
    return now.seconds_since(began) + last_group_s / 2 >= spec.segment_s
