"""A street without its people, as a picture of few colours that may be looked at elsewhere."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StreetPicture:
    """One picture of one camera.

    Attributes:
        camera: whose street it is.
        began_ns, ended_ns: first and last picture of which it was made, UTC ns.
        png: the picture, as `edge.privacy.png` writes it.
        width, height: of the picture, pixels.
        px_per_m: finest anywhere on the ground, pixels per metre.
        hidden: share of it that is hatched: never seen free, doubtful, or masked.
    """

    camera: str
    began_ns: int
    ended_ns: int
    png: bytes = field(repr=False)
    width: int
    height: int
    px_per_m: float
    hidden: float
