"""A camera that lives through a script."""

import threading
from collections.abc import Iterable

from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.frame import Frame

HANG = "hang"
"""In a script: `read` blocks until the camera is closed."""

STUCK = "stuck"
"""In a script: `read` blocks whatever happens, until `freed`."""

Scene = Frame | CameraError | None | str


class FakeCamera:
    """Gives out a frame, raises an error, ends (None) or blocks, as the script says; then it has ended."""

    def __init__(self, script: Iterable[Scene], freed: threading.Event | None = None) -> None:
        self._script = iter(script)
        self._closed = threading.Event()
        self._broken: CameraError | None = None
        self._freed = freed or threading.Event()
        self.reading = threading.Event()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def read(self) -> Frame | None:
        scene = None if self.closed else self._broken or next(self._script, None)
        self.reading.set()
        if isinstance(scene, str):
            (self._closed if scene == HANG else self._freed).wait()
        if self.closed:
            raise CameraError("the fake camera was closed", Reason.WORKER_STOPPED)
        if isinstance(scene, CameraError):
            self._broken = scene
            raise scene
        return scene if isinstance(scene, Frame) else None

    def close(self) -> None:
        self._closed.set()
