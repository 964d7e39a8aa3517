"""The recorder as a process of its own, without the library that reads command lines.

Law: that library takes 12 MB, and a recorder lives for months. So the verb `record`, once its words are read,
lets this program take its place; process, pipes and meaning stay the same, and it too can be started by hand.

    python -P -m edge.run.wiring.recorder [--camera ID]... [--base FOLDER] [--supervised] [--verbose] CONFIG
"""

import getopt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from edge.run.named_errors import named_errors
from edge.run.wiring.memory import keep_to_itself

NAME = "edge.run.wiring.recorder"


def take_place(
    config: Path, base: Path | None, cameras: Sequence[str], supervised: bool, verbose: bool
) -> NoReturn:
    """Let the recorder take the place of this process."""
    words = [f"--camera={camera}" for camera in cameras]
    words += [] if base is None else [f"--base={base}"]
    words += ["--supervised"] * supervised + ["--verbose"] * verbose
    os.execv(sys.executable, [sys.executable, "-P", "-m", NAME, *words, "--", str(config)])  # noqa: S606 (no shell)


def main() -> None:
    """Record as the command line says."""
    keep_to_itself()
    from edge.run.wiring import recording  # noqa: PLC0415

    given, (config,) = getopt.getopt(sys.argv[1:], "", ["camera=", "base=", "supervised", "verbose"])
    cameras = [value for name, value in given if name == "--camera"]
    said = dict(given)
    base = Path(said["--base"]) if "--base" in said else None
    with named_errors():
        recording.record(Path(config), base, cameras, "--supervised" in said, "--verbose" in said)


if __name__ == "__main__":
    main()
