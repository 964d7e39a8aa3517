"""What a process that runs for months does once, before its loop begins.

Law: nothing that a process holds from its start on is looked through for garbage again. Python looks through
everything only when what lives longer has grown by a quarter; with a detector, a schema and a database in it
that quarter is megabytes of garbage, which looked like a leak. What comes later is a small heap of its own,
looked through in time.
"""

import gc


def all_started() -> None:
    """All that stays is there; called once, from the main thread."""
    gc.collect()
    gc.freeze()
    gc.collect()  # only by this one it learns how little is left to look through
