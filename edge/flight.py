"""The flight of one moving camera, as its pipeline sees it: who is carried along, and which rules hold.

Law: a rule that is switched off says so. Nobody is followed over a picture of which it is not known how the
camera moved. By the pictures first, which know best; where they show nothing to hold on to, by telemetry.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.scene.aloft import Aloft
from edge.track.tracker import Tracker
from edge.values.camera_state import Reason
from edge.values.fact import Fact
from edge.values.frame import Frame, Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks
from edge.view.ego import EgoMotion, Shift

TOLD_AFTER_S = 3.0
"""A trouble is told once it has lasted so long, and withdrawn once it has been over for as long."""


@dataclass(slots=True)
class Trouble:
    """Something that is told once it has lasted, and withdrawn once it has been over for a while."""

    told: bool = False
    _since: Moment | None = None

    def note(self, there: bool, now: Moment) -> None:
        """Whether it is there now."""
        if there is self.told:
            self._since = None
            return
        self._since = self._since or now
        if now.seconds_since(self._since) >= TOLD_AFTER_S:
            self.told, self._since = there, None


@dataclass(slots=True)
class Flight:
    """What a moving camera needs beside the rest of its pipeline.

    Attributes:
        aloft: who stands where on the map; None where the camera has no places there.
        fixed_only: rules that are for a camera that hangs still, and so are off.
        on_map: rules that are off while the camera does not say where it is.
    """

    aloft: Aloft | None = None
    fixed_only: tuple[str, ...] = ()
    on_map: tuple[str, ...] = ()
    shift: Shift | None = field(default=None, init=False)
    """How the last picture moved, as the pictures have it."""
    _ego: EgoMotion = field(default_factory=EgoMotion)
    _lost: Trouble = field(default_factory=Trouble)
    _nowhere: Trouble = field(default_factory=Trouble)
    _last: Frame | None = None

    def lead(self, tracker: Tracker, frame: Frame) -> None:
        """Carry everybody along with the camera, or let go of them; every frame is shown here once."""
        before, self._last = self._last, frame
        self.shift = self._ego.look(frame.pixels)
        warp = self._by_telemetry(before, frame) if self.shift is None else self.shift.warp
        self._nowhere.note(self.aloft is not None and frame.fix is None, frame.moment)
        if before is None:
            return
        self._lost.note(warp is None, frame.moment)
        if warp is None:
            tracker.lose()
        else:
            tracker.carry(_in_pixels(warp, before.size, frame.size))

    def observe(self, tracks: Tracks, frame: Frame) -> tuple[Fact, ...]:
        """What these tracks show on the map."""
        return () if self.aloft is None else self.aloft.observe(tracks, frame.size, frame.fix, frame.moment)

    def unseen(self, moment: Moment) -> None:
        """Nothing is known at this moment."""
        if self.aloft is not None:
            self.aloft.unseen(moment)

    @property
    def reason(self) -> Reason:
        """The worst that is to be told."""
        if self._nowhere.told:
            return Reason.NO_TELEMETRY
        if self._lost.told:
            return Reason.MOTION_LOST
        return Reason.MOVING_CAMERA if self.fixed_only else Reason.NONE

    @property
    def rules_off(self) -> tuple[str, ...]:
        """Rules that cannot be judged now."""
        return (*self.fixed_only, *(self.on_map if self._nowhere.told else ()))

    def _by_telemetry(self, before: Frame | None, frame: Frame) -> npt.NDArray[np.float64] | None:
        """The last picture's unit square in this one's, 3×3, as the telemetry of both has it."""
        if self.aloft is None or before is None or before.fix is None or frame.fix is None:
            return None
        return self.aloft.overhead(frame.fix, frame.size).warp_from(
            self.aloft.overhead(before.fix, before.size)
        )


def _in_pixels(warp: npt.NDArray[np.float64], before: Size, now: Size) -> npt.NDArray[np.float64]:
    """A homography between unit squares as one between pixels."""
    return np.diag([*now, 1.0]) @ warp @ np.diag([1.0 / before.width, 1.0 / before.height, 1.0])
