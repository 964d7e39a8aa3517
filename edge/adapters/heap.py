"""How this process's C library keeps memory that was let go.

Law: by itself, glibc learns from the first large buffer that it frees to keep such buffers, in an arena for
each thread. A recorder fills and frees some megabytes per camera for ever, in threads of their own. Told so,
the library gives them back. One that cannot be told works as before.
"""

import ctypes
from contextlib import suppress

LARGE_BYTES = 1 << 20
"""From this size on a buffer is a mapping of its own, which grows without a copy and goes when freed."""

SPARE_BYTES = 2 << 20
"""So much may stay unused at the end of the heap, where packets come and go: asking the kernel costs more."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""`M_TRIM_THRESHOLD` and so on of glibc's malloc.h, see mallopt(3)."""


def give_back_large_buffers() -> None:
    """Let this process hold no more memory than it uses; to be called before its threads begin."""
    with suppress(OSError, AttributeError):
        told = ctypes.CDLL(None).mallopt
        told(_MMAP_THRESHOLD, LARGE_BYTES)
        told(_ARENA_MAX, 1)
        told(_TRIM_THRESHOLD, SPARE_BYTES)
