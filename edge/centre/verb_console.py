"""The verb `centre console`: a page for a screen in the monitoring centre, made of the database."""

import time
from datetime import UTC, datetime
from pathlib import Path

from edge.centre import wiring
from edge.centre.console import as_html
from edge.messages.words import counted
from edge.run.whole_file import replace_whole
from edge.values.errors import ConfigError

SUFFIX = ".html"


def console(config: Path, out: Path, every_s: int, region: str, node: str) -> None:
    """Write the page once, or every so many seconds until Ctrl-C, and have browsers load it anew as often.

    Raises:
        ConfigError: the configuration is wrong, or `out` is no .html.
        StorageError: the database cannot be read, or the page cannot be written.
    """
    if out.suffix != SUFFIX:
        raise ConfigError(f"--out: wanted a file that ends in {SUFFIX}, got {out.name}")
    _write(config, out, every_s, region, node)
    if not every_s:
        return
    try:
        while True:
            time.sleep(every_s)
            _write(config, out, every_s, region, node)
    except KeyboardInterrupt:
        return


def _write(config: Path, out: Path, every_s: int, region: str, node: str) -> None:
    views, spec = wiring.console(config, region, node)
    replace_whole(out, as_html(views, spec.timezone, datetime.now(UTC), every_s).encode())
    streets = sum(each.street is not None for each in views)
    print(f"{out}: {counted(len(views), ['camera'])}, {streets} of them with their street", flush=True)
