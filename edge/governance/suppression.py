"""Counts for the public: small ones are withheld, and enough others that no arithmetic brings them back.

Law: who knows a table's total, every figure that is shown and this algorithm still cannot tell a withheld
count: a small one can be anything from 0 to just below the least, but for one value at most. Which counts are
withheld beside the small ones does not depend on their size, because that would give them away. Secondary
suppression of statistical offices (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4) for one
line of counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Count = int | None
"""None: withheld."""


@dataclass(frozen=True, slots=True)
class Table:
    """A line of counts as the public sees it.

    Attributes:
        rows: name and count of each, in the order given.
        total: of all rows.
    """

    rows: tuple[tuple[str, Count], ...]
    total: Count

    @property
    def withholds(self) -> bool:
        """Whether something is withheld."""
        return self.total is None or any(count is None for _, count in self.rows)


def for_the_public(counts: Mapping[str, int], least: int) -> Table:
    """What may be shown of counts that add up to a total which people may know.

    Args:
        counts: by name; the order is public and does not depend on the counts.
        least: smallest count that is shown; no count at all is shown where nothing was counted.

    Raises:
        ValueError: a count is negative.
    """
    if odd := [name for name, count in counts.items() if count < 0]:
        raise ValueError(f"{odd[0]}: a count wants to be at least 0, got {counts[odd[0]]}")
    total = sum(counts.values())
    if total == 0 or least <= 1:
        return Table(tuple(counts.items()), total)
    if total < least:
        return Table(tuple((name, None) for name in counts), None)
    withheld = _withheld(counts, least)
    return Table(tuple((name, None if name in withheld else n) for name, n in counts.items()), total)


def _withheld(counts: Mapping[str, int], least: int) -> frozenset[str]:
    """Names of the small counts, and of as many others in their order as it takes to hide them."""
    small = [name for name, count in counts.items() if count < least]
    if not small:
        return frozenset()
    together = sum(counts[name] for name in small)
    withheld, others = set(small), 0
    for name in (name for name, count in counts.items() if count >= least):
        withheld.add(name)
        together, others = together + counts[name], others + 1
        if together >= others * least + (least - 1) * len(small):
            return frozenset(withheld)
    return frozenset(counts)
