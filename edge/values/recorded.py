"""A recorded stretch of video in memory, before it is sealed: as the camera sent it, never decoded.

Law: a stretch comes whole, or in pieces that follow each other, so that no more than a piece of it need be in
memory unsealed.
"""

from dataclasses import dataclass, field

from edge.values.moment import Moment
from edge.values.segment import FootageClass


@dataclass(frozen=True, slots=True)
class Recorded:
    """From one key frame to the next that cuts, or a piece of that.

    Attributes:
        camera: id.
        began: first picture of the stretch.
        ended: end of the last picture that can be played with this piece and those before it.
        codec: `h264` or `hevc`.
        container: fragmented MP4; must never touch a disk unsealed.
        footage_class: why it is kept; of several pieces, the last one's word counts.
        opens, closes: whether the stretch begins and ends with this piece.
    """

    camera: str
    began: Moment
    ended: Moment
    codec: str
    container: memoryview = field(repr=False)
    footage_class: FootageClass = FootageClass.ROUTINE
    opens: bool = True
    closes: bool = True

    def __post_init__(self) -> None:
        if self.ended < self.began or (self.opens and not self.container):
            raise ValueError("a recorded stretch wants an end after its beginning, and content")
