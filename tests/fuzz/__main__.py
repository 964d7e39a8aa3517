"""Fuzz one parser with coverage (atheris): `python -m tests.fuzz TARGET CORPUS [libFuzzer options]`.

What it finds lies in the working folder as crash-…; a finding becomes a test of that parser. CORPUS begins
with whole examples, and keeps what reached something new.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["edge", "tests.fuzz"]):
    from tests.fuzz.targets import TARGETS, seeds


def main(name: str, corpus: Path, *options: str) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], str(corpus), *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
