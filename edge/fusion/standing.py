"""How several lanes of one fusion stand together, as one state."""

from collections.abc import Sequence

from edge.values.fused import FusionState, FusionTally


def together(states: Sequence[FusionState], sources: int) -> FusionState:
    """The state of all of them; a source that several ask is told once.

    Args:
        states: of each lane, one or more.
        sources: how many there are over all.
    """
    judged = [state.utc_ns for state in states if state.utc_ns >= 0]
    return FusionState(
        utc_ns=min(judged, default=-1),
        sources=sources,
        silent=tuple(sorted({each for state in states for each in state.silent})),
        blind=tuple(sorted({each for state in states for each in state.blind})),
        open=sum(state.open for state in states),
        tally=_tally([state.tally for state in states]),
        distrusted=tuple(sorted(dict(pair for state in states for pair in state.distrusted).items())),
    )


def _tally(tallies: Sequence[FusionTally]) -> FusionTally:
    return FusionTally(
        facts=sum(each.facts for each in tallies),
        again=sum(each.again for each in tallies),
        late=sum(each.late for each in tallies),
        refused=sum(each.refused for each in tallies),
        ahead=sum(each.ahead for each in tallies),
        stepped=max(each.stepped for each in tallies),  # it is one clock
    )
