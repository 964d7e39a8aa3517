"""Camera states: whether anybody watches this place now."""

from typing import Literal

from pydantic import Field

from edge.messages.base import Name, Strict, Tally, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.values.camera_state import CameraState, Reason

OnvifTopic = Literal[
    "tns1:VideoSource/GlobalSceneChange/AnalyticsService",
    "tns1:VideoSource/ImageTooBlurry/AnalyticsService",
    "tns1:VideoSource/ImageTooBright/AnalyticsService",
    "tns1:VideoSource/ImageTooDark/AnalyticsService",
    "tns1:VideoSource/SignalLoss",
]
Decoder = Literal["software", "vaapi", "cuda", "qsv", "drm", "videotoolbox", "d3d11va"]


class FrameCounts(Strict):
    """What became of the camera's frames since its worker started."""

    sampled: Tally = Field(description="frames taken from the stream")
    answered: Tally = Field(description="frames that the detector answered")
    still: Tally = Field(description="frames without motion, for which the detector was not asked")
    unanswered: Tally = Field(description="frames for which the detector gave no answer")
    dropped: Tally = Field(description="frames that a newer one replaced before they were looked at")
    refused: Tally = Field(description="messages that the allow-list refused to let out")
    reconnects: Tally = Field(description="times the stream was opened again")


class Decoding(Strict):
    """How the stream is decoded; `used` differs from `wanted` after a fall-back."""

    wanted: Literal["auto"] | Decoder = Field(description="what the configuration wants")
    used: Decoder = Field(description="what works")


class CameraData(Clocked):
    """How a camera is doing."""

    camera: Name = Field(description="the camera")
    state: CameraState = Field(description="everything but ok means that nobody watches this place well now")
    reason: Reason = Field(description="why it is so")
    since: Utc = Field(description="since when it is so, UTC")
    counts: FrameCounts
    onvif: OnvifTopic | None = Field(
        None, description="what ONVIF calls it: a property event whose State is true for as long as it is so"
    )
    decoder: Decoding | None = None
    rules_off: list[Name] | None = Field(
        None,
        description="rules that cannot be judged now because the camera moves",
        min_length=1,
        max_length=256,
    )


class CameraMessage(Numbered):
    """How a camera is doing; retained, repeated while the box lives, expires when it falls silent."""

    type: Literal["safecity.camera.state.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<node>/<camera>`")
    subject: Name = Field(description="the camera")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:camera-state:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: CameraData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/state/{self.data.camera}"
