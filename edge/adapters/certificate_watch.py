"""Notices that the certificate files of a connection were replaced by others that can be used.

Law: files are replaced one after the other, so a certificate and a key that do not belong together are no
change yet. Looking costs two `stat` calls; files are read only when they changed.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.values.errors import ConfigError

log = logging.getLogger("publish")

Look = tuple[tuple[int, int, int] | None, ...]


class CertificateWatch:
    """Watches the files of one endpoint; for one thread."""

    def __init__(self, endpoint: MqttEndpoint) -> None:
        self._endpoint = endpoint
        files = (endpoint.ca_file, endpoint.cert_file, endpoint.key_file)
        self._files = [file for file in files if file is not None]
        self._used = self._tried = _look(self._files)

    def taken(self) -> None:
        """Take note that a connection is about to be made with the files as they are now."""
        self._used = self._tried = _look(self._files)

    def changed(self) -> bool:
        """Whether there are others by now, and they can be used."""
        seen = _look(self._files)
        if seen in (self._used, self._tried):
            return False
        self._tried = seen
        try:
            self._endpoint.tls()
        except ConfigError as error:
            log.warning("new certificate files are not used yet: %s", error)
            return False
        log.info("there are new certificate files: connecting anew")
        return True


def _look(files: Sequence[Path]) -> Look:
    return tuple(map(_one, files))


def _one(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
