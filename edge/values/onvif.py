"""What a camera's trouble is called in ONVIF, so that a video management system can show it as its own.

Law: topics of the ONVIF Imaging Service Specification, section "Events", under `tns1:VideoSource`; each is a
property event with `State` true or false. Where the standard asks which service found it, it is analytics.
A frozen picture has no topic in the standard, and gets none here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from edge.values.camera_state import Reason

_SCENE = "tns1:VideoSource/GlobalSceneChange/AnalyticsService"
_LOST = "tns1:VideoSource/SignalLoss"

TOPICS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.DARK_PICTURE: "tns1:VideoSource/ImageTooDark/AnalyticsService",
        Reason.BRIGHT_PICTURE: "tns1:VideoSource/ImageTooBright/AnalyticsService",
        Reason.BLURRED_PICTURE: "tns1:VideoSource/ImageTooBlurry/AnalyticsService",
        Reason.COVERED_PICTURE: _SCENE,
        Reason.MOVED_PICTURE: _SCENE,
        Reason.CHANGED_PICTURE: _SCENE,
        Reason.NO_SIGNAL_PICTURE: _LOST,
        Reason.UNREACHABLE: _LOST,
        Reason.NOT_FOUND: _LOST,
        Reason.NO_VIDEO: _LOST,
        Reason.HUNG: _LOST,
        Reason.STREAM_ENDED: _LOST,
        Reason.CORRUPT: _LOST,
    }
)
"""Topic whose `State` is true while a camera is in trouble for this reason; false at any other time."""
