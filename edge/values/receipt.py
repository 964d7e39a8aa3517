"""Receipts: what the monitoring centre has in its database, so that the box may let go of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.values.spans import Spans


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the centre has of one boot of one box.

    Attributes:
        boot: boot id under which the messages were committed.
        numbers: sequence numbers that are in the centre's database, or were told to it as lost. Numbers that
            are not in it may be there too: a receipt has room for so much, and another one tells the rest.
    """

    boot: str
    numbers: Spans


def together(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """What all of them say, one for each boot."""
    numbers: dict[str, Spans] = {}
    for receipt in receipts:
        numbers[receipt.boot] = numbers.get(receipt.boot, Spans()) | receipt.numbers
    return tuple(Receipt(boot, both) for boot, both in numbers.items())
