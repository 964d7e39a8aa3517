"""The trials as a table, and what a further camera takes."""

from collections.abc import Sequence

from bench.live.trial import Trial


def table(trials: Sequence[Trial]) -> None:
    head = (
        "cameras",
        "events",
        "p50 ms",
        "p95 ms",
        "early",
        "late",
        "lost",
        "blind s/min",
        "PSS MB",
        "box",
        "feed",
        "others",
    )
    print(("{:>12}" * len(head)).format(*head))
    for one in trials:
        row = (
            one.cameras,
            one.events,
            one.delay_p50_ms,
            one.delay_p95_ms,
            one.delay_p95_early_ms,
            one.delay_p95_late_ms,
            f"{one.lost_share:.2%}",
            "{:.1f}..{:.1f}".format(*one.blind_s_per_min),
            one.memory_mb,
            one.box_cores,
            one.server_cores,
            one.others_cores,
        )
        print(("{:>12}" * len(row)).format(*row), flush=True)


def slope(trials: Sequence[Trial]) -> float | None:
    """MB of memory for one more camera, between the fewest and the most of these trials."""
    few, many = trials[0], trials[-1]
    return (
        round((many.memory_mb - few.memory_mb) / (many.cameras - few.cameras), 1) if many is not few else None
    )
