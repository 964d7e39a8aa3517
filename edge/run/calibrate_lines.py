"""What `calibrate` says of a ground by vanishing lines: how well each line and length fits, and the pose."""

from dataclasses import astuple
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from edge.config.ground import GroundPlane
from edge.ground.vanishing import Met, Vanished
from edge.run.calibrate_verdict import coloured, of_agreement, verdicts

POSE = (
    ("height", "height_m", " m"),
    ("horizon", "horizon", ""),
    ("view", "view_deg", "°"),
    ("roll", "roll_deg", "°"),
)


def of_met(met: tuple[Met, Met]) -> dict[str, Any]:
    """For scripts: how well lines meet."""
    along, across = met
    return {
        "lines_off": [round(float(off), 5) for off in (*along.off, *across.off)],
        "along_agree": of_agreement(along.agreement),
        "across_agree": of_agreement(across.agreement),
    }


def of_lines(found: Vanished) -> dict[str, Any]:
    """For scripts: lengths, and the camera."""
    return {
        "lengths_off_m": [round(float(off), 3) for off in found.spans_off_m],
        "lengths_agree": of_agreement(found.lengths),
        "pose": {
            key: [round(getattr(found.pose, key), 4), round(getattr(found.doubt, key), 4)]
            for _, key, _ in POSE
        },
    }


def print_met(console: Console, camera: str, written: GroundPlane, met: tuple[Met, Met]) -> None:
    """For people: the fit of each line."""
    assert written.lines is not None
    along, across = len(written.lines.along), len(written.lines.across)
    count = len(written.lines.lengths)
    console.print(
        f"camera {camera}: ground by {along} lines along, {across} across and "
        f"{count} length{'' if count == 1 else 's'}"
    )
    table = _table("line")
    for way, each in zip(("along", "across"), met, strict=True):
        told = verdicts(each.agreement, (each.off / written.mark_sd).tolist())
        for i, (off, verdict) in enumerate(zip(each.off.tolist(), told, strict=True), 1):
            table.add_row(f"{way} {i}", f"{off:.2%}", f"{written.mark_sd:.2%}", coloured(verdict))
    console.print(table)
    console.print("(in percent of the picture's height)")
    for way, each in zip(("along", "across"), met, strict=True):
        if each.agreement.free == 0:
            console.print(
                f"two lines {way} always meet, right or wrong: a third shows a mistake, a fourth which it is"
            )


def print_pose(console: Console, found: Vanished) -> None:
    """For people: the fit of each length, and the camera that lines and lengths give."""
    table = _table("length")
    off_sd = np.abs(found.spans_off_m) / np.maximum(found.spans_expected_m, 1e-9)
    told = verdicts(found.lengths, off_sd.tolist())
    rows = zip(found.spans_off_m, found.spans_expected_m, told, strict=True)
    for i, (off_m, expected_m, verdict) in enumerate(rows, 1):
        table.add_row(str(i), f"{off_m:+.2f} m", f"{expected_m:.2f} m", coloured(verdict))
    console.print(table)
    if len(found.spans_off_m) == 1:
        console.print("one length always fits, right or wrong: a second shows a mistake, a third which it is")
    numbers = zip(POSE, astuple(found.pose), astuple(found.doubt), strict=True)
    said = ", ".join(f"{name} {value:.2f} ± {sd:.2f}{unit}" for (name, _, unit), value, sd in numbers)
    console.print(f"that is a camera with {said}")


def _table(what: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (what, "off by", "expected"):
        table.add_column(name, justify="left" if name == what else "right")
    table.add_column("verdict")
    return table
