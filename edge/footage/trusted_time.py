"""Trusted time: a clock that cannot be moved into deleting footage.

Law: trusted time goes on with the monotonic clock and follows the system clock only as far as a clock may
drift. A step, forward or back, is quarantined: it is believed once a synchronised clock showed it twice,
`confirm_s` apart, and nothing else in between. Over a restart of the machine time stands still until
then, so that footage is rather kept too long than deleted too soon.
"""

from dataclasses import dataclass, replace

from edge.values.moment import NS_PER_S, ClockTrust, Moment

DRIFT = 500e-6
"""Most that a clock is slewed, a share of elapsed time: adjtimex(2), and NTP in RFC 5905 section 12."""

SAME_NS = 2 * NS_PER_S
"""Two looks at a stepped clock agree when they differ by no more than this."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step that a synchronised clock showed once: the new offset, and when by the monotonic clock."""

    offset_ns: int
    since_mono_ns: int


@dataclass(frozen=True, slots=True)
class TrustedTime:
    """What is believed, as of one look at the clocks.

    Attributes:
        utc_ns: trusted UTC, ns since the Unix epoch.
        mono_ns: the same moment on the monotonic clock.
        boot: run of the machine to which `mono_ns` belongs.
        candidate: a step in quarantine.
    """

    utc_ns: int
    mono_ns: int
    boot: str
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the clock that was believed: from one UTC to another, ns since the Unix epoch."""

    from_ns: int
    to_ns: int


def look(
    known: TrustedTime | None, moment: Moment, boot: str, confirm_s: float = 600.0
) -> tuple[TrustedTime, Step | None]:
    """Trusted time after one more look at the clocks, and the step that it made, if it made one.

    Args:
        known: what was believed before; None on a box that never looked, which then believes its clock.
        moment: the clocks now.
        boot: run of the machine.
        confirm_s: how far apart a synchronised clock must show a step twice, seconds.
    """
    if known is None:
        return TrustedTime(moment.utc_ns, moment.mono_ns, boot), None
    passed_ns = moment.mono_ns - known.mono_ns if boot == known.boot else 0
    expected_ns = known.utc_ns + max(0, passed_ns)
    candidate = known.candidate if boot == known.boot else None
    if abs(moment.utc_ns - expected_ns) <= DRIFT * passed_ns:
        return TrustedTime(moment.utc_ns, moment.mono_ns, boot), None
    going_on = TrustedTime(expected_ns, moment.mono_ns, boot)
    if moment.trust is not ClockTrust.SYNCED:
        return going_on, None
    offset_ns = moment.utc_ns - moment.mono_ns
    if candidate is None or abs(offset_ns - candidate.offset_ns) > SAME_NS:
        return replace(going_on, candidate=Candidate(offset_ns, moment.mono_ns)), None
    if moment.mono_ns - candidate.since_mono_ns < confirm_s * NS_PER_S:
        return replace(going_on, candidate=candidate), None
    return TrustedTime(moment.utc_ns, moment.mono_ns, boot), Step(expected_ns, moment.utc_ns)
