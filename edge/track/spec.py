"""What may be set on a tracker; everything else about it is physics and stands in `edge.track.motion`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackerSpec:
    """Settings of one tracker.

    Attributes:
        high_score: a detection of at least this score can begin a track, 0..1.
        high_scores: the same by class index, for classes whose scores lie elsewhere; `high_score` for the
            classes beyond.
        doubted_scores: by class index, a detection of at least this score begins a track that nobody is
            told of before it moves, and that is believed once it moved on for long; none of classes beyond.
        alone: by class index, whether two of it hardly ever share a place in the picture, as vehicles and
            unlike people: then none begins where one is followed already.
        low_score: a detection of at least this score can continue a track that was seen just before, 0..1.
        faint_s: for so long after its last sure detection, and no longer, a track is continued by such
            ones, seconds, 0..3600.
        confirm_hits: sure detections (of `high_score`) after which a track is believed, 1..30.
        tentative_s: a track not yet believed ends when unseen for longer than this, seconds, 0..60.
        lost_s: a believed track ends when unseen for longer than this, seconds, 0..60.
        blind_s: for so long at a stretch the absence of an answer does not count as being unseen,
            seconds, 0..60.
    """

    high_score: float = 0.4
    low_score: float = 0.1
    high_scores: tuple[float, ...] = ()
    doubted_scores: tuple[float, ...] = ()
    alone: tuple[bool, ...] = ()
    confirm_hits: int = 2
    tentative_s: float = 0.5
    lost_s: float = 2.0
    faint_s: float = 10.0
    blind_s: float = 3.0

    def __post_init__(self) -> None:
        highs = (self.high_score, *self.high_scores)
        if not 0.0 <= self.low_score <= min(highs) <= max(highs) <= 1.0:
            raise ValueError(
                f"a tracker wants 0 <= low_score <= high_score <= 1, got {self.low_score} and {highs}"
            )
        for score in self.doubted_scores:
            if score < self.low_score:
                raise ValueError(
                    f"a tracker wants doubted_scores >= low_score, got {score} < {self.low_score}"
                )
        if not 1 <= self.confirm_hits <= 30:
            raise ValueError(f"a tracker wants confirm_hits in 1..30, got {self.confirm_hits}")
        for name, most in (("tentative_s", 60), ("lost_s", 60), ("blind_s", 60), ("faint_s", 3600)):
            seconds = getattr(self, name)
            if not 0.0 <= seconds <= most:
                raise ValueError(f"a tracker wants {name} in 0..{most} seconds, got {seconds}")
