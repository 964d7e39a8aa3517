"""Which rows of an outbox go next: the order of commits, lane by lane.

Law: within a lane rows go in the order of commits, but for live alarms where those overtake (`outbox_lanes`)
and for topics that rest because they were denied. A lane that rests is passed by the others; when it may go
on, it does so from its own place, and nothing is read again for it. Looking changes nothing and is at most
`LOOK_ROWS` rows long, because whoever commits waits for it; what it found counts from `went` on. What a boot
commits when a later one is read already, as a worker does that outlives its supervisor a little, goes too.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from edge.adapters.outbox_lanes import FastLane
from edge.adapters.outbox_rows import SELECT_MESSAGES, MessageRow, key_of
from edge.values.lanes import Passage, lane_of

LIVE_SHARE = 75
"""Percent of what is taken at once that live alarms may have, so that the backlog moves too."""

LATE_SHARE = 50
"""The same for lanes that rested and come after, so that those which were heard at once move too."""

LOOK_ROWS = 1000
"""Rows looked at in one go: about 6 ms."""

BOOTS_THAT_MAY_LIVE = 8
"""Of the latest boots, so many may still commit."""

LATEST_BOOTS = "SELECT id, next FROM boots ORDER BY id DESC LIMIT ?"

_LAST_KEY = (1 << 63) - 1


class _End(Enum):
    FULL = "no more may go now"
    PAUSE = "enough was looked at"
    BOTTOM = "there is no more"


class Look:
    """One look at the outbox.

    Attributes:
        sound, damaged: the rows that were found.
        after: the key up to which all rows are out or passed then, but for lanes in `late`.
        late: the same for each lane that others have passed.
        more: whether looking on from there may find rows at once.
        nexts: by boot, the number that was next when looking began.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        passage: Passage,
        after: int,
        late: Mapping[str, int],
        left_out: Callable[[MessageRow], bool],
    ) -> None:
        self.sound: list[MessageRow] = []
        self.damaged: list[MessageRow] = []
        self.after = after
        self.late = dict(late)
        self.more = False
        self.nexts: Mapping[int, int] = {}
        self._db = db
        self._passage = passage
        self._left_out = left_out
        self._found: set[int] = set()
        self._asked: set[str] = set()
        self._awake = {lane: key for lane, key in late.items() if lane not in passage.resting}

    def live(self, fast_lane: FastLane, most: int) -> None:
        """Find alarms that overtake."""

        def passed(row: MessageRow) -> bool:
            return self._left_out(row) or lane_of(row.topic) in self._passage.resting

        for row in fast_lane.rows(self._db, time.monotonic(), most, passed):
            lane = lane_of(row.topic)
            if not self._may_go(lane):
                return
            self._pick(row, lane)

    def onward(self, most: int) -> None:
        """Find rows in the order of commits, but for lanes that rest or are late."""

        def goes(row: MessageRow, lane: str) -> bool:
            if lane in self._passage.resting:
                self.late.setdefault(lane, row.key - 1)
            return lane not in self.late

        late = (most - len(self.sound)) * LATE_SHARE // 100 if self._awake else 0
        self.after, end = self._walk(self.after, _LAST_KEY, most - late, goes)
        self.more = end is _End.PAUSE

    def belated(self, most: int) -> None:
        """Find rows that were passed and may go now; a heard lane that has no more is late no more."""
        if not self._awake:
            return

        def goes(row: MessageRow, lane: str) -> bool:
            return row.key > self._awake.get(lane, _LAST_KEY)

        at, end = self._walk(min(self._awake.values()), self.after, most, goes)
        self.more |= end is _End.PAUSE
        for lane, key in self._awake.items():
            self.late[lane] = max(key, at)
            if end is _End.BOTTOM and self._passage.is_heard(lane):
                del self.late[lane]

    def _walk(
        self, after: int, last: int, most: int, goes: Callable[[MessageRow, str], bool]
    ) -> tuple[int, _End]:
        """Pick the rows that go; the last key looked at, and why no further."""
        rows = self._db.execute(
            SELECT_MESSAGES + "WHERE key > ? AND key <= ? ORDER BY key LIMIT ?", (after, last, LOOK_ROWS)
        )
        left, end = LOOK_ROWS, _End.BOTTOM
        for row in map(MessageRow._make, rows):
            lane = lane_of(row.topic)
            wanted = row.key not in self._found and not self._left_out(row) and goes(row, lane)
            if len(self.sound) >= most or (wanted and not self._may_go(lane)):
                end = _End.FULL
                break
            if wanted:
                self._pick(row, lane)
            after, left = row.key, left - 1
        rows.close()
        return after, end if left else _End.PAUSE

    def _may_go(self, lane: str) -> bool:
        return lane not in self._asked or self._passage.is_heard(lane)

    def _pick(self, row: MessageRow, lane: str) -> None:
        self._found.add(row.key)
        if row.intact:
            self.sound.append(row)
            self._asked.add(lane)
        else:
            self.damaged.append(row)


