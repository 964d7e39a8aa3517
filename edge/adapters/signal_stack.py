"""The stack on which a thread handles signals, kept as Python made it.

Law: OpenVINO gives the thread that compiles a model an alternate signal stack (it wants a large one before it
may use AMX), and unmaps it when the model goes, which may be on another thread. The first thread's
next signal, the SIGTERM of an orderly stop for one, would then be delivered into nothing and kill the
process. Handlers of Python need no such stack, so the thread gets back what it had.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager


class _Stack(ctypes.Structure):
    """`stack_t` of signal.h on Linux."""

    _fields_ = (("ss_sp", ctypes.c_void_p), ("ss_flags", ctypes.c_int), ("ss_size", ctypes.c_size_t))


_LIBC = ctypes.CDLL(None)


@contextmanager
def signal_stack_kept() -> Iterator[None]:
    """Whatever happens inside, this thread handles signals on the same stack as before."""
    before = _Stack()
    _LIBC.sigaltstack(None, ctypes.byref(before))
    try:
        yield
    finally:
        _LIBC.sigaltstack(ctypes.byref(before), None)
