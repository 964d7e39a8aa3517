"""How many threads libraries of numbers may start in a process: one.

Law: the cores are shared out by process. A library that starts a thread for each core would spoil that, and
such threads spin for a while after each product of matrices, however small.
"""

import os

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def compute_alone() -> None:
    """Ask it of this process, unless its environment says otherwise; works before numpy is imported only."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
