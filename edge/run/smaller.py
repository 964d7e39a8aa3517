"""The advice to look at fewer pixels: when a call is too dear on this box, and what makes it cheaper.

Law: it is advice. A copy is blinder for what is far away, so nobody makes one but the operator.
"""

from edge.detect.card import Card, Family
from edge.values.frame import Size

WANTED_MS = 8.0
"""CPU time of one call on one core that a box can afford: 25 cameras at 5 pictures a second fill a core."""
STEP = 32
LEAST = 0.6
"""Share of the sides below which the copy is another model: who was just large enough has half the height."""


def cheaper(size: Size, ms: float) -> Size | None:
    """The input for which a call takes about `WANTED_MS`, in steps of 32 pixels; None where none does.

    Args:
        size: of the input now.
        ms: that a call takes with it; convolutions cost by the pixel.
    """
    share = (WANTED_MS / ms) ** 0.5
    width, height = (int(side * share) // STEP * STEP for side in size)
    return Size(width, height) if LEAST <= share < 1 and min(width, height) >= STEP else None


def in_words(card: Card, ms: float) -> str | None:
    """What to type where a call is too dear; None where it is not, or the model cannot be resized."""
    size = cheaper(card.input.size, ms) if card.family is Family.ULTRALYTICS else None
    if size is None:
        return None
    return f"safecity-edge models resize {card.name} --input {size.width}x{size.height} --frames CLIP"
