"""One rule about heat, at all its places: each spot that is hot, or grows as a fire does, makes one event.

Law: enough pixels must be hot all the time before a spot is told; then it goes on down to where it clears. A
fire that was told is one until it is no longer hot, whether it still grows or not. What only goes on, below
its level, is told as it was last seen at it.
"""

from collections.abc import Iterator

from edge.rules.digest import Digest
from edge.rules.episode import Episode, Presence
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind
from edge.values.hot import Spot
from edge.values.moment import Moment

NOTHING = Presence(())


class HeatJudge:
    """Judges one rule of `HEAT`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec, self._camera, self._issuer = spec, camera, issuer
        self._episodes: dict[str, dict[int, Episode]] = {place: {} for place in spec.places}

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        assert self._spec.hot is not None
        for place, episodes in self._episodes.items():
            spots = digest.hot.get((place, self._spec.hot))
            if spots is None:
                for episode in episodes.values():
                    yield from episode.blind(moment)
            else:
                yield from self._judge(place, spots, moment)

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for episodes in self._episodes.values():
            for episode in episodes.values():
                yield from episode.close(moment, cause)

    def _judge(self, place: str, spots: tuple[Spot, ...], moment: Moment) -> Iterator[Event]:
        episodes, here = self._episodes[place], {spot.id: spot for spot in spots}
        for number in here.keys() - episodes.keys():
            episodes[number] = Episode(self._spec, place, self._camera, self._issuer)
        for number in sorted(episodes):
            episode, spot = episodes[number], here.get(number)
            if spot is not None and spot.settled:
                yield from episode.close(moment, EndCause.SETTLED)
                continue
            counts = spot is not None and self._counts(spot, episode.is_open)
            yield from episode.judge(Presence((), spot=spot) if counts else NOTHING, moment)
            if spot is None and not episode.is_open:
                del episodes[number]

    def _counts(self, spot: Spot, told: bool) -> bool:
        if self._spec.kind is Kind.FIRE_LIKE:
            return told or (spot.pixels > 0 and spot.growth is not None and spot.growth.fire_like)
        assert self._spec.hot is not None
        held = told or spot.pixels >= self._spec.hot.min_px
        return held and (self._spec.bodies or not spot.body)
