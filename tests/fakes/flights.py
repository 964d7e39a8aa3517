"""Configurations and telemetry of moving cameras."""

from pathlib import Path

HEADER = "time_s,lat_deg,lon_deg,height_m,yaw_deg,pitch_deg,roll_deg,view_deg\n"
SQUARE = "[[41.3111, 69.2791], [41.3113, 69.2791], [41.3113, 69.2794], [41.3111, 69.2794]]"
FLIGHT = f"flight: {{telemetry: flight.csv, zones: [{{id: square, corners: {SQUARE}}}]}}"
VIEW = "{id: view, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}"
DRAWN = "{id: kerb, polygon: [[0.1, 0.5], [0.5, 0.5], [0.5, 0.9]]}"
RULES = """
- {id: crowded, when: occupancy, at_least: 3}
- {id: came, when: zone-entry}
- {id: passed, when: line-crossing}
"""


def line(time_s: float, **changes: object) -> str:
    """One line of telemetry over the square."""
    values: dict[str, object] = {
        "lat_deg": 41.3112, "lon_deg": 69.27925, "height_m": 40, "yaw_deg": 0, "pitch_deg": -90,
        "roll_deg": 0, "view_deg": 60,
    }  # fmt: skip
    return ",".join(str(v) for v in (time_s, *(values | changes).values())) + "\n"


def written(
    folder: Path, camera: str = f"moving: true\n  {FLIGHT}", csv: str | None = None, rules: str = RULES
) -> Path:
    """A configuration with one camera of a zone that is the view, a drawn zone and a drawn line."""
    told = HEADER + "".join(line(t / 5) for t in range(20)) if csv is None else csv
    (folder / "flight.csv").write_text(told, encoding="utf-8")
    path = folder / "node.yaml"
    path.write_text(
        "node: box\nregion: north\nbroker: embedded\ncameras:\n- id: drone\n  source: flight.mp4\n"
        f"  zones: [{VIEW}, {DRAWN}]\n  lines: [{{id: middle, points: [[0.5, 0], [0.5, 1]]}}]\n  {camera}\n"
        f"rules:{rules}",
        encoding="utf-8",
    )
    return path
