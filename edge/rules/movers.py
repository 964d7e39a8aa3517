"""One rule about how single objects move, at all its places: each object makes one event.

Law: a limit counts as broken only when the whole interval of the speed lies beyond it, and as kept again only
when the whole of it lies within. What stands is over when it is seen elsewhere, or is gone. Who is unsure is
neither.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from edge.rules.digest import Digest
from edge.rules.episode import Episode, Presence
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind
from edge.values.fact import Mover, Sighting, Speeds, Standing
from edge.values.moment import Moment
from edge.values.pace import KMH, Speed, Speeding
from edge.values.paces import HIGH, LOW

NOBODY = Presence(())


class MoverJudge:
    """Judges one rule of `MOVERS`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec, self._camera, self._issuer = spec, camera, issuer
        self._episodes: dict[str, dict[int, Episode]] = {place: {} for place in spec.places}
        self._surest: dict[tuple[str, int], Speed] = {}
        self._queued: dict[str, Moment] = {}

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        if not any(self._episodes.values()) and not self._may_begin(digest):
            return
        for place, episodes in self._episodes.items():
            here = self._here(place, digest, moment)
            if here is None:
                for episode in episodes.values():
                    yield from episode.blind(moment)
            else:
                yield from self._judge(place, here, moment)

    def _may_begin(self, digest: Digest) -> bool:
        """Whether somebody anywhere moves or stands so that it may be too much."""
        spec = self._spec
        if spec.kind is Kind.SPEED:
            limit_mps, above = self._limit
            return any(told.everyone.any_beyond(limit_mps, above) for told in digest.speeds.values())
        least_s, waits = spec.stood_s - spec.for_s, spec.queue_of is not None
        return any(waits or told.everyone.longest_s >= least_s for told in digest.standing.values())

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for episodes in self._episodes.values():
            for episode in episodes.values():
                yield from episode.close(moment, cause)

    def _judge(self, place: str, here: Mapping[int, Presence | None], moment: Moment) -> Iterator[Event]:
        episodes = self._episodes[place]
        for number in sorted(episodes.keys() | here.keys()):
            presence = here.get(number, NOBODY)
            if number not in episodes:
                if presence is None or not presence.people:
                    continue
                episodes[number] = Episode(self._spec, place, self._camera, self._issuer)
            if presence is None:
                yield from episodes[number].blind(moment)
            else:
                yield from episodes[number].judge(presence, moment)
            if number not in here and not episodes[number].is_open:
                del episodes[number]
                self._surest.pop((place, number), None)

    def _here(self, place: str, digest: Digest, now: Moment) -> Mapping[int, Presence | None] | None:
        """Who takes part, by number, `NOBODY` for who does not, None where nobody knows; None for no look."""
        if self._spec.kind is Kind.SPEED:
            told = digest.speeds.get(place)
            return None if told is None else self._paces(place, told)
        standing = digest.standing.get(place)
        return None if standing is None else self._halts(place, standing, now)

    def _paces(self, place: str, told: Speeds) -> dict[int, Presence | None]:
        """Those who are surely beyond the limit, and those who were; all others take no part."""
        (limit_mps, above), known, everyone = self._limit, self._episodes[place], told.everyone
        if not known and not everyone.any_beyond(limit_mps, above):
            return {}
        low, high = everyone.speeds[LOW : HIGH + 1, told.rows]
        some = low >= limit_mps if above else high <= limit_mps
        if known:
            some |= np.isin(everyone.ids[told.rows], list(known))
        movers = map(told.mover, told.rows[some].tolist())
        return {mover.who.track: self._pace(place, mover) for mover in movers}

    def _pace(self, place: str, mover: Mover) -> Presence | None:
        """Whether somebody breaks the limit."""
        known = self._open(place, mover.who.track)
        if not known and not self._takes(mover.who):
            return NOBODY
        if mover.speed is None:
            return None
        limit_mps, above = self._limit
        beyond = mover.speed.low >= limit_mps if above else mover.speed.high <= limit_mps
        back = mover.speed.high < limit_mps if above else mover.speed.low > limit_mps
        if back or not (beyond or known):
            return NOBODY
        speed = self._surer(place, mover.who.track, mover.speed, above)
        return Presence((mover.who,), speed=Speeding(speed, limit_mps, above))

    def _surer(self, place: str, track: int, speed: Speed, above: bool) -> Speed:
        """The speed of this object whose interval lies furthest beyond the limit."""
        before = self._surest.get((place, track))
        if before is None or (speed.low > before.low if above else speed.high < before.high):
            self._surest[place, track] = speed
        return self._surest[place, track]

    def _halts(self, place: str, told: Standing, now: Moment) -> dict[int, Presence | None]:
        """What stands for too long, and what did; all others take no part."""
        spec, every, rows = self._spec, told.everyone, told.rows
        least_s = spec.stood_s - spec.for_s  # the rest of it passes meanwhile
        known = self._episodes[place]
        if not len(rows) or (every.longest_s < least_s and spec.queue_of is None and not known):
            return {}
        takes = every.of(spec.classes)[rows]
        if spec.queue_of is not None and np.count_nonzero(takes) >= spec.queue_of:
            self._queued[place] = now
        stood_s, queued = every.stood_s[rows], self._queued.get(place)
        if queued is not None:  # the time in a queue does not count
            stood_s = np.minimum(stood_s, now.seconds_since(queued))
        begins = (stood_s >= least_s) & takes & ~every.hidden[rows]
        some = begins | np.isin(every.ids[rows], list(known)) if known else begins
        halts: dict[int, Presence | None] = {}
        for row, is_begun in zip(rows[some].tolist(), begins[some].tolist(), strict=True):
            stander = told.stander(row)
            counts = is_begun or self._open(place, stander.id)
            halts[stander.id] = Presence((stander.who,), halt=stander.halt) if counts else NOBODY
        return halts

    def _open(self, place: str, number: int) -> bool:
        episode = self._episodes[place].get(number)
        return episode is not None and episode.is_open

    @property
    def _limit(self) -> tuple[float, bool]:
        """The limit in metres per second, and whether more than that is looked for."""
        over, under = self._spec.over_kmh, self._spec.under_kmh
        return (over / KMH, True) if over is not None else ((under or 0.0) / KMH, False)

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes
