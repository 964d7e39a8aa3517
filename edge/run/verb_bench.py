"""The verb `models bench`: which engine runs a model fastest on this machine, and finds what the base finds.

Law: candidates take turns picture by picture, so that what else the machine does hits all alike, and CPU time
counts, not waiting.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from edge.run import smaller
from edge.run.models import folder_of, store_folder
from edge.run.supervise import own_cores
from edge.run.wiring import benching, pictures
from edge.run.wiring.quantising import loaded
from edge.run.wiring.watching import fit_of
from edge.values.engine import LEAST_AGREEMENT, Backend, Timing, fastest

FPS = 5.0
DECODE_MS = 2.7
"""CPU time of decoding by analysed picture: 768×432, 0.9 ms for each of 15 a second, 5 of them analysed."""
REST_MS = 1.0
"""CPU time of gate, tracker, scene, rules and messages for one analysed picture of about ten objects."""
MOST_PICTURES = 48


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes:
        model: name or path.
        frames: a clip or a folder; None for the model's own self-test picture.
        rounds: pictures that each engine answers.
        threads: threads of one inference.
        keep: whether `auto` shall go by what is measured.
    """

    model: str
    frames: Path | None
    rounds: int
    threads: int
    keep: bool
    store: Path | None
    as_json: bool


def bench(request: Request) -> None:
    """Measure, print the table, and keep what was measured for `backend: auto`.

    Raises:
        SafecityError: model or pictures are not as they should be, or the result cannot be kept.
    """
    model = loaded(folder_of(request.model, request.store))
    here, absent = benching.candidates(model, request.store, request.threads)
    fit = fit_of(model)
    if request.frames is None:
        seen = benching.own_pictures(model)
    else:
        seen = pictures.of_path(request.frames, fit, MOST_PICTURES, lambda _: None)
    rounds = max(request.rounds, len(seen.pixels))
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("measuring", total=rounds)
        timings = benching.measure(here, seen.pixels, rounds, lambda done: bar.update(task, completed=done))
    best = fastest(timings) or timings[0]
    if request.keep:
        benching.keep(request.store or store_folder(), model, request.threads, timings)
    if request.as_json:
        for each in timings:
            print(json.dumps({**asdict(each), "cameras": cameras(each), "chosen": each is best}))
        return
    _tell(timings, best, absent)
    kept = "`backend: auto` uses it from the next start on" if request.keep else "nothing was kept"
    print(f"\n{model.card.name}: {best.engine}; {kept}.\n{_measured_on(seen, rounds)}")
    if command := smaller.in_words(model.card, best.median_ms):
        print(
            f"\nA call takes more than {smaller.WANTED_MS:g} ms here. A copy for smaller pictures takes "
            "about that; it is blinder for what is far away, and tells by how much on a CLIP of your "
            "camera:\n"
            f"  {command}"
        )


def cameras(timing: Timing) -> int:
    """Cameras at `FPS` pictures a second that all cores of this machine serve, decoding included, ungated."""
    return int(own_cores() * 1000 / (FPS * (timing.median_ms + DECODE_MS + REST_MS)))


def _measured_on(seen: pictures.Pictures, rounds: int) -> str:
    runtimes = ", ".join(f"{each} {benching.installed(each)}" for each in Backend)
    return (
        f"{rounds} pictures each, {len(seen.pixels)} different ones of {seen.name}; {runtimes}. "
        f"ms: CPU time from pixels to boxes. Cameras: {own_cores()} cores x 1000 ms / "
        f"({FPS:g} x (ms + {DECODE_MS} decoding 768x432 at 15 pictures a second + {REST_MS:g} all else)), "
        "without the motion gate."
    )


def _tell(timings: Sequence[Timing], best: Timing, absent: Sequence[benching.Absent]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("engine")
    for name in ("ms p10", "median", "recall", "precision", "cameras"):
        table.add_column(name, justify="right")
    table.add_column("")
    for each in sorted(timings, key=lambda timing: timing.median_ms):
        refused = "" if each.agrees(LEAST_AGREEMENT) else f"agrees by less than {LEAST_AGREEMENT:.0%}"
        verdict = Text("fastest", style="green") if each is best else Text(refused, style="yellow")
        share = (_share(each.recall), _share(each.precision))
        figures = (f"{each.p10_ms:.1f}", f"{each.median_ms:.1f}", *share, str(cameras(each)))
        table.add_row(str(each.engine), *figures, verdict)
    console = Console(highlight=False)
    console.print(table)
    for missing in absent:
        console.print(f"not here: {missing.engine}: {missing.why}", style="dim", markup=False, soft_wrap=True)


def _share(share: float | None) -> str:
    return "too few" if share is None else f"{share:.3f}"
