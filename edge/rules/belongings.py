"""One rule about things, at all its places: each thing that is left or taken makes one event.

Law: a thing counts while it stands there and those who came with it are away. A picture that was not looked
at for things says nothing of them. It is over when they are back,
when it is gone, or when it stands in its place again; and when it has stood for so long that it is a part of
the place, which is said.
"""

from collections.abc import Iterator

from edge.rules.digest import Digest
from edge.rules.episode import Episode, Presence
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind
from edge.values.moment import Moment
from edge.values.thing import Change, Thing

CHANGES = {Kind.ABANDONED: Change.LEFT, Kind.REMOVED: Change.TAKEN}
BACK = 0.7
"""Share of `owner_m` within which an owner is back."""
STAYS_S = 20.0
"""Who has been for so long with a thing whose owner nobody saw is taken for its owner; who passes is not."""
NOBODY = Presence(())


class ThingJudge:
    """Judges one rule of `THINGS`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec, self._camera, self._issuer = spec, camera, issuer
        self._episodes: dict[str, dict[int, Episode]] = {place: {} for place in spec.places}
        self._company: dict[tuple[str, int], Moment] = {}
        self._told: Moment | None = None
        """When things were told last; all events that are open were judged then."""

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        if digest.things:
            self._told = moment
        elif not any(self._episodes.values()) or self._rests(moment):
            return
        for place, episodes in self._episodes.items():
            things = digest.things.get(place)
            if things is None:
                for episode in episodes.values():
                    yield from episode.blind(moment)
            elif things or episodes:
                yield from self._judge(place, things, moment)

    def _rests(self, moment: Moment) -> bool:
        """Whether it is not so long ago that things were told that what is open ends for it."""
        if self._spec.schedule is not None or self._told is None:
            return False
        return moment.seconds_since(self._told) <= self._spec.blind_s

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for episodes in self._episodes.values():
            for episode in episodes.values():
                yield from episode.close(moment, cause)

    def _judge(self, place: str, things: tuple[Thing, ...], moment: Moment) -> Iterator[Event]:
        episodes = self._episodes[place]
        here = {thing.id: thing for thing in things if thing.change is CHANGES[self._spec.kind]}
        for number in here.keys() - episodes.keys():
            episodes[number] = Episode(self._spec, place, self._camera, self._issuer)
        for number in sorted(episodes):
            episode, thing = episodes[number], here.get(number)
            if thing is not None and thing.settled:
                yield from episode.close(moment, EndCause.SETTLED)
                continue
            counts = thing is not None and self._counts(place, thing, episode.is_open, moment)
            yield from episode.judge(Presence((), thing=thing) if counts else NOBODY, moment)
            if thing is None and not episode.is_open:
                del episodes[number]
                self._company.pop((place, number), None)

    def _counts(self, place: str, thing: Thing, told: bool, moment: Moment) -> bool:
        spec = self._spec
        least_m, most_m = spec.size_m
        if thing.side_m is not None and not least_m <= thing.side_m <= most_m:
            return False
        if spec.kind is Kind.REMOVED and thing.owner is None:
            return False  # nobody was there who could have taken it
        if spec.kind is Kind.ABANDONED and self._is_kept(place, thing, told, moment):
            return False
        return told or thing.stood_s >= spec.stood_s - spec.for_s  # the rest of it passes meanwhile

    def _is_kept(self, place: str, thing: Thing, told: bool, moment: Moment) -> bool:
        """Whether its owner is with it; if nobody saw whose it is, anybody, but once told none who passes."""
        company = (place, thing.id)
        if thing.apart_m > self._spec.owner_m * (BACK if told else 1.0):
            self._company.pop(company, None)
            return False
        if not told or thing.owner is not None:
            return True
        return moment.seconds_since(self._company.setdefault(company, moment)) >= STAYS_S
