"""The place between a capture thread and the analysis: one frame wide, newest wins, losses are counted."""

import threading

from edge.values.frame import Frame


class NewestSlot:
    """Holds the newest frame of one camera until it is taken."""

    def __init__(self, within_ns: int, arrived: threading.Event) -> None:
        """An empty slot.

        Args:
            within_ns: time after its moment within which a frame is to be taken, ns; sets its deadline.
            arrived: set with every frame; the slots that one analysis loop serves share it.
        """
        self._within_ns = within_ns
        self._arrived = arrived
        self._lock = threading.Lock()
        self._frame: Frame | None = None
        self.taken = 0
        self.replaced = 0

    def put(self, frame: Frame) -> None:
        """Lay down a frame; one that still lies there is lost and counted in `replaced`."""
        with self._lock:
            self.replaced += self._frame is not None
            self._frame = frame
        self._arrived.set()

    def take(self) -> Frame | None:
        """The frame that lies there, which is then gone; None where there is none."""
        with self._lock:
            frame, self._frame = self._frame, None
            self.taken += frame is not None
        return frame

    @property
    def deadline_ns(self) -> int | None:
        """Monotonic time by which the frame wants to be taken, ns; None where there is none."""
        frame = self._frame
        return None if frame is None else frame.moment.mono_ns + self._within_ns
