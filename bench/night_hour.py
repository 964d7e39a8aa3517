"""An hour of clean night before cameras for light and thermal ones: whatever is told is a false alarm.

The hour is simulated, a picture a second, through the judges that run on a box. What moves is the noise of
the sensor alone, and what H.264 makes of it: a key frame every ten pictures, which pump. Thermal cameras
correct themselves every three minutes: the last picture for two seconds, then a jump of all pixels.

    nice -n 10 python -m bench.night_hour [HOURS [WORDS]...]

With words only those cameras whose name has them, in the order of the words.
"""

import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import numpy.typing as npt

from edge.evaluate.health_run import AT_NIGHT, places
from edge.samples import mishaps
from edge.samples.thermal import ThermalScene
from edge.values.camera_state import Reason
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.view.health import told_of
from edge.view.picture import PictureSpec, PictureWatch
from edge.view.watch import ViewSpec, ViewWatch

SEED = 1
KEY_EVERY = 10
Picture = npt.NDArray[np.uint8]
Pictures = Iterator[Picture]


def grainy(still: Picture, sd: float, seconds: int) -> Pictures:
    dice = np.random.default_rng([SEED, 80])
    noise = dice.normal(0, sd, (*still.shape[:2], still.shape[2], 12)).astype(np.float32)
    for second in range(seconds):
        grain = np.roll(noise[..., second % 12], int(dice.integers(0, 200)), axis=(second // 12) % 2)
        yield np.asarray(np.clip(still + grain, 0, 255), np.uint8)


def thermal(ambient_c: float, noise: float, seconds: int) -> Pictures:
    """Grey, of 15 K in 235 levels or of -40 to 150 °C, with corrections."""
    scene = ThermalScene("night", 1.0, (), ambient_c=ambient_c)
    dice = np.random.default_rng([SEED, 81])
    place = scene._place(dice)
    wide = ambient_c < 0
    low, span = (-40.0, 190.0) if wide else (place.min() - 1, 15.0)
    last = place.astype(np.uint8)
    for second in range(seconds):
        if second % 180 not in (178, 179):
            kelvin = place + (second // 180 % 3 - 1) + dice.normal(0, noise, place.shape)
            last = np.clip((kelvin - low) / span * 235, 0, 255).astype(np.uint8)
        yield np.repeat(last[..., None], 3, axis=2)


def encoded(pictures: Pictures, size: Size, crf: int = 0, kbit: int = 0) -> Pictures:
    """What a box decodes of them, after x264 at a quality, or at so many bits a second."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = size.width, size.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1), Fraction(1)
    rate = f":vbv-maxrate={kbit}:vbv-bufsize={kbit}:bitrate={kbit}" if kbit else f":crf={crf}"
    encoder.options = {
        "preset": "veryfast",
        "tune": "zerolatency",
        "x264-params": f"keyint={KEY_EVERY}{rate}",
    }
    decoder = av.CodecContext.create("h264", "r")
    for picture in pictures:
        for packet in encoder.encode(
            av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        ):
            for back in decoder.decode(packet):
                yield back.to_ndarray(format="rgb24")


def told(pictures: Pictures, is_thermal: bool) -> tuple[int, list[str]]:
    """How many pictures were judged, and what was told."""
    view, picture = ViewWatch(ViewSpec(thermal=is_thermal)), PictureWatch(PictureSpec(thermal=is_thermal))
    reasons, second = [Reason.NONE], 0
    for second, pixels in enumerate(pictures):
        moment = Moment(second * NS_PER_S, second * NS_PER_S, ClockTrust.REPLAY)
        counts = np.ascontiguousarray(pixels[..., 1]).astype(np.uint16) if is_thermal else None
        size = Size(pixels.shape[1], pixels.shape[0])
        frame = Frame("camera", "run", second, moment, pixels, size, counts=counts)
        picture.judge(frame)
        view.look(frame)
        reasons.append(told_of(picture.reason, view.reason))
    return second + 1, [now.value for was, now in pairwise(reasons) if now not in (was, Reason.NONE)]


def main(hours: float, wanted: list[str]) -> None:
    seconds = round(hours * 3600)
    street = next(place for place in places(SEED) if place.name == AT_NIGHT).pictures[0]
    still = mishaps.night(street, np.random.default_rng(SEED))
    size, small = Size(still.shape[1], still.shape[0]), Size(320, 240)
    runs: dict[str, tuple[Callable[[], Pictures], bool]] = {}
    for sd in (1.0, 4.0, 8.0, 12.0):
        runs[f"by light, noise of {sd:g} levels"] = lambda sd=sd: grainy(still, sd, seconds), False
    for sd, how in ((4.0, {"crf": 28}), (12.0, {"crf": 28}), (12.0, {"crf": 40}), (8.0, {"kbit": 40})):
        name = f"by light, noise of {sd:g} levels, H.264 {how}"
        runs[name] = lambda sd=sd, how=how: encoded(grainy(still, sd, seconds), size, **how), False
    for ambient_c in (-28.0, 15.0):
        for noise in (0.03, 0.08):
            name = f"thermal at {ambient_c:g} °C, noise of {noise:g} K"
            runs[name] = lambda a=ambient_c, n=noise: thermal(a, n, seconds), True
            runs[f"{name}, H.264 crf 36"] = (
                lambda a=ambient_c, n=noise: encoded(thermal(a, n, seconds), small, crf=36), True,
            )  # fmt: skip
    for name in [name for words in wanted for name in runs if words in name]:
        pictures, is_thermal = runs[name]
        began = time.thread_time()
        judged, alarms = told(pictures(), is_thermal)
        spent = time.thread_time() - began
        print(
            f"{name:58s} {judged:5d} pictures, told {alarms or 'nothing'}, {spent:.0f} s of a core",
            flush=True,
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, sys.argv[2:] or [""])
