"""Export requests as files: JSON with the request and its signatures, in the order in which people signed."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field

from edge import strictyaml
from edge.config.fields import Strict
from edge.config.policy import SignatureFile
from edge.governance.acceptance import Signature
from edge.governance.request import ExportRequest
from edge.values.errors import PolicyError


class AskedFile(Strict):
    """What is asked for; see `edge.governance.request.ExportRequest`."""

    case: str
    node: str
    camera: str
    begin: str
    end: str
    purpose: str
    recipient: str
    original: bool
    expires: str
    policy_sha256: str


class RequestFile(Strict):
    """The whole file."""

    request: AskedFile
    signatures: Annotated[list[SignatureFile], Field(max_length=8)]


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request with its signatures, first that of who asked."""

    request: ExportRequest
    signatures: tuple[Signature, ...]

    def text(self) -> str:
        """The file."""
        signed = [{"signer": each.signer, "ed25519": each.value.hex()} for each in self.signatures]
        return json.dumps({"request": asdict(self.request), "signatures": signed}, indent=2) + "\n"


def parse(text: str, name: str) -> SignedRequest:
    """The request in a file's text; `name` stands for the file in errors.

    Raises:
        PolicyError: it is none.
    """
    file = strictyaml.parse(text, name, RequestFile, PolicyError)
    try:
        request = ExportRequest(**file.request.model_dump())
    except ValueError as failure:
        raise PolicyError(f"{name}: {failure}") from failure
    signatures = (Signature(each.signer, bytes.fromhex(each.ed25519)) for each in file.signatures)
    return SignedRequest(request, tuple(signatures))
