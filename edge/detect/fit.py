"""How a picture is brought to a model's input; apart from the arithmetic, which wants numpy."""

from enum import StrEnum


class Fit(StrEnum):
    """How a picture is brought to the size of the model's input."""

    LETTERBOX_TOP_LEFT = "letterbox-top-left"  # aspect kept, padded at the right and the bottom
    LETTERBOX_CENTRE = "letterbox-centre"  # aspect kept, padded on both sides alike
    STRETCH = "stretch"  # aspect given up, nothing padded
