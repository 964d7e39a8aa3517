"""Track ids become short names that nobody can link over periods, cameras or runs.

Law: the key of a period is the hash of the key before it and the old key is forgotten, so a box that
is opened today cannot say who was who yesterday. Within one period a track keeps its name.
What this cannot hide: an event that lasts over a change of period carries both names, one per
revision, and boxes of successive messages may lie on one path.
"""

import base64
import hashlib
import hmac

from edge.values.moment import Moment

NAME_LENGTH = 8
MIN_SEED_BYTES = 16


class Pseudonyms:
    """Names for the tracks of one camera in one run.

    `seed` is at least 16 bytes: fresh randomness for a live camera, held in memory only; a hash of the
    inputs for a replay, which must give the same bytes twice.
    """

    def __init__(self, seed: bytes, camera: str, period_s: float) -> None:
        if len(seed) < MIN_SEED_BYTES:
            raise ValueError(f"a seed wants {MIN_SEED_BYTES} bytes or more, got {len(seed)}")
        if not period_s > 0:
            raise ValueError(f"a period wants more than 0 s, got {period_s}")
        self._key = hmac.digest(seed, b"camera\0" + camera.encode(), "sha256")
        self._namer = _namer(self._key)
        self._period_s = period_s
        self._began: Moment | None = None
        self._period = 0

    def name(self, track: int, moment: Moment) -> str:
        """The track's name at that moment: 8 letters and digits (40 bits of HMAC-SHA-256, RFC 2104).

        Periods are counted from the first moment asked about. A moment of a period that is over gets a
        name of the present period, because the old key is gone.
        """
        self._turn_to(moment)
        namer = self._namer.copy()
        namer.update(track.to_bytes(8, "big", signed=True))
        return base64.b32encode(namer.digest()[:5]).decode("ascii").lower()

    def _turn_to(self, moment: Moment) -> None:
        if self._began is None:
            self._began = moment
        period = int(moment.seconds_since(self._began) // self._period_s)
        while self._period < period:
            self._key = hashlib.sha256(b"ratchet\0" + self._key).digest()
            self._namer = _namer(self._key)
            self._period += 1

    def __repr__(self) -> str:
        return f"Pseudonyms(period {self._period} of {self._period_s:g} s)"


def _namer(key: bytes) -> hmac.HMAC:
    """What hashes track ids under a key; made once for each key, because that costs more than a name."""
    return hmac.new(key, b"track\0", "sha256")
