"""Two scorecards side by side: what got better, what got worse."""

from dataclasses import dataclass
from enum import StrEnum

from edge.evaluate.scorecard import Measure, Scorecard, measures


class Verdict(StrEnum):
    """What a change means."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "–"  # one of the two has no figure, or neither direction is better


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after, over all clips pooled."""

    measure: str
    before: str
    after: str
    change: str
    verdict: Verdict


def compare(before: Scorecard, after: Scorecard) -> tuple[Change, ...]:
    """How every measure changed, in the order of the table.

    Raises:
        ValueError: the two were measured over other clips or with other bounds, so nothing compares.
    """
    clips = [sorted(score.name for score in card.clips) for card in (before, after)]
    if clips[0] != clips[1]:
        raise ValueError(f"a comparison wants the same clips, got {clips[0]} and {clips[1]}")
    if before.matching != after.matching:
        raise ValueError(f"a comparison wants the same bounds, got {before.matching} and {after.matching}")
    return tuple(_change(measure, before, after) for measure in measures((before.total, after.total)))


def _change(measure: Measure, before: Scorecard, after: Scorecard) -> Change:
    old, new = measure.read(before.total), measure.read(after.total)
    texts = measure.text(old), measure.text(new)
    if old is None or new is None:
        return Change(measure.name, *texts, "", Verdict.SAME if old == new else Verdict.UNKNOWN)
    change = f"{new - old:+.{measure.decimals}f}"
    return Change(measure.name, *texts, change, _verdict(measure, old, new))


def _verdict(measure: Measure, old: float, new: float) -> Verdict:
    if abs(new - old) <= max(measure.noise, measure.noise_share * abs(old)):
        return Verdict.SAME
    if measure.better == 0:
        return Verdict.UNKNOWN
    return Verdict.BETTER if (new - old) * measure.better > 0 else Verdict.WORSE
