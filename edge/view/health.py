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

DRAWN = frozenset({Reason.SAME_PICTURE, Reason.DARK_PICTURE})
"""What a drawn screen is too: it never changes, and one of pure blue has no light in its green."""


class CameraHealth:
    """Follows one camera; each verb returns a report where the state or its reason changed, else None."""

    def __init__(self, camera: str, now: Moment) -> None:
        self._report = CameraReport(camera, CameraState.CONNECTING, Reason.STARTING, now, now)
        self._view = Reason.NONE

    @property
    def report(self) -> CameraReport:
        """The last change: the state as it still is."""
        return self._report

    def saw(self, picture: Reason, now: Moment) -> CameraReport | None:
        """A frame came, and its picture was judged `NONE`, `DARK_PICTURE` or `SAME_PICTURE`."""
        drawn = self._view is Reason.NO_SIGNAL_PICTURE and picture in DRAWN
        reason = self._view if picture is Reason.NONE or drawn else picture
        return self._become(OF_PICTURE[reason], reason, now)

    def viewed(self, view: Reason, now: Moment) -> CameraReport | None:
        """What its pictures are found to show: `NONE`, or why not its place; told while pictures come."""
        self._view, last = view, self._report
        if last.reason is view or last.state not in (CameraState.OK, CameraState.IMPAIRED):
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
