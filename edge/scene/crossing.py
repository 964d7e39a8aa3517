"""Which passes over a line count now: those of who stands clear of it.

Law: nobody's feet are known to a hand's breadth. Within the band about a line, whose half-width is its
margin, passes are only summed up. They count once somebody was seen clear of the line twice running, or
far from it: one look at a box that lost its legs, or took a neighbour's, is no crossing. The band goes on
past the line's ends: who comes out of it there has crossed where the side that they come out on bears it out.
"""

import numpy as np

from edge.scene.changes import Pass, Passes, by_row
from edge.scene.objects import Objects, Rows
from edge.scene.places import Places
from edge.scene.segments import Signs
from edge.values.moment import NS_PER_S

FAR = 2.5
"""Margins from a line at which one look is enough: no lower edge of a box errs by so much."""
PAST_END = 1.0
"""Body heights past an end of a line within which its band goes on: about a second of walking along."""

AROUND = 2.0
"""How many times as far past the end somebody may be seen next who came out of it to the side: who runs goes
a body's height from one look to the next."""


def passed(o: Objects, rows: Rows, passes: Signs, now: int) -> None:
    """Sum up passes m×l that the objects at these rows made just now."""
    net = o.net[rows]
    o.passed_ns[rows] = np.where((passes != 0) & (net == 0), now, o.passed_ns[rows])
    o.net[rows] = net + passes


def counted(o: Objects, places: Places, rest_s: float, now: int) -> Passes:
    """The passes that count now, by row; what remains of them is forgotten.

    Args:
        o: known objects, changed in place.
        places: the lines.
        rest_s: time after a crossing in which the same object's further passes are summed, seconds.
        now: monotonic time of this frame, ns.
    """
    found = Passes()
    if not np.count_nonzero(o.net):
        return found
    rest_ns = rest_s * NS_PER_S
    for row, passes in by_row(o.net, o.passed_ns).items():
        for each in passes if o.believed[row] else ():
            if o.seen_ns[row] == now and now - o.crossed_ns[row, each.line] >= rest_ns:
                _judge(o, places, row, each, found, now)
    return found


def _judge(o: Objects, places: Places, row: int, each: Pass, found: Passes, now: int) -> None:
    """Count a pass of an object that is seen, wait, or drop it."""
    line = each.line
    clear, past = places.clearance(o, row, line)
    if past is not None:
        heights, right = past
        if abs(right) <= 1.0 and heights <= PAST_END:
            clear = 0.0  # in what goes on of the band
        elif heights <= AROUND * PAST_END and abs(right) > 1.0 and right * each.net < 0:
            o.net[row, line], clear = 0, 0.0
    if clear > FAR or (clear > 1.0 and o.poised[row, line]):
        found.setdefault(row, []).append(each)
        o.net[row, line], o.crossed_ns[row, line], clear = 0, now, 0.0
    o.poised[row, line] = clear > 1.0
