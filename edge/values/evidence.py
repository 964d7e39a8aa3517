"""Files of a package of evidence as far as it is judged by them, and where opened pictures came from."""

import json
from dataclasses import asdict, dataclass, field, fields

from edge.values import json_text
from edge.values.moment import rfc3339
from edge.values.segment import Segment

FOOTAGE = "footage/"
"""Where original pictures are in a package."""

REDACTED = "redacted/"
"""Where redacted copies are; everything that is in neither folder is paper."""

PICTURES = (FOOTAGE, REDACTED)

BESIDE = ".json"
"""Ending of the file beside a picture that tells where it came from."""


@dataclass(frozen=True, slots=True)
class Told:
    """A file's size and SHA-256 (hex), and its bytes if it is a paper."""

    size: int
    sha256: str
    content: bytes = b""


WHOLE, TORN = "whole", "torn"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an opened picture came from; its sealed file proved all of it by opening.

    Attributes:
        segment: name of the segment.
        began, ended: UTC of its first picture and of the end of its last, RFC 3339, to the second.
        clock: what stood behind these times.
        codec: of the pictures.
        policy_sha256: policy under which it was sealed.
        sealed_sha256: of the sealed file.
        sha256: of the picture that came out of it.
        ending: `whole`, or `torn` where the recorder died, and what it had written was cut to its last whole
            piece. That nothing came after is then the box's word, and not proven by opening.
    """

    segment: str
    began: str
    ended: str
    clock: str
    codec: str
    policy_sha256: str
    sealed_sha256: str
    sha256: str
    ending: str = WHOLE

    @classmethod
    def of(cls, segment: Segment, sha256: str, torn: bool = False) -> "Provenance":
        """Of a segment whose file was opened, and what came out of it."""
        began, ended = rfc3339(segment.began_ns), rfc3339(segment.ended_ns)
        name, clock = str(segment.id), segment.clock.value
        policy, ending = segment.policy_sha256, TORN if torn else WHOLE
        return cls(name, began, ended, clock, segment.codec, policy, segment.sha256, sha256, ending)

    @classmethod
    def parse(cls, text: bytes) -> "Provenance":
        """What such a file says.

        Raises:
            ValueError: it is none.
        """
        said = json_text.read(text)
        names = {each.name for each in fields(cls)}
        if type(said) is dict:
            said.setdefault("ending", WHOLE)  # what was opened before there were torn ones does not say it
        if type(said) is not dict or said.keys() != names or not all(type(v) is str for v in said.values()):
            raise ValueError(f"wanted {', '.join(sorted(names))}")
        return cls(**said)

    def text(self) -> bytes:
        """The file beside the picture."""
        return json.dumps(asdict(self), indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Opened:
    """Footage that two keyholders opened, in memory, and where it came from."""

    content: bytes = field(repr=False)
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Redacting:
    """How a redacted copy was made, and how much of the clip it still shows.

    Attributes:
        model, model_sha256: what looked for people and vehicles.
        looked_fps: pictures per second that it looked at, at most.
        masks: places at which nobody may look, filled in every picture.
        pictures, blank: of the copy, and those of them that are filled whole.
        filled_permille: share of all the pictures' area that is filled.
    """

    model: str
    model_sha256: str
    looked_fps: int
    masks: int
    pictures: int
    blank: int
    filled_permille: int

    @classmethod
    def parse(cls, said: object) -> "Redacting":
        """What a manifest says of a copy.

        Raises:
            ValueError: it says something else.
        """
        wanted = {each.name: str(each.type) for each in fields(cls)}
        if type(said) is not dict or said.keys() != wanted.keys():
            raise ValueError(f"wanted {', '.join(wanted)}")
        if odd := [name for name, kind in wanted.items() if type(said[name]).__name__ != _name(kind)]:
            raise ValueError(f"{odd[0]} is of another kind")
        return cls(**said)


def _name(kind: str) -> str:
    return kind.removeprefix("<class '").removesuffix("'>")


@dataclass(frozen=True, slots=True)
class Copy:
    """A redacted copy of opened footage."""

    content: bytes = field(repr=False)
    redacting: Redacting
