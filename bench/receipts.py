"""What signed receipts cost: making one at the centre, taking one in at a box, with a signature and without.

    python bench/receipts.py [--seconds 2]

Both kinds take turns, and the median of the rounds is printed, so that a busy machine slows both alike. A
receipt speaks for hundreds of messages: the last column is what the signature adds for each of 500.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.messages.receipt import parse_receipt, receipt_bytes, topic_of
from edge.privacy.spec import Origin
from edge.run.trust import ReceiptTrust
from edge.values.receipt import Receipt
from edge.values.spans import Spans

ROUNDS = 7
ORIGIN = Origin("north", "box-17")
TOPIC = topic_of(ORIGIN)
TOLD = {
    "one range": [Receipt("0123456789ab", Spans(((0, 4711),)))],
    "40 ranges": [Receipt("0123456789ab", Spans.of([(9 * n, 9 * n + 5) for n in range(40)]))],
}
COVERED = 500


class One:
    """One ingester is known."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, node: str) -> tuple[bytes, ...]:  # noqa: ARG002 - it is the only one
        """Its key."""
        return (self._key,)


def made(told: list[Receipt], signer: Ed25519Signer | None) -> Callable[[], object]:
    return lambda: receipt_bytes("centre-1", ORIGIN, told, signer)


def taken_in(told: list[Receipt], signer: Ed25519Signer | None) -> Callable[[], object]:
    payload = receipt_bytes("centre-1", ORIGIN, told, signer)
    if signer is None:
        return lambda: parse_receipt(TOPIC, payload).receipts()
    trust = ReceiptTrust(One(signer.key), Ed25519Verifier())

    def step() -> object:
        message = parse_receipt(TOPIC, payload)
        if why := trust.doubt(message):
            raise SystemExit(f"a good receipt was refused: {why}")
        return message.receipts()

    return step


def us_each(step: Callable[[], object], seconds: float) -> float:
    done, began = 0, time.process_time()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        step()
        done += 1
    return (time.process_time() - began) / done * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="of each kind, over all rounds")
    seconds = parser.parse_args().seconds / ROUNDS
    signer = Ed25519Signer.fresh()
    print(f"{'':24}{'plain':>10}{'signed':>10}{'ratio':>8}{f'adds, each of {COVERED}':>24}")
    for name, told in TOLD.items():
        for what, kind in (("made", made), ("taken in", taken_in)):
            steps = (kind(told, None), kind(told, signer))
            rounds = [[us_each(step, seconds) for step in steps] for _ in range(ROUNDS)]
            plain, signed = (statistics.median(each[at] for each in rounds) for at in (0, 1))
            added = (signed - plain) / COVERED
            label = f"{what}, {name}"
            print(f"{label:24}{plain:7.1f} µs{signed:7.1f} µs{signed / plain:8.2f}{added:21.2f} µs")


if __name__ == "__main__":
    main()
