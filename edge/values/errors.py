"""The error tree: a type says whose fault it is and whether trying again can help.

    SafecityError
    ├── ConfigError       the operator's file or command line; mend it          exit 2, never retried
    │   ├── SecretError   a password that it names is not there: a camera's is tried for ever    exit 2
    │   └── PolicyError   the state's policy: unsigned, expired, rolled back    exit 2, never retried
    │       └── RefusedError   a key or footage that may not leave; in the audit log  exit 2, never retried
    ├── ModelError        the model folder is wrong, corrupt or not allowed     exit 3, never retried
    ├── CameraError       the camera or the way to it; the world's fault        retried for ever
    ├── BrokerError       the broker or the way to it; the world's fault        retried for ever
    ├── StorageError      the local disk: full, read-only, damaged              exit 4, then restarted
    ├── FootageError      sealed footage that does not open: keys, damage, destroyed  exit 7, never retried
    ├── RedactionError    a message that may not leave; counted, never sent     not retried
    ├── AuditError        a log or a package of evidence does not fit           exit 8, never retried
    └── MessageError      a received message of no known form; its sender's fault    not retried

`exit_code` is what a verb returns when the error reaches the command line.
"""

from typing import ClassVar

from edge.values.camera_state import Reason
from edge.values.policy_fault import PolicyFault
from edge.values.refusal import Refusal


class SafecityError(Exception):
    """Any failure that this program names; its text says what happened and what mends it."""

    exit_code: ClassVar[int] = 1


class ConfigError(SafecityError):
    """The configuration or the command line is wrong; the text names file, line, key, wanted and got."""

    exit_code = 2


class SecretError(ConfigError):
    """A password that the configuration names is not where it should be; the text says how to mend it."""


class PolicyError(ConfigError):
    """The state's policy cannot be accepted, for a `fault` of the closed list."""

    def __init__(self, text: str, fault: PolicyFault = PolicyFault.UNREADABLE) -> None:
        super().__init__(text)
        self.fault = fault


class RefusedError(PolicyError):
    """A key of footage, or footage, may not leave, for a `reason` of the closed list."""

    def __init__(self, text: str, reason: Refusal) -> None:
        super().__init__(text)
        self.reason = reason


class ModelError(SafecityError):
    """A model folder is wrong, corrupt, not allowed, or gives answers that cannot be true."""

    exit_code = 3


class CameraError(SafecityError):
    """A camera cannot be opened or read, for a `reason` of the closed list; try again later."""

    exit_code = 5

    def __init__(self, text: str, reason: Reason = Reason.UNREACHABLE) -> None:
        super().__init__(text)
        self.reason = reason


class BrokerError(SafecityError):
    """A broker cannot be reached or refuses; try again later."""

    exit_code = 6


class StorageError(SafecityError):
    """The local disk is full, read-only or damaged."""

    exit_code = 4


class FootageError(SafecityError):
    """Sealed footage does not open: the keys are others, its key was destroyed, or its bytes were changed."""

    exit_code = 7


class RedactionError(SafecityError):
    """A message holds something that is not on the allow-list; it is counted and never sent."""


class AuditError(SafecityError):
    """A record that must not change does not fit; the text names the first entry or file that differs."""

    exit_code = 8


class MessageError(SafecityError):
    """A received message is of no known form, or came on a topic that is not its own."""
