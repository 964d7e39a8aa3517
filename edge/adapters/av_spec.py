"""How one video source is to be read. Credentials live here and in no text that this module makes."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit, urlunsplit

CREDENTIALS = re.compile(r"(?<=://)\S+@")  # up to the last @, as passwords hold anything
SECRET_QUERY = re.compile(
    r"(?<=[?&;/])((?:pass|pwd|token|auth|key|secret|user)[^=&]*)=[^&#\s]*", re.IGNORECASE
)
USERNAME, PASSWORD = "{username}", "{password}"
PLACES = re.compile(r"\{username\}|\{password\}")


def redacted(text: str) -> str:
    """`text` with the credentials of every URL in it blotted out, those in query strings too."""
    return SECRET_QUERY.sub(r"\1=***", CREDENTIALS.sub("***@", text))


class Transport(StrEnum):
    """What carries the pictures of an RTSP camera."""

    TCP = "tcp"
    UDP = "udp"


class Pace(StrEnum):
    """How fast a file is played; a live stream has its own pace."""

    REALTIME = "realtime"  # as a live camera would send it; what comes late is dropped
    FAST = "fast"  # as fast as it can be decoded; nothing is dropped, times are the clip's own


class Decode(StrEnum):
    """Which decoder is wanted; a device that is missing falls back to software and says so."""

    AUTO = "auto"  # the first device that works, else software
    SOFTWARE = "software"
    VAAPI = "vaapi"
    CUDA = "cuda"
    QSV = "qsv"
    DRM = "drm"
    VIDEOTOOLBOX = "videotoolbox"
    D3D11VA = "d3d11va"


@dataclass(slots=True)
class SourceCount:
    """What became of a camera's pictures, over all of its connections.

    Attributes:
        read: pictures decoded, or passed over undecoded where each stands alone.
        sampled: pictures given out as frames.
        late: times a file played in real time fell behind by so much that its clock was set anew.
        errors: packets or pictures that could not be decoded.
        fallbacks: decoders that went from a wanted device to software.
        bytes: of the packets of the video, compressed.
    """

    read: int = 0
    sampled: int = 0
    late: int = 0
    errors: int = 0
    fallbacks: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class ThermalPicture:
    """How the pictures of a thermal camera are to be taken.

    Attributes:
        least_span: counts between which a picture without contrast is spread, so that noise stays grey; None
            where the camera sends no counts, but a grey picture.
        black_hot: whether black is hot in it.
    """

    least_span: float | None
    black_hot: bool = False


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One video source.

    Attributes:
        url: file path, file://, rtsp(s)://, http(s)://, udp:// or a V4L2 device such as /dev/video0. A camera
            that wants its credentials in the path or the query has {username} and {password} there.
        detect_fps: pictures sampled per second of presentation time.
        username, password: credentials kept apart from the URL; they go before those inside it.
        transport: what carries RTSP.
        decode: which decoder is wanted.
        pace: how fast a file is played.
        loop: play a file again and again.
        hang_s: longest time without a picture from a live stream, and the longest opening, seconds.
        clip_start_ns: UTC of a clip's first picture when it is played with `Pace.FAST`, ns since the epoch.
        thermal: how the pictures of a thermal camera are to be taken; None for other cameras.
        telemetry: whether the data streams of the source are wanted too.
    """

    url: str = field(repr=False)
    detect_fps: float = 5.0
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    transport: Transport = Transport.TCP
    decode: Decode = Decode.SOFTWARE
    pace: Pace = Pace.REALTIME
    loop: bool = False
    hang_s: float = 8.0
    clip_start_ns: int = 0
    thermal: ThermalPicture | None = None
    telemetry: bool = False

    def __post_init__(self) -> None:
        if not self.url or self.detect_fps <= 0 or self.hang_s <= 0 or self.clip_start_ns < 0:
            raise ValueError(
                f"a source wants a url, detect_fps > 0, hang_s > 0 and clip_start_ns >= 0, got "
                f"{self.name!r}, {self.detect_fps}, {self.hang_s}, {self.clip_start_ns}"
            )

    @property
    def scheme(self) -> str:
        """`file`, `v4l2`, or the URL's own scheme."""
        if self.url.startswith("/dev/video"):
            return "v4l2"
        return self.url.split("://", 1)[0].lower() if "://" in self.url else "file"

    @property
    def is_file(self) -> bool:
        """Whether the source has an end that is no fault."""
        return self.scheme == "file"

    @property
    def name(self) -> str:
        """The URL without credentials, for logs and errors."""
        return redacted(self.url)

    def address(self) -> str:
        """The URL as the network wants it, credentials included: never to be logged."""
        if self.is_file:
            return self.url.removeprefix("file://")
        user, password = quote(self.username or "", safe=""), quote(self.password or "", safe="")
        if USERNAME in self.url or PASSWORD in self.url:
            return PLACES.sub(lambda place: user if place[0] == USERNAME else password, self.url)
        if self.username is None or self.scheme == "v4l2":
            return self.url
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"))
