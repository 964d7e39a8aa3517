"""Wiring of a camera's password: read whenever its stream is opened, as it stands then.

Law: a password that is not there is that camera's trouble and no other's: it is told once in the log, with
how to mend it, and tried again like a camera that is away. A changed one is taken with the next opening.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from edge.adapters.av_spec import SourceSpec
from edge.values.camera_state import Reason
from edge.values.errors import CameraError, SecretError


@dataclass(slots=True)
class Entrance:
    """The way into one camera's stream.

    Attributes:
        camera: its id.
        source: its stream, with its password.
        log: of the process that opens it.
    """

    camera: str
    source: Callable[[], SourceSpec]
    log: logging.Logger
    _told: str = ""

    def now(self) -> SourceSpec:
        """The stream with the password that stands there now.

        Raises:
            CameraError: there is none.
        """
        try:
            found = self.source()
        except SecretError as failure:
            if str(failure) != self._told:
                self._told = str(failure)
                self.log.error("%s; camera %s is away until then", failure, self.camera)
            raise CameraError(str(failure), Reason.NO_PASSWORD) from failure
        self._told = ""
        return found
