"""What `calibrate` says of a ground by surveyed spots: how well each fits the plane of the others."""

from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from edge.config.ground import GroundPlane
from edge.ground.surveyed import FEWEST, Precision, Survey, left_out
from edge.run.calibrate_verdict import coloured, of_agreement, verdicts


def of_points(written: GroundPlane, found: Survey) -> dict[str, Any]:
    """For scripts."""
    seen = np.array([point.at for point in written.points])
    metres = np.array([point.metres for point in written.points])
    without = left_out(seen, metres, written.optics, Precision(written.mark_sd, written.survey_sd_m))
    rows = zip(found.misfit_m, found.expected_m, without, _verdicts(found), strict=True)
    spots = [
        {
            "spot": i + 1,
            "off_by_m": round(float(off), 3),
            "expected_m": round(float(expected), 3),
            "off_without_it_m": None if np.isnan(alone) else round(float(alone), 3),
            "verdict": verdict,
        }
        for i, (off, expected, alone, verdict) in enumerate(rows)
    ]
    return {"spots": spots, "points_agree": of_agreement(found.agreement)}


def print_points(console: Console, camera: str, written: GroundPlane, found: Survey) -> None:
    """For people."""
    rows = of_points(written, found)["spots"]
    console.print(f"camera {camera}: ground by {len(rows)} surveyed spots")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("spot", "off by", "expected", "off if left out"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for row in rows:
        alone = row["off_without_it_m"]
        table.add_row(
            str(row["spot"]),
            f"{row['off_by_m']:.2f} m",
            f"{row['expected_m']:.2f} m",
            "-" if alone is None else f"{alone:.2f} m",
            coloured(row["verdict"]),
        )
    console.print(table)
    if len(rows) == FEWEST:
        console.print(
            "four spots always fit, right or wrong: a fifth shows whether they are right, and two more "
            "which of them is not"
        )


def _verdicts(found: Survey) -> list[str]:
    return verdicts(found.agreement, (found.misfit_m / found.expected_m).tolist())
