"""Scales decoded pictures to RGB of the analysed size, in two steps of swscale that are each fast.

Law: no full-size copy is made. The picture is scaled as YUV and turned into RGB when it is small: a single
step from YUV to a smaller RGB takes swscale's generic path, costs up to four times as much, and rounds worse.
"""

from typing import cast

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from edge.values.frame import Pixels, Size

SMALL_YUV = "yuv420p"


class Scaler:
    """Scales the pictures of one source; keeps swscale's tables between them."""

    def __init__(self) -> None:
        self._to_size = VideoReformatter()
        self._to_rgb = VideoReformatter()

    def scaled(self, picture: VideoFrame, size: Size) -> Pixels:
        """The picture at another size, each pixel the mean of those it covers.

        Returns:
            uint8 height×width×3, RGB.
        """
        width, height = size
        area = Interpolation.AREA
        small = self._to_size.reformat(picture, width, height, SMALL_YUV, interpolation=area, threads=1)
        rgb = self._to_rgb.reformat(small, width, height, "rgb24", interpolation=area, threads=1)
        return cast(Pixels, rgb.to_ndarray())
