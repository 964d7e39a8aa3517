"""The form of an export request, filled in on the command line."""

from pathlib import Path

from edge.config import policy as policies
from edge.governance import plain
from edge.governance.request import ExportRequest
from edge.values.errors import ConfigError


def form(
    case: str,
    node: str,
    camera: str,
    begin: str,
    end: str,
    purpose: str,
    recipient: str,
    expires: str,
    policy: Path,
    *,
    original: bool,
) -> ExportRequest:
    """The request, under the policy in that file.

    Raises:
        ConfigError: a field is not as it should be.
        PolicyError: the policy cannot be read.
    """
    sha256 = plain.sha256(policies.load(policy).policy)
    try:
        return ExportRequest(case, node, camera, begin, end, purpose, recipient, original, expires, sha256)
    except ValueError as failure:
        raise ConfigError(f"request: {failure}") from failure
