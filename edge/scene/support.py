"""What else bears a density map out: the rule by which the map of an empty place is not believed.

Law: a crowd moves, or somebody of it is found. A map of a place where nothing moved and nobody was found
for a whole period shows what its model invents there: in leaves, cobbles or a fence. Of a period that was
not watched from its beginning to its end, nothing is known.
"""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.detections import Answer, Detections, NotAnswered
from edge.values.moment import Moment


class Support(StrEnum):
    """How a density map stands to what was seen since the one before."""

    BORNE_OUT = "borne-out"  # something moved, or somebody was found
    EMPTY = "empty"  # nothing moved and nobody was found: the map shows what the model invents
    UNKNOWN = "unknown"  # neither is known


@dataclass(slots=True)
class Witness:
    """What was seen of one camera's place since its last density map.

    Attributes:
        person: class index of people; None where the detector does not know them.
        sure: score from which somebody is found, 0..1.
    """

    person: int | None = 0
    sure: float = 0.0
    _found: bool = False
    _answered: bool = False
    _broken: bool = False
    _since: Moment | None = None

    def saw(self, answer: Answer, blind: bool) -> None:
        """Take what the detector said of the next picture; `blind` where the camera shows nothing."""
        if blind or isinstance(answer, NotAnswered):
            self._broken = True
        elif isinstance(answer, Detections):
            self._answered = True
            people = (answer.classes == self.person) & (answer.scores >= self.sure)
            self._found = self._found or bool(people.any())

    def judge(self, now: Moment, moved: Moment | None) -> Support:
        """How the map of this picture is borne out; with it a new period begins.

        Args:
            now: time of the picture.
            moved: when something last moved.
        """
        since = self._since
        stirred = since is not None and moved is not None and moved.mono_ns > since.mono_ns
        watched = since is not None and self._answered and self.person is not None and not self._broken
        borne_out = self._found or stirred
        self._since, self._found, self._answered, self._broken = now, False, False, False
        if borne_out:
            return Support.BORNE_OUT
        return Support.EMPTY if watched else Support.UNKNOWN
