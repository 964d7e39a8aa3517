"""What signing costs: a commit with and without its batch, and each message at the publisher and the centre.

    python bench/signing.py [--seconds 3] [--folder DIR]

Runs of each kind take turns, and the median of the rounds is printed, so that a busy machine slows all alike.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

from edge.adapters import outbox as module
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.audit.batch import BatchSigner, BatchVerifier, placed, read
from edge.audit.merkle import inclusions, leaf_hash
from edge.values.message import RedactedMessage, Urgency

ROUNDS = 7
NO_BATCH = "commit, no batch"
SIZES = (1, 5, 20, 200)
BODY = b'{"data":{"fill":"' + b"x" * 780 + b'"}}'
ORIGIN = "safecity/north/box-17"


def without_batches() -> AbstractContextManager[object]:
    return patch.object(module, "enter_batch", lambda *_: None)


def commits(folder: Path, name: str, size: int) -> Callable[[], int]:
    box = SqliteOutbox(folder / f"{name}{size}.db", "boot-1", OutboxLimits(size_bytes=4 << 30))
    topic = "safecity/v1/north/box-17/event/camera/zone-entry"
    said = [RedactedMessage(topic, BODY, Urgency.ALARM) for _ in range(size)]

    def step() -> int:
        box.put(said)
        return size

    return step


def signatures(size: int) -> Callable[[], int]:
    signer = Ed25519Signer.fresh()

    def step() -> int:
        made = BatchSigner(signer, ORIGIN)
        for each in _committed(size):
            made.signed(each)
        return size

    return step


def checks(size: int) -> Callable[[], int]:
    signer = Ed25519Signer.fresh()
    made = BatchSigner(signer, ORIGIN)
    signed = [made.signed(each) for each in _committed(size)]

    def step() -> int:
        verifier = BatchVerifier(Ed25519Verifier())
        for each in signed:
            if not verifier.is_good(read(each), ORIGIN, signer.key):
                raise SystemExit("a good signature was refused")
        return size

    return step


def _committed(size: int) -> list[bytes]:
    plain = [RedactedMessage("t", BODY, Urgency.ALARM).stamped("boot-1", n) for n in range(size)]
    _, proofs = inclusions([leaf_hash(each) for each in plain])
    return [placed(each, n, size, proofs[n]) for n, each in enumerate(plain)] if size > 1 else plain


def us_each(step: Callable[[], int], seconds: float) -> float:
    done, began = 0, time.process_time()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        done += step()
    return (time.process_time() - began) / done * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="per measurement, over all rounds")
    parser.add_argument("--folder", type=Path, default=None, help="where the outbox goes")
    options = parser.parse_args()
    print(f"{'CPU µs per message':<22}" + "".join(f"{f'{size} at once':>14}" for size in SIZES))
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        kinds: dict[str, dict[int, Callable[[], int]]] = {
            NO_BATCH: {size: commits(Path(name), "bare", size) for size in SIZES},
            "commit": {size: commits(Path(name), "whole", size) for size in SIZES},
            "place and sign": {size: signatures(size) for size in SIZES},
            "check": {size: checks(size) for size in SIZES},
        }
        found: dict[tuple[str, int], list[float]] = {(kind, size): [] for kind in kinds for size in SIZES}
        for _ in range(ROUNDS):
            for (kind, size), times in found.items():
                with without_batches() if kind == NO_BATCH else nullcontext():
                    times.append(us_each(kinds[kind][size], options.seconds / ROUNDS))
    for kind in kinds:
        print(f"{kind:<22}" + "".join(f"{statistics.median(found[kind, size]):>14.1f}" for size in SIZES))
    print(f"{'bytes more':<22}" + "".join(f"{_longer(size):>14}" for size in SIZES))


def _longer(size: int) -> int:
    """Bytes that the longest message of a batch grows by."""
    made = BatchSigner(Ed25519Signer.fresh(), ORIGIN)
    plain = len(RedactedMessage("t", BODY, Urgency.ALARM).stamped("boot-1", 0))
    return max(len(made.signed(each)) for each in _committed(size)) - plain


if __name__ == "__main__":
    main()
