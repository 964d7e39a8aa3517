"""What `calibrate` says of a lens by edges that are straight on the street: how bent each looks."""

from typing import Any

from rich.console import Console
from rich.table import Table

from edge.config.ground import GroundPlane
from edge.ground.lens import Lens
from edge.ground.plumb import Bend
from edge.run.calibrate_verdict import coloured, of_agreement, verdicts

HEIGHT_PX = 1080
"""Bends are told in pixels of a picture of this height, which makes cameras comparable."""
STRAIGHT_SD = 2.0
"""A bend of fewer standard deviations is perhaps none."""


def of_edges(found: Bend) -> dict[str, Any]:
    """For scripts."""
    return {
        "lens": [round(found.strength, 4), round(found.sd, 4)],
        "edges_bent_px": [round(float(off) * HEIGHT_PX, 1) for off in found.before],
        "edges_left_px": [round(float(off) * HEIGHT_PX, 1) for off in found.after],
        "edges_agree": of_agreement(found.agreement),
    }


def print_edges(console: Console, camera: str, written: GroundPlane, found: Bend) -> None:
    """For people: how bent each edge looks, what is left of that, and the lens; whose it is that counts."""
    console.print(f"camera {camera}: lens by {len(written.edges)} edges, in pixels of {HEIGHT_PX}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("edge", "points", "bent by", "with lens", "expected"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    told = verdicts(found.agreement, (found.after / written.mark_sd).tolist())
    rows = zip(written.edges, found.before * HEIGHT_PX, found.after * HEIGHT_PX, told, strict=True)
    for number, (points, before, after, verdict) in enumerate(rows, 1):
        expected = f"{written.mark_sd * HEIGHT_PX:.1f}"
        table.add_row(
            str(number), str(len(points)), f"{before:.1f}", f"{after:.1f}", expected, coloured(verdict)
        )
    console.print(table)
    straight = abs(found.strength) < STRAIGHT_SD * found.sd
    taken = "it" if written.lens is None else f"{written.lens:g}, which is written,"
    console.print(
        f"lens {found.strength:.3f} ± {found.sd:.3f}"
        + (" (straight, as far as they tell)" if straight else "")
        + f"; {taken} is taken"
    )


def for_file(lens: Lens) -> list[str]:
    """What to write to a ground for this lens, YAML lines; none of a straight one."""
    lines = [f"lens: {lens.strength:.4f}"] if lens.strength or lens.sd else []
    return lines + ([f"lens_sd: {lens.sd:.4f}"] if lens.sd else [])
