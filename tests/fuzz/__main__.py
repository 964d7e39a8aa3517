"""Fuzz one parser with coverage (atheris): `python -m tests.fuzz TARGET CORPUS [libFuzzer options]`.

What it finds lies in the working folder as crash-…; a finding becomes a test of that parser. CORPUS begins
with whole examples, and keeps what reached something new. Documents are changed as documents (`mutate`):
changed as bytes, hardly one in a hundred would be read to its end.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["edge", "tests.fuzz.targets"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.mutate import MOST_BYTES, mutator


def main(name: str, corpus: Path, *options: str) -> None:
    target = TARGETS[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.examples()):
        (corpus / f"seed-{number}").write_bytes(seed)
    sizes = (f"-max_len={MOST_BYTES}", "-len_control=0")
    # looked up when it is called: atheris puts the one that works into its place as it begins
    found = mutator(target, lambda raw, most: atheris.Mutate(raw, most))  # noqa: PLW0108
    atheris.Setup([sys.argv[0], str(corpus), *sizes, *options], target, custom_mutator=found)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
