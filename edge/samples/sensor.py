"""The sensor: what lens, noise, weather and encoder do to a clean picture."""

import cv2
import numpy as np

from edge.samples.light import Light
from edge.samples.scene import Sensor
from edge.samples.texture import F32
from edge.values.frame import Pixels

_BANK = 1 << 20


class Eye:
    """One camera's own sensor: gains, vignette and a bank of noise drawn once."""

    def __init__(self, sensor: Sensor, light: Light, empty: Pixels, rng: np.random.Generator) -> None:
        """A camera that has got used to the brightness of the empty scene, a picture of its own size."""
        self._sensor, self._rng, self._grey = sensor, rng, light.grey
        self._grain = sensor.grain * light.grain
        self._bank: F32 = rng.standard_normal(_BANK, dtype=np.float32)
        height, width = empty.shape[:2]
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        fall = 1 - sensor.vignette * (x * x + y * y).astype(np.float32)
        self._gain: F32 = fall[:, :, None] * np.array(sensor.gains, np.float32) * np.float32(sensor.contrast)
        self._gain *= np.float32(np.clip(255 * light.exposure / max(1.0, float(empty.mean())), 0.6, 2.4))
        self._lift = np.float32(255 * light.exposure * (1 - sensor.contrast))

    def see(self, clean: Pixels, clock_s: float) -> Pixels:
        """The picture as it leaves the camera, H×W×3 uint8."""
        picture: F32 = clean.astype(np.float32)
        if self._sensor.rain > 0:
            self._rain(picture)
        if self._sensor.blur_px > 0:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), self._sensor.blur_px), np.float32)
        picture = picture * self._gain + self._lift
        if self._grey:
            picture = np.repeat((picture @ np.array([0.30, 0.59, 0.11], np.float32))[:, :, None], 3, axis=2)
        self._noise(picture)
        seen = np.clip(picture, 0, 255).astype(np.uint8)
        if self._sensor.caption:
            _caption(seen, self._sensor.caption, clock_s)
        return _jpeg(seen, self._sensor.jpeg) if self._sensor.jpeg else seen

    def _noise(self, picture: F32) -> None:
        """Grain in brightness, half as much in colour, coarser than one pixel as after denoising."""
        if self._grain <= 0:
            return
        height, width = picture.shape[:2]
        for share, planes in ((0.85, (0, 1, 2)), (0.4, (0,)), (0.4, (2,))):
            start = int(self._rng.integers(0, _BANK - height * width))
            field = self._bank[start : start + height * width].reshape(height, width)
            field = cv2.GaussianBlur(field, (0, 0), 0.5) * np.float32(1.6 * share * self._grain)
            for plane in planes:
                picture[:, :, plane] += field

    def _rain(self, picture: F32) -> None:
        """Short bright streaks falling a little aslant."""
        height, width = picture.shape[:2]
        count = int(width * self._sensor.rain)
        starts = self._rng.uniform(0, 1, (count, 2)) * [width, height]
        streaks = np.zeros((height, width), np.float32)
        for (x, y), length in zip(starts, self._rng.uniform(4, 16, count), strict=True):
            end = (int(x - length * 0.15), int(y + length))
            cv2.line(streaks, (int(x), int(y)), end, 55.0, 1, cv2.LINE_AA)
        picture += streaks[:, :, None]


def _caption(picture: Pixels, name: str, clock_s: float) -> None:
    minutes, seconds = divmod(int(clock_s), 60)
    text = f"{name}  2026-01-01 {12 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    for colour, thick in (([0, 0, 0], 3), ([235, 235, 235], 1)):
        cv2.putText(picture, text, (8, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, thick, cv2.LINE_AA)


def _jpeg(picture: Pixels, quality: int) -> Pixels:
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
