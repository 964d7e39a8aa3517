"""Logs: one line an entry on standard error, with time, level, process and words; never a secret.

systemd's journal takes them as they are. What may hold credentials is redacted by whoever writes the entry.
"""

import logging
import sys
import time


def configure(process: str, verbose: bool) -> None:
    """Send this process's log to standard error; `verbose` shows what is not a warning too."""
    form = logging.Formatter(
        f"%(asctime)s.%(msecs)03dZ %(levelname)-7s {process} %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    form.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form)
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler], force=True)
