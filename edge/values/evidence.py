"""One file of a package of evidence, as far as it has to be known to judge the package."""

from dataclasses import dataclass

FOOTAGE = "footage/"
"""Where pictures are in a package; everything else is paper."""


@dataclass(frozen=True, slots=True)
class Told:
    """A file's size and SHA-256 (hex), and its bytes if it is a paper."""

    size: int
    sha256: str
    content: bytes = b""
