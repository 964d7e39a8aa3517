"""What the verb `check` found, a line each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from edge.values.errors import BrokerError, CameraError, ConfigError, ModelError, SafecityError, SecretError


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table.

    Attributes:
        part: what was looked at, such as `camera plaza`.
        found: what is there.
        verdict: ok, warn or fail.
        advice: how to mend it; "" when nothing is to be done.
        exit_code: status of the verb if this failed.
    """

    part: str
    found: str
    verdict: str
    advice: str = ""
    exit_code: int = 0


def guarded(part: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Findings of a look; an error that the program names becomes a finding of its own."""
    try:
        return list(look())
    except SafecityError as failure:
        return [Finding(part, str(failure), "fail", _ADVICE.get(type(failure), ""), failure.exit_code)]


_ADVICE: dict[type[SafecityError], str] = {
    CameraError: "see that the camera answers, and the URL, user name and password are right",
    BrokerError: "see that the broker runs, and host, port, user name, password and certificates are right",
    ModelError: "name a bundled model, or mend the model folder",
    SecretError: "put the password there; until then the box runs on without this camera",
    ConfigError: "mend the configuration",
}
