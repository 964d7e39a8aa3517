"""A secret by reference: read when it is needed, never shown."""

import os
from dataclasses import dataclass
from pathlib import Path

from edge.values.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret stands: an environment variable or a file.

    Attributes:
        key: the configuration's key, for errors.
        env: name of the variable, or None.
        file: path of the file, or None.
    """

    key: str
    env: str | None = None
    file: Path | None = None

    def read(self) -> str:
        """The secret, without the line's end.

        Raises:
            ConfigError: the variable is not set, the file cannot be read, or nothing stands in it.
        """
        if self.env is not None:
            found = os.environ.get(self.env)
            if not found:
                raise ConfigError(f"{self.key}: the environment variable {self.env} is not set")
            return found
        assert self.file is not None
        try:
            found = self.file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as failure:
            raise ConfigError(f"{self.key}: the file {self.file} cannot be read: {failure}") from failure
        if not found:
            raise ConfigError(f"{self.key}: the file {self.file} is empty")
        return found
