"""A recorded stretch of video in memory, before it is sealed: as the camera sent it, never decoded."""

from dataclasses import dataclass, field

from edge.values.moment import Moment
from edge.values.segment import FootageClass


@dataclass(frozen=True, slots=True)
class Recorded:
    """From one key frame to the next that cuts.

    Attributes:
        camera: id.
        began, ended: its first picture, and the end of its last.
        codec: `h264` or `hevc`.
        container: fragmented MP4; must never touch a disk unsealed.
        footage_class: why it is kept.
    """

    camera: str
    began: Moment
    ended: Moment
    codec: str
    container: memoryview = field(repr=False)
    footage_class: FootageClass = FootageClass.ROUTINE

    def __post_init__(self) -> None:
        if self.ended < self.began or not self.container:
            raise ValueError("a recorded stretch wants an end after its beginning, and content")
