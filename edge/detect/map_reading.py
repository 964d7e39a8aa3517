"""How the map of a density model is read, and what it is worth: the part of its card that detectors lack."""

from dataclasses import dataclass

from edge.values.crowd import UNMEASURED


@dataclass(frozen=True, slots=True)
class MapReading:
    """How the map of a density model is read, and what it is worth.

    Attributes:
        scale: people for a sum of one; some models tell a hundredfold.
        error: nine times of ten the true number is within ± this share of what it tells, 0..1.
        picture: file of the self-test picture within the model folder; None where there is none.
        people: how many the model counts in it.
    """

    scale: float = 1.0
    error: float = UNMEASURED
    picture: str | None = None
    people: float | None = None

    def __post_init__(self) -> None:
        if not self.scale > 0 or not 0 < self.error < 1:
            raise ValueError(
                f"a density model wants scale > 0 and 0 < error < 1, got {self.scale:g} and {self.error:g}"
            )
        if (self.picture is None) is not (self.people is None):
            raise ValueError("a density model wants the number of people exactly where there is a picture")
