"""Which of several marks is wrong: the one without which the others agree, where there is only one such.

Law: a wrong mark pulls the fit towards itself, so the largest error is often that of another one. Each is
left out in turn instead, and then each two. One is named only if the rest then agrees about as well as marks
of the stated exactness do, and leaving out any other does clearly worse (Rousseeuw and Leroy, Robust
Regression and Outlier Detection, 1987, section 6.2). What nothing can tell is not guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

RARE = 2.326
"""Normal deviate of one in a hundred: marks of the stated exactness disagree more than this so rarely."""
FARTHEST_SD = 6.0
"""Marks that are worse than stated by this factor contradict each other, and no exactness explains it."""
LOOSE = 2.0
"""The rest agrees if its marks are worse than stated by no more than this factor."""
TELLS = 9.0
"""By so much less the squares of the best rest sum up than those of any other: three standard deviations."""

MOST_WRONG, MOST_LIKELY = 2, 16
"""So many wrong ones are looked for, among that many: those without which the rest agrees best."""

Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well marks agree with each other.

    Attributes:
        count: how many marks.
        squares: sum of the squared errors of all, in standard deviations.
        free: how many more errors there are than unknowns; 0 agrees by construction and proves nothing.
        factor: by how much those that are not wrong are worse than stated; 1 if they are not.
        wrong: indices of marks against which the others agree.
        suspects: indices of marks one of which is wrong; nothing tells which.
        gap_sd: by how many standard deviations those are off, by the others.
    """

    count: int
    squares: float
    free: int
    factor: float
    wrong: tuple[int, ...] = field(default=())
    suspects: tuple[int, ...] = field(default=())
    gap_sd: float = 0.0

    @property
    def kept(self) -> Kept:
        """Bool n, all but the wrong ones."""
        return _without(self.wrong, self.count)

    @property
    def doubted(self) -> bool:
        """Whether they disagree as marks of the stated exactness hardly ever do."""
        return self.free > 0 and self.squares > most(self.free)

    @property
    def contradicts(self) -> bool:
        """Whether no exactness explains how far they disagree: something was mixed up."""
        return max(self.factor, self.gap_sd) > FARTHEST_SD


def most(free: int) -> float:
    """What the squares of `free` errors hardly ever exceed (Wilson and Hilferty, 1931)."""
    share = 2 / (9 * free)
    return float(free * (1 - share + RARE * np.sqrt(share)) ** 3)


def agreement(
    count: int, errors: int | Sequence[int], unknown: int, squares: Callable[[Kept], float]
) -> Agreement:
    """How well marks agree, and which of them does not.

    Args:
        count: how many marks.
        errors: how many errors each has: 1 of a line, 2 of a point; or of each.
        unknown: how many numbers are fitted to them.
        squares: sum of the squared errors of the best fit to those kept, bool n; inf where there is none.
    """
    each = np.broadcast_to(errors, count)
    total, free = squares(np.ones(count, np.bool_)), int(each.sum()) - unknown
    whole = Agreement(count, total, free, _factor(total, free))
    likely: Sequence[int] = range(count)
    for size in range(1, max(1, min(MOST_WRONG, count // 3)) + 1) if whole.doubted else ():
        sets = [those for those in combinations(likely, size) if each[list(those)].sum() <= free]
        rests = {those: squares(_without(those, count)) for those in sets}
        if not rests:
            break
        fittest = min(rests, key=rests.__getitem__)
        best, left = rests[fittest], free - int(each[list(fittest)].sum())
        if best <= LOOSE**2 * max(left, 1):
            limit = best + TELLS * max(1.0, best / left if left else 1.0)
            rivals = [set(those) for those, rest in rests.items() if rest < limit]
            wrong = set.intersection(*rivals) if left else set[int]()
            suspects = set.union(*rivals) - wrong
            return Agreement(
                count,
                total,
                free,
                _factor(best, left) if wrong and not suspects else whole.factor,
                tuple(sorted(wrong)),
                tuple(sorted(suspects)),
                float(np.sqrt(max(0.0, total - best))),
            )
        likely = sorted(likely, key=lambda i: rests.get((i,), 0.0))[:MOST_LIKELY]
    return whole


def _factor(squares: float, free: int) -> float:
    return max(1.0, float(np.sqrt(squares / free))) if free else 1.0


def _without(those: tuple[int, ...], count: int) -> Kept:
    kept = np.ones(count, np.bool_)
    kept[list(those)] = False
    return kept
