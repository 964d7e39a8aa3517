"""Heads of a node's audit log, for a witness to keep."""

from typing import Annotated, Literal

from pydantic import Field

from edge.messages.base import Sha256, Tally, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.privacy.allowed_common import HEX128

Signature = Annotated[str, Field(pattern=f"^(?:{HEX128})$")]


class AuditData(Clocked):
    """How many entries the node's audit log has, and the signed root over them."""

    size: Annotated[Tally, Field(ge=1)] = Field(description="entries in the log")
    root: Sha256 = Field(description="root of the RFC 9162 tree over them, hex")
    key: Sha256 = Field(description="Ed25519 public key of the node's log, hex; the same for its whole life")
    signature: Signature = Field(
        description="Ed25519 signature, hex, over the checkpoint (C2SP): `safecity/<region>/<node>`, size, "
        "root in base64, a line each"
    )


class AuditMessage(Numbered):
    """A signed head of the node's audit log; who keeps it can show a log that was rolled back or forked."""

    type: Literal["safecity.audit.head.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:audit-head:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: AuditData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/audit"
