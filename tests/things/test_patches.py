"""Cells that belong together, against a flood fill that is written down the plain way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from edge.things.patches import LEAST_CELLS, patches
from edge.view.patch import Flags, Patch, connected


def flooded(flags: Flags) -> list[frozenset[tuple[int, int]]]:
    """Sets of connected cells, 8 neighbours."""
    free = {(int(r), int(c)) for r, c in np.argwhere(flags)}
    sets = []
    while free:
        queue, mine = [free.pop()], set[tuple[int, int]]()
        while queue:
            row, column = queue.pop()
            mine.add((row, column))
            for near in ((row + d, column + r) for d in (-1, 0, 1) for r in (-1, 0, 1)):
                if near in free:
                    free.remove(near)
                    queue.append(near)
        sets.append(frozenset(mine))
    return sets


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 12))))
def test_connected_cells_are_those_of_a_flood_fill(flags: Flags) -> None:
    groups = connected(flags)
    found = {frozenset((row, c) for row, begin, end in runs for c in range(begin, end)) for runs in groups}
    assert found == set(flooded(flags))
    assert sum(end - begin for runs in groups for _, begin, end in runs) == flags.sum(), "each cell once"
    assert [runs[0] for runs in groups] == sorted(runs[0] for runs in groups), "from top to bottom"


def test_single_cells_are_no_patch_and_what_lies_close_is_one() -> None:
    flags = np.zeros((20, 30), np.bool_)
    flags[2, 2] = True
    flags[8:12, 5:9] = flags[8:12, 10:14] = True
    (patch,) = patches(flags) or []
    assert (patch.top, patch.left, patch.bottom, patch.right) == (8, 5, 12, 14)


def test_a_picture_full_of_spots_says_nothing() -> None:
    flags = np.zeros((117, 208), np.bool_)
    for row in range(2, 110, 8):
        for column in range(2, 200, 8):
            flags[row : row + 4, column : column + 4] = True
    assert patches(flags) is None


def test_patches_share_the_cells_that_both_have() -> None:
    one, other = Patch(0, 0, np.ones((4, 4), np.bool_)), Patch(2, 3, np.ones((4, 4), np.bool_))
    assert one.shared(other) == 2
    assert one.shared(Patch(9, 9, np.ones((3, 3), np.bool_))) == 0
    assert one.size >= LEAST_CELLS
