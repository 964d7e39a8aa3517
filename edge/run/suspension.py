"""Says of every camera that nobody looks, because the policy is over; each minute, for as long as that lasts.

Law: told by the publisher, which is all that still speaks to the centre then. While the disk takes nothing,
it is told again at the next pulse.
"""

from collections.abc import Sequence
from contextlib import suppress

from edge.ports import Clock, Outbox
from edge.privacy.reports import Counts, camera_state
from edge.privacy.spec import Origin
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.errors import StorageError
from edge.values.message import RedactedMessage
from edge.values.moment import Moment

RETELL_S = 60.0


class Suspension:
    """The state of the cameras of a box whose policy is over."""

    def __init__(self, cameras: Sequence[str], outbox: Outbox, origin: Origin, clock: Clock) -> None:
        self._cameras, self._outbox, self._origin, self._clock = tuple(cameras), outbox, origin, clock
        self._since = clock.now()
        self._told: Moment | None = None

    def tell(self) -> None:
        """Tell of all cameras, if it is time to."""
        now = self._clock.now()
        if self._told is not None and now.seconds_since(self._told) < RETELL_S:
            return
        with suppress(StorageError):
            self._outbox.put(tuple(self._of(camera, now) for camera in self._cameras))
            self._told = now

    def _of(self, camera: str, now: Moment) -> RedactedMessage:
        report = CameraReport(camera, CameraState.DEAD, Reason.POLICY_EXPIRED, self._since, now)
        return camera_state(self._origin, report, Counts())
