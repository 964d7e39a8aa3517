"""Whether a box that runs another release is as well as it was: a trial by its own status.

Law: it is well while it says that it is the new version, sees with every camera that saw before, has a broker
if it had one, and loses no process. It passes when it was well without a break for long enough; time runs
out for one that is not.
"""

from dataclasses import dataclass
from enum import Enum

from edge.run.status import BoxStatus


class Verdict(Enum):
    """What is known now."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the box must be like: its version, the cameras that saw, whether it had a broker."""

    version: str
    cameras: frozenset[str]
    broker: bool

    @classmethod
    def of(cls, version: str, before: BoxStatus | None) -> "Wanted":
        """As well as before; of a box that did not run, that it runs."""
        if before is None:
            return cls(version, frozenset(), broker=False)
        seeing = frozenset(each.camera for each in before.cameras if each.state == "ok")
        return cls(version, seeing, broker=before.outbox is not None and before.outbox.connected)


class Probation:
    """Judges one look after the other; times are seconds since the restart."""

    def __init__(self, wanted: Wanted, well_s: float, most_s: float) -> None:
        """A trial.

        Args:
            wanted: what the box must be like.
            well_s: for how long without a break.
            most_s: it fails after this.
        """
        self._wanted, self._well_s, self._most_s = wanted, well_s, most_s
        self._since_s: float | None = None
        self._deaths = 0
        self._boot = ""
        self.why = "it says nothing"

    def look(self, at_s: float, told: BoxStatus | None) -> Verdict:
        """Judge what the box says at that time; None where it says nothing."""
        self.why = "it says nothing" if told is None else self._wrong(told)
        if self.why:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = at_s
        if self._since_s is not None and at_s - self._since_s >= self._well_s:
            return Verdict.PASSED
        return Verdict.FAILED if at_s >= self._most_s else Verdict.OPEN

    def _wrong(self, told: BoxStatus) -> str:
        """What is wrong with it; "" for nothing."""
        if told.version != self._wanted.version:
            return f"it says that it is {told.version}, not {self._wanted.version}"
        return self._lost(told) or self._missing(told)

    def _lost(self, told: BoxStatus) -> str:
        """What it lost since the last look."""
        before, self._boot = self._boot, told.boot
        deaths = sum(each.deaths for each in told.processes)
        more, self._deaths = deaths > self._deaths, deaths
        if before not in ("", told.boot):
            return "it was started again"
        return f"its processes died {deaths} times" if more else ""

    def _missing(self, told: BoxStatus) -> str:
        """What is not as it was before the update."""
        if silent := [each.name for each in told.processes if not each.lives]:
            return f"{silent[0]} does not live"
        seeing = {each.camera for each in told.cameras if each.state == "ok"}
        if blind := sorted(self._wanted.cameras - seeing):
            return f"camera {blind[0]} saw before and does not now"
        if self._wanted.broker and not (told.outbox is not None and told.outbox.connected):
            return "it has no broker"
        return ""
