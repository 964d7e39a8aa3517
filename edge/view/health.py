"""The state of one camera, from what its capture thread lives through; pure, and told only when it changes.

CONNECTING ──frame──► OK ◄──► BLACK, FROZEN, IMPAIRED
     │                │▲
     └──────failed────▼│frame
                     DEAD            any ──end of file──► ENDED
"""

from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.moment import Moment

OF_PICTURE = {
    Reason.NONE: CameraState.OK,
    Reason.DARK_PICTURE: CameraState.BLACK,
    Reason.SAME_PICTURE: CameraState.FROZEN,
    Reason.BRIGHT_PICTURE: CameraState.IMPAIRED,
    Reason.NO_SIGNAL_PICTURE: CameraState.IMPAIRED,
    Reason.COVERED_PICTURE: CameraState.IMPAIRED,
    Reason.MOVED_PICTURE: CameraState.IMPAIRED,
    Reason.CHANGED_PICTURE: CameraState.IMPAIRED,
    Reason.BLURRED_PICTURE: CameraState.IMPAIRED,
    Reason.MOVING_CAMERA: CameraState.IMPAIRED,
    Reason.NO_TELEMETRY: CameraState.IMPAIRED,
    Reason.NO_TEMPERATURES: CameraState.IMPAIRED,
    Reason.MOTION_LOST: CameraState.IMPAIRED,
}


def told_of(picture: Reason, view: Reason) -> Reason:
    """What is told where both judges have found something.

    A screen that a machine drew never changes, and one of pure blue has no light in its green.
    """
    return view if picture is Reason.NONE or view is Reason.NO_SIGNAL_PICTURE else picture


OF_LAST = frozenset({Reason.SAME_PICTURE, Reason.DARK_PICTURE})
"""What is true of the pictures of one connection, and need not be of those of the next."""


class CameraHealth:
    """Follows one camera; each verb returns a report where the state or its reason changed, else None."""

    def __init__(self, camera: str, now: Moment) -> None:
        self._report = CameraReport(camera, CameraState.CONNECTING, Reason.STARTING, now, now)
        self._view = Reason.NONE

    @property
    def report(self) -> CameraReport:
        """The last change: the state as it still is."""
        return self._report

    def saw(self, now: Moment) -> CameraReport | None:
        """A frame came; what it shows, `viewed` tells."""
        if self._report.state in OF_PICTURE.values():
            return None
        self._view = Reason.NONE if self._view in OF_LAST else self._view
        return self._become(OF_PICTURE[self._view], self._view, now)

    def viewed(self, view: Reason, now: Moment) -> CameraReport | None:
        """What its pictures are found to show: `NONE`, or why not its place; told while pictures come."""
        self._view = view
        if self._report.state not in OF_PICTURE.values():
            return None
        return self._become(OF_PICTURE[view], view, now)

    def failed(self, reason: Reason, now: Moment) -> CameraReport | None:
        """It could not be opened or broke; it stays dead until the next frame."""
        return self._become(CameraState.DEAD, reason, now)

    def ended(self, now: Moment) -> CameraReport | None:
        """A file was played to its end."""
        return self._become(CameraState.ENDED, Reason.END_OF_FILE, now)

    def _become(self, state: CameraState, reason: Reason, now: Moment) -> CameraReport | None:
        last = self._report
        if (state, reason) == (last.state, last.reason):
            return None
        since = last.since if state is last.state else now
        self._report = CameraReport(last.camera, state, reason, since, now)
        return self._report
