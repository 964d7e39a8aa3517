"""What `calibrate` says of a ground by vanishing lines: how well each line and length fits, and the pose."""

from dataclasses import astuple
from typing import Any

from rich.console import Console
from rich.table import Table

from edge.config.ground import GroundPlane
from edge.ground.vanishing import Vanished

POSE = (
    ("height", "height_m", " m"),
    ("horizon", "horizon", ""),
    ("view", "view_deg", "°"),
    ("roll", "roll_deg", "°"),
)
SUSPECT = 3.0
"""A line that lies off by so many of its `mark_sd` was marked wrong, or is not parallel to the others."""


def of_lines(found: Vanished) -> dict[str, Any]:
    """For scripts."""
    return {
        "lines_off": [round(float(off), 5) for off in found.lines_off],
        "lengths_off_m": [round(float(off), 3) for off in found.spans_off_m],
        "pose": {
            key: [round(getattr(found.pose, key), 4), round(getattr(found.doubt, key), 4)]
            for _, key, _ in POSE
        },
    }


def print_lines(console: Console, camera: str, written: GroundPlane, found: Vanished) -> None:
    """For people: the fit of each line and length, then the camera that they give."""
    assert written.lines is not None
    along, across = len(written.lines.along), len(written.lines.across)
    count = len(written.lines.lengths)
    console.print(
        f"camera {camera}: ground by {along} lines along, {across} across and "
        f"{count} length{'' if count == 1 else 's'}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("line", "off by", "expected"):
        table.add_column(name, justify="left" if name == "line" else "right")
    table.add_column("verdict")
    names = [*(f"along {i + 1}" for i in range(along)), *(f"across {i + 1}" for i in range(across))]
    for name, off in zip(names, found.lines_off.tolist(), strict=True):
        wrong = off > SUSPECT * written.mark_sd
        verdict = "[yellow]marked wrong, or not parallel to the others[/]" if wrong else "good"
        table.add_row(name, f"{off:.2%} of the height", f"{written.mark_sd:.2%}", verdict)
    for i, off_m in enumerate(found.spans_off_m.tolist()):
        wrong = abs(off_m) > SUSPECT * written.survey_sd_m
        verdict = "[yellow]does not fit the lines and other lengths[/]" if wrong else "good"
        table.add_row(f"length {i + 1}", f"{off_m:+.2f} m", f"{written.survey_sd_m:.2f} m", verdict)
    console.print(table)
    numbers = zip(POSE, astuple(found.pose), astuple(found.doubt), strict=True)
    told = ", ".join(f"{name} {value:.2f} ± {sd:.2f}{unit}" for (name, _, unit), value, sd in numbers)
    console.print(f"that is a camera with {told}", soft_wrap=True)
    if min(along, across) == 2 or count == 1:
        console.print(
            "two lines always meet, and one length always fits; one more of each would show mistakes"
        )
