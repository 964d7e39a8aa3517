"""How sharp a picture is, whatever is in it.

Law: the share of fine detail among all detail; contrast, light and what is shown cancel. Noise is detail too.
"""

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]


def sharpness(grey: Grey) -> float:
    """How much a slight blur changes: variance of the Laplacian, before against after.

    The variance of the Laplacian alone grows with contrast and with what is in the picture; the share of it
    that a 3×3 mean takes away does not. Samples are averaged in fours first, which halves a sensor's noise.
    Source of the idea of blurring again: Crete et al., "The blur effect", SPIE 6492, 2007.
    """
    half = _halved(grey)
    before, after = float(_laplacian(half).var()), float(_laplacian(_blurred(half)).var())
    return 1.0 - after / before if before > 1e-6 else 0.0


def _halved(grey: Grey) -> Grey:
    even = grey[: grey.shape[0] // 2 * 2, : grey.shape[1] // 2 * 2]
    halved: Grey = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / np.float32(4)
    return halved


def _laplacian(grey: Grey) -> Grey:
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    edges: Grey = around - np.float32(4) * middle
    return edges


def _blurred(grey: Grey) -> Grey:
    """Mean of 3×3 samples."""
    rows = grey[:-2] + grey[1:-1] + grey[2:]
    blurred: Grey = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9)
    return blurred
