"""Answers: what a node says to a command."""

from typing import Annotated, Literal

from pydantic import Field

from edge.messages.base import Name, Sha256, Strict, Tally, Utc, Version
from edge.messages.envelope import Clocked, Numbered
from edge.messages.orders import Nonce
from edge.privacy.allowed_answer import PACKAGE
from edge.privacy.allowed_common import ALARM_ID, MAX_CAMERAS
from edge.values.camera_state import CameraState
from edge.values.command import Doubt, Loosened, Outcome, Verb
from edge.values.refusal import Refusal


class HealthCamera(Strict):
    """One camera."""

    id: Name = Field(description="which")
    state: CameraState | Literal["starting"] = Field(description="how it is doing")


class HealthData(Strict):
    """How the node is doing."""

    version: Version = Field(description="version of the software")
    up_s: Tally = Field(description="seconds since its start")
    free_mib: Tally = Field(description="free on the disk of its data, MiB")
    processes: Tally = Field(description="processes of the box")
    down: Tally = Field(description="how many of them do not live now")
    deaths: Tally = Field(description="how often any of them died since the start")
    waiting: Tally = Field(description="messages that wait in the outbox")
    oldest_s: Tally = Field(description="age of the oldest of them, seconds")
    lost: Tally = Field(description="messages that were lost and are not yet reported")
    cameras: list[HealthCamera] = Field(description="one by one", max_length=MAX_CAMERAS)


class PackageData(Strict):
    """What was left on the box to be fetched."""

    name: Annotated[str, Field(pattern=f"^(?:{PACKAGE})$")] = Field(
        description="file in the folder `exports` of the box's data"
    )
    sha256: Sha256 = Field(description="of its bytes")


class AnswerData(Clocked):
    """What became of a command."""

    nonce: Nonce = Field(description="of the command")
    signer: Name = Field(description="who ordered")
    verb: Verb = Field(description="what was ordered")
    outcome: Outcome = Field(
        description="done, begun (another answer says how it ended), challenge (sign it again with that "
        "in it), refused, failed (the box could not)"
    )
    reason: Doubt = Field(
        description="none, other-box, no-right (of the signer's role, by the policy), expired, early, "
        "too-long (good for more than 120 s), replayed (not above the signer's last sequence), clock-unsure, "
        "challenge-unknown (not this box's, too old, or used), no-camera, not-here (nothing on this box "
        "could do it), disk, other-policy (the change is not one of the policy that holds here), quorum (it "
        "loosens a rule and too few signed it), policy (what it makes may not hold here), configuration (the "
        "box's own goes beyond what it makes), review (the day lies outside what the policy says), no-hold, "
        "no-model (of that name and hash), model (a list of those that may look lacks it), unfit (it was "
        "tried, did not work, and the one before works again), export (nothing may leave: see refusal), "
        "no-seal (of the signer's, in the policy), no-release (of that version, number and hash), release "
        "(it may not be taken here, or is damaged), turn (it is for a share of the boxes, not for this)"
    )
    challenge: Nonce | None = Field(None, description="to be signed with the command, within 120 s")
    health: HealthData | None = Field(None, description="with the command health")
    rule: Loosened | None = Field(
        None, description="field of the policy that would be loosened, with the reason quorum"
    )
    hold: Annotated[str, Field(pattern=f"^(?:{ALARM_ID})$")] | None = Field(
        None, description="that was placed or released"
    )
    refusal: Refusal | None = Field(None, description="why nothing may leave, with the reason export")
    package: PackageData | None = Field(None, description="with an export, or a copy of the audit log")


class AnswerMessage(Numbered):
    """What a node says to a command that somebody of its policy signed; others get no answer."""

    type: Literal["safecity.command.answer.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:command-answer:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: AnswerData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/answer"
