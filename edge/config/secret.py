"""A secret by reference: read when it is needed, never shown."""

import os
from dataclasses import dataclass
from pathlib import Path

from edge.values.errors import SecretError


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
            SecretError: the variable is not set, the file cannot be read, or nothing stands in it.
        """
        if self.env is not None:
            found = os.environ.get(self.env)
            if not found:
                raise SecretError(
                    f"{self.key} is missing, because the environment variable {self.env} is not set; set it "
                    "where safecity-edge is started, and start it anew"
                )
            return found
        assert self.file is not None
        try:
            found = self.file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as failure:
            why = failure.strerror if isinstance(failure, OSError) else "it is no text"
            raise SecretError(
                f"{self.key} is missing, because the file {self.file} cannot be read: {why}"
            ) from failure
        if not found:
            raise SecretError(
                f"{self.key} is missing, because the file {self.file} is empty; write the password into it"
            )
        return found
