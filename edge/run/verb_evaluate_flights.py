"""The verb `evaluate` for moving cameras: one flight, watched with and without carrying tracks."""

import json
import sys

from rich.console import Console
from rich.table import Table

from edge.evaluate.flights import Asked, FlightCard, fly
from edge.samples.overflight import Overflight

HEADER = (
    "", "visits", "told", "precision", "recall", "delay s", "stay off s", "place off m", "95 % within",
    "switches", "ego off px", "lost",
)  # fmt: skip
KEYS = (
    ("visits", "{}"), ("told", "{}"), ("precision", "{:.2f}"), ("recall", "{:.2f}"), ("delay_s", "{:.2f}"),
    ("stay_error_s", "{:.1f}"), ("place_error_m", "{:.2f}"), ("place_error_95_m", "{:.2f}"),
    ("switches", "{}"), ("ego_error_px", "{:.2f}"), ("motion_lost", "{}"),
)  # fmt: skip


def evaluate(jitter: float, missed: float, seed: int, as_json: bool) -> None:
    """Watch one flight twice and print what was understood."""
    cards = {
        name: fly(Overflight(seed), Asked(carried=carried, jitter=jitter, missed=missed))
        for name, carried in (("tracks carried along", True), ("not carried", False))
    }
    if as_json:
        print(json.dumps({name: card.to_json() for name, card in cards.items()}))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(HEADER):
        table.add_column(name, justify="right" if index else "left", no_wrap=True)
    for name, card in cards.items():
        table.add_row(name, *_row(card))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)
    console.print(
        f"A flight of {Overflight(seed).seconds:g} s about a zone on the map, seed {seed}; telemetry off by "
        f"1 m, 0.7 m in height and 0.3 degrees; a detector that misses {missed:.0%} and whose boxes err by "
        f"{jitter:.0%} of their height. Pixels are of 640.",
        style="dim",
    )


def _row(card: FlightCard) -> tuple[str, ...]:
    told = card.to_json()
    return tuple("–" if told[key] is None else form.format(told[key]) for key, form in KEYS)
