"""What `calibrate` says: spots and how well they fit, zones and their floor, the pose to write down."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from edge.config.ground import GroundPlane
from edge.config.spec import CameraSpec
from edge.ground.area import floor_of, width_of
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.stature import Posed
from edge.ground.surveyed import Precision, left_out
from edge.run.calibrate_lines import of_lines, print_lines

HEIGHT_PX = 1080
"""Pixels per metre are told for a picture of this height, which makes cameras comparable."""
ROUGH = 0.15
"""Relative doubt of a floor from which on a density is worth little."""


def tell_written(camera: CameraSpec, written: GroundPlane, ground: Ground, as_json: bool) -> None:
    """How well the spots fit one plane, and how much floor each zone has."""
    spots, zones, lines = _spots(written), _zones(camera, ground), written.vanished()
    widths = _widths(camera, ground)
    if as_json:
        told = {"camera": camera.id, "spots": spots, "zones": zones, "lines": widths}
        print(json.dumps(told if lines is None else told | of_lines(lines)))
        return
    console = Console(highlight=False)
    if lines is not None:
        print_lines(console, camera.id, written, lines)
        _print_places(console, zones, widths)
        return
    how = f"{len(spots)} surveyed spots" if spots else "the pose that is written"
    console.print(f"camera {camera.id}: ground by {how}")
    if spots:
        _print(console, spots)
        if len(spots) == 4:
            console.print("four spots always fit; a fifth would show whether they are right")
    _print_places(console, zones, widths)


def tell_people(camera: CameraSpec, found: Posed, ground: Ground, people: int, as_json: bool) -> None:
    """The pose that people gave, ready to be written into the configuration."""
    pose, doubt = found.pose, found.doubt
    block: dict[str, Any] = {
        "height_m": round(pose.height_m, 2),
        "horizon": round(pose.horizon, 4),
        "view_deg": round(pose.view_deg, 1),
        "roll_deg": round(pose.roll_deg, 2),
        "doubt": {
            "height_m": round(doubt.height_m, 2),
            "horizon": round(doubt.horizon, 4),
            "view_deg": round(doubt.view_deg, 1),
            "roll_deg": round(doubt.roll_deg, 2),
        },
    }
    zones, widths = _zones(camera, ground), _widths(camera, ground)
    if as_json:
        told = {"camera": camera.id, "people": people, "used": found.used, "misfit": found.misfit}
        print(json.dumps(told | {"pose": block, "zones": zones, "lines": widths}))
        return
    console = Console(highlight=False)
    console.print(
        f"camera {camera.id}: ground by {people} people, {found.used:.0%} of their sightings fit, "
        f"heads within {found.misfit:.1%} of a person's height"
    )
    _print_places(console, zones, widths)
    console.print("write this to the camera:\n")
    flat = ", ".join(f"{key}: {value}" for key, value in block["doubt"].items())
    lines = [f"        {key}: {value}" for key, value in block.items() if key != "doubt"]
    print("\n".join(["    ground:", f"      aspect: {ground.lens.aspect:.4g}", "      pose:", *lines]))
    print(f"        doubt: {{{flat}}}", flush=True)


def _spots(written: GroundPlane) -> list[dict[str, Any]]:
    found = written.surveyed()
    if found is None:
        return []
    seen = np.array([point.at for point in written.points])
    metres = np.array([point.metres for point in written.points])
    lens = Lens(written.aspect, written.lens)
    without = left_out(seen, metres, lens, Precision(written.mark_sd, written.survey_sd_m))
    return [
        {
            "spot": i + 1,
            "off_by_m": round(float(found.misfit_m[i]), 3),
            "expected_m": round(float(found.expected_m[i]), 3),
            "off_without_it_m": None if np.isnan(without[i]) else round(float(without[i]), 3),
        }
        for i in range(len(seen))
    ]


def _zones(camera: CameraSpec, ground: Ground) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for zone in camera.zones:
        corners = np.array(zone.polygon)
        with np.errstate(invalid="ignore"):
            scale = ground.px_per_m(corners, HEIGHT_PX)
        try:
            floor = floor_of(ground, zone.polygon, camera.masks)
        except ValueError as wrong:
            told.append({"zone": zone.id, "wrong": str(wrong)})
            continue
        told.append(
            {
                "zone": zone.id,
                "floor_m2": round(floor.m2, 2),
                "floor_sd_m2": round(floor.sd_m2, 2),
                "px_per_m_at_1080": [round(float(scale.min()), 1), round(float(scale.max()), 1)],
            }
        )
    return told


def _widths(camera: CameraSpec, ground: Ground) -> list[dict[str, Any]]:
    """How long each line is on the ground, which flow is told by the metre of."""
    told: list[dict[str, Any]] = []
    for line in camera.lines:
        try:
            width = width_of(ground, line.points)
        except ValueError as wrong:
            told.append({"line": line.id, "wrong": str(wrong)})
            continue
        told.append({"line": line.id, "length_m": round(width.m, 2), "length_sd_m": round(width.sd_m, 2)})
    return told


def _print_places(
    console: Console, zones: Sequence[dict[str, Any]], widths: Sequence[dict[str, Any]]
) -> None:
    _print_zones(console, zones)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("line")
    table.add_column("length", justify="right")
    table.add_column("give or take", justify="right")
    table.add_column("verdict")
    for line in widths:
        if "wrong" in line:
            table.add_row(line["line"], "", "", f"[red]{line['wrong']}[/]")
            continue
        share = line["length_sd_m"] / line["length_m"]
        verdict = "[yellow]rough: survey spots near it[/]" if share > ROUGH else "good"
        table.add_row(line["line"], f"{line['length_m']:.1f} m", f"{share:.0%}", verdict)
    if widths:
        console.print(table)


def _print_zones(console: Console, zones: Sequence[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in (
        ("zone", "left"),
        ("floor", "right"),
        ("give or take", "right"),
        ("px/m at 1080", "right"),
    ):
        table.add_column(name, justify="right" if side == "right" else "left")
    table.add_column("verdict")
    for zone in zones:
        if "wrong" in zone:
            table.add_row(zone["zone"], "", "", "", f"[red]{zone['wrong']}[/]")
            continue
        share = zone["floor_sd_m2"] / zone["floor_m2"]
        low, high = zone["px_per_m_at_1080"]
        verdict = "[yellow]rough: survey spots in it[/]" if share > ROUGH else "good"
        table.add_row(
            zone["zone"], f"{zone['floor_m2']:.1f} m²", f"{share:.0%}", f"{low:.0f} to {high:.0f}", verdict
        )
    if zones:
        console.print(table)


def _print(console: Console, rows: Sequence[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("spot", "off by", "expected", "off if left out"):
        table.add_column(name, justify="right")
    for row in rows:
        alone = row["off_without_it_m"]
        table.add_row(
            str(row["spot"]),
            f"{row['off_by_m']:.2f} m",
            f"{row['expected_m']:.2f} m",
            "-" if alone is None else f"{alone:.2f} m",
        )
    console.print(table)
