"""Times of one camera that were not recorded, found while recording goes on."""

from edge.values.moment import NS_PER_S, Moment
from edge.values.recorded import Recorded
from edge.values.unrecorded import Unrecorded, UnrecordedCause

TOLERATED_S = 1.0
"""Stretches that follow each other this closely have no gap: so far smoothing may move a time of arrival."""


class Gaps:
    """Follows one camera; times only ever become longer gaps, never none.

    A clock that is set makes no gap and hides none: how long it lasts is of the monotonic clock.
    """

    def __init__(self, camera: str, ended_ns: int | None, now: Moment) -> None:
        """Begin.

        Args:
            camera: id.
            ended_ns: end of the last picture that is in the vault, UTC ns; None where there never was one.
            now: when this recorder began.
        """
        self._camera = camera
        self._since_ns = now.utc_ns if ended_ns is None else min(ended_ns, now.utc_ns)
        self._offset_ns = now.utc_ns - now.mono_ns
        self._cause = UnrecordedCause.STOPPED
        self._is_under_way = False

    def failed(self, cause: UnrecordedCause) -> None:
        """Nothing is recorded from the last stretch on, for this cause."""
        self._cause = cause
        self._is_under_way = False

    def before(self, stretch: Recorded) -> Unrecorded | None:
        """The gap before a stretch, if there is one; to be written down before the stretch is.

        A crash between the two then leaves a gap that the next start makes longer, and no hole untold. The
        stretch is under way from now on, until it is recorded or failed.
        """
        self._is_under_way = True
        return self._gap(stretch.began)

    def recorded(self, stretch: Recorded) -> None:
        """A stretch was recorded."""
        self._since_ns = stretch.ended.utc_ns
        self._offset_ns = stretch.ended.utc_ns - stretch.ended.mono_ns
        self._cause = UnrecordedCause.CAMERA
        self._is_under_way = False

    def open(self, now: Moment, usual_s: float) -> Unrecorded | None:
        """The gap as it stands now; None while a stretch is under way, or may be for `usual_s` seconds."""
        if self._is_under_way:
            return None
        self._follow(now)
        late = now.utc_ns - self._since_ns > (usual_s + TOLERATED_S) * NS_PER_S
        return self._gap(now) if late else None

    def _gap(self, until: Moment) -> Unrecorded | None:
        self._follow(until)
        if until.utc_ns - self._since_ns <= TOLERATED_S * NS_PER_S:
            return None
        return Unrecorded(self._camera, self._since_ns, until.utc_ns, self._cause)

    def _follow(self, now: Moment) -> None:
        """Tell when it began by the clock of now, which may have been set meanwhile."""
        step_ns = now.utc_ns - now.mono_ns - self._offset_ns
        if abs(step_ns) > TOLERATED_S * NS_PER_S:
            self._since_ns = max(0, self._since_ns + step_ns)
            self._offset_ns += step_ns
