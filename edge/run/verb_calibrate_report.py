"""What `calibrate` says: spots and how well they fit, zones and their floor, the pose to write down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from edge.config.disagreeing import Disagreement
from edge.config.ground import GroundPlane
from edge.config.spec import CameraSpec
from edge.ground.area import floor_of, width_of
from edge.ground.plane import Ground
from edge.ground.plumb import Bend
from edge.ground.stature import STATURE_M, Posed
from edge.ground.surveyed import Survey
from edge.ground.tallness import TALLEST_OFF
from edge.ground.vanishing import Met, Vanished
from edge.run.calibrate_edges import for_file, of_edges, print_edges
from edge.run.calibrate_lines import of_lines, of_met, print_met, print_pose
from edge.run.calibrate_points import of_points, print_points
from edge.run.calibrate_verdict import print_doubts
from edge.run.check_ground import VAGUE

HEIGHT_PX = 1080
"""Pixels per metre are told for a picture of this height, which makes cameras comparable."""
ROUGH = 0.15
"""Relative doubt of a floor from which on a density is worth little."""


def tell_written(camera: CameraSpec, written: GroundPlane, ground: Ground | None, as_json: bool) -> None:
    """How well marks fit each other, and how much floor each zone has; no floor where there is no ground."""
    marks, places = Marked.of(written, ground is not None), ground is not None
    zones = [] if ground is None else _zones(camera, ground)
    widths = [] if ground is None else _widths(camera, ground)
    if as_json:
        print(
            json.dumps({"camera": camera.id} | marks.for_scripts(written) | {"zones": zones, "lines": widths})
        )
        return
    console = Console(highlight=False)
    marks.show(console, camera.id, written)
    if places:
        _print_places(console, zones, widths)


@dataclass(frozen=True, slots=True)
class Marked:
    """What the marks of a ground give, as far as they fit each other."""

    bend: Bend | None
    surveyed: Survey | None
    met: tuple[Met, Met] | None
    vanished: Vanished | None
    doubts: tuple[Disagreement, ...]

    @classmethod
    def of(cls, written: GroundPlane, sound: bool) -> "Marked":
        """Of a ground that is written, and that was accepted or not."""
        vanished = written.vanished() if sound else None
        doubts = tuple(written.disagreements())
        return cls(written.bend, written.surveyed(), written.met(), vanished, doubts)

    def for_scripts(self, written: GroundPlane) -> dict[str, Any]:
        """Of all that is there."""
        told: dict[str, Any] = {"spots": []} if self.surveyed is None else of_points(written, self.surveyed)
        told |= {} if self.bend is None else of_edges(self.bend)
        told |= {} if self.met is None else of_met(self.met)
        told |= {} if self.vanished is None else of_lines(self.vanished)
        return told | {"doubts": [each.text for each in self.doubts]}

    def show(self, console: Console, camera: str, written: GroundPlane) -> None:
        """For people."""
        if self.bend is not None:
            print_edges(console, camera, written, self.bend)
        if self.surveyed is not None:
            print_points(console, camera, written, self.surveyed)
        elif self.met is not None:
            print_met(console, camera, written, self.met)
        elif written.pose is not None:
            console.print(f"camera {camera}: ground by the pose that is written")
        if self.vanished is not None:
            print_pose(console, self.vanished)
        print_doubts(console, self.doubts)


def tell_people(
    camera: CameraSpec, found: Posed, ground: Ground, people: int, tall_m: float | None, as_json: bool
) -> None:
    """The pose that people gave, ready to be written into the configuration; and how tall they are by the
    ground that is written there now."""
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
        told |= {} if tall_m is None else {"tall_by_written_m": round(tall_m, 2)}
        print(json.dumps(told | {"pose": block, "zones": zones, "lines": widths}))
        return
    console = Console(highlight=False)
    console.print(
        f"camera {camera.id}: ground by {people} people, {found.used:.0%} of their sightings fit, "
        f"heads within {found.misfit:.1%} of a person's height"
    )
    if tall_m is not None:
        _print_tallness(console, tall_m)
    _print_places(console, zones, widths)
    console.print("write this to the camera:\n")
    flat = ", ".join(f"{key}: {value}" for key, value in block["doubt"].items())
    lines = [f"        {key}: {value}" for key, value in block.items() if key != "doubt"]
    seen = [f"aspect: {ground.lens.aspect:.4g}", *for_file(ground.lens)]
    print("\n".join(["    ground:", *(f"      {line}" for line in seen), "      pose:", *lines]))
    print(f"        doubt: {{{flat}}}", flush=True)


def _print_tallness(console: Console, tall_m: float) -> None:
    """How tall people are by the ground that is written, and what that means."""
    said = f"by the ground that is written they are {tall_m:.2f} m tall"
    if STATURE_M / TALLEST_OFF <= tall_m <= STATURE_M * TALLEST_OFF:
        console.print(f"{said}, as people are")
        return
    console.print(
        f"[red]{said}: it is not in metres, or not measured here[/] (multiply what was measured by "
        f"{STATURE_M / tall_m:.3g}; 0.305 turns feet to metres)"
    )


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
        table.add_row(line["line"], f"{line['length_m']:.1f} m", f"{share:.0%}", _verdict(share, "near"))
    if widths:
        console.print(table)


def _print_zones(console: Console, zones: Sequence[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in (
        ("zone", "left"),
        ("floor", "right"),
        ("give or take", "right"),
        ("px/m", "right"),
        ("a person", "right"),
    ):
        table.add_column(name, justify="right" if side == "right" else "left")
    table.add_column("verdict")
    for zone in zones:
        if "wrong" in zone:
            table.add_row(zone["zone"], "", "", "", "", f"[red]{zone['wrong']}[/]")
            continue
        share = zone["floor_sd_m2"] / zone["floor_m2"]
        low, high = zone["px_per_m_at_1080"]
        table.add_row(
            zone["zone"],
            f"{zone['floor_m2']:.1f} m²",
            f"{share:.0%}",
            f"{low:.0f} to {high:.0f}",
            f"{low * STATURE_M:.0f} to {high * STATURE_M:.0f} px",
            _verdict(share, "in"),
        )
    if zones:
        console.print(table)
        console.print(
            f"(in a picture of {HEIGHT_PX} lines; if people of {STATURE_M:g} m look larger or smaller, what "
            "was measured is not in metres)"
        )


def _verdict(share: float, where: str) -> str:
    """On a floor or length that errs by such a share of itself."""
    if share > VAGUE:
        return f"[red]worth nothing: add spots {where} it[/]"
    return f"[yellow]rough: survey spots {where} it[/]" if share > ROUGH else "good"