class Order:
    """How far an outbox is read, and what of it is out: topics by key."""

    def __init__(self, fast_lane: FastLane | None) -> None:
        self.out: dict[int, str] = {}
        self._fast_lane = fast_lane
        self._after = -1
        self._late: dict[str, int] = {}
        self._parked: dict[str, float] = {}
        self._nexts: Mapping[int, int] = {}

    @property
    def read_to(self) -> int:
        """The key up to which nothing waits."""
        return -1 if self._parked else min((self._after, *self._late.values()))

    def look(
        self,
        db: sqlite3.Connection,
        limit: int,
        urgent: bool,
        passage: Passage,
        gone: Callable[[int], bool],
    ) -> Look:
        """Find the next rows, but for those that are out or `gone` and those whose lane or topic rests."""

        def left_out(row: MessageRow) -> bool:
            return row.key in self.out or gone(row.key) or row.topic in self._parked

        nexts = dict(db.execute(LATEST_BOOTS, (BOOTS_THAT_MAY_LIVE,)))
        first = self._first_behind(nexts)
        late = {lane: min(key, first - 1) for lane, key in self._late.items()}
        look = Look(db, passage, min(self._after, first - 1), late, left_out)
        look.nexts = nexts
        if self._fast_lane is not None:
            look.live(self._fast_lane, limit if urgent else max(1, limit * LIVE_SHARE // 100))
        if not urgent:
            look.onward(limit)
            look.belated(limit)
        return look

    def went(self, look: Look) -> None:
        """What was found is out."""
        self._after, self._late, self._nexts = look.after, look.late, look.nexts
        self.out.update((row.key, row.topic) for row in look.sound)

    def _first_behind(self, nexts: Mapping[int, int]) -> int:
        """The first key that was committed since the last look by a boot whose turn is over."""
        over = [boot for boot in nexts if key_of(boot, nexts[boot]) <= self._after]
        new = (
            key_of(boot, self._nexts.get(boot, 0)) for boot in over if nexts[boot] > self._nexts.get(boot, 0)
        )
        return min(new, default=_LAST_KEY)

    def back(self, keys: Iterable[int]) -> None:
        """These go again, in their old place."""
        for key in keys:
            lane = lane_of(self.out.get(key, ""))
            if lane in self._late:
                self._late[lane] = min(self._late[lane], key - 1)
            else:
                self._after = min(self._after, key - 1)

    def park(self, keys: Iterable[int], until_s: float) -> None:
        """The topics of these rest."""
        self._parked.update((self.out[key], until_s) for key in keys if key in self.out)

    def unpark(self, now_s: float) -> bool:
        """Read from the beginning once a topic has rested long enough; whether one has."""
        rested = [topic for topic, until_s in self._parked.items() if until_s <= now_s]
        for topic in rested:
            del self._parked[topic]
        if rested:
            self._after, self._late = -1, {}
        return bool(rested)
