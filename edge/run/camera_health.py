"""The state of one camera, from what its capture thread lives through; pure, and told only when it changes.

CONNECTING ──frame──► OK ◄──► BLACK, FROZEN
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
}


class CameraHealth:
    """Follows one camera; each verb returns a report where the state or its reason changed, else None."""

    def __init__(self, camera: str, now: Moment) -> None:
        self._report = CameraReport(camera, CameraState.CONNECTING, Reason.STARTING, now, now)

    @property
    def report(self) -> CameraReport:
        """The last change: the state as it still is."""
        return self._report

    def saw(self, picture: Reason, now: Moment) -> CameraReport | None:
        """A frame came, and its picture was judged `NONE`, `DARK_PICTURE` or `SAME_PICTURE`."""
        return self._become(OF_PICTURE[picture], picture, now)

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
