"""The verbs `models list`, `show` and `verify`: what there is, what it is worth, whether it is whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.detect.card import Card, Quality
from edge.run.models import folder_of
from edge.run.wiring import modelling
from edge.values.errors import ModelError

COLUMNS = ("name", "input", "licence", "quality", "size", "origin")
"""What the table has room for on 80 columns; `--json` and `show` say all."""
WEAK = 0.5
"""Average precision below which a model is said to fail there."""


def list_all(store: Path | None, as_json: bool) -> None:
    """Print a table of all models, and below it what is wrong with those that are broken."""
    rows = [_line(*shelf) for shelf in modelling.shelved_folders(modelling.store_of(store))]
    if as_json:
        print("\n".join(json.dumps(row) for row in rows))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        justify: Literal["left", "right"] = "right" if name == "size" else "left"
        table.add_column(name, overflow="fold", justify=justify, no_wrap=name != "quality")
    for row in rows:
        if "error" in row:
            table.add_row(str(row["name"]), "", "", Text("broken", style="bold red"), "", str(row["origin"]))
        else:
            row["size"] = f"{float(row['size_bytes']) / 1e6:.1f} MB"
            table.add_row(*(str(row[name]) for name in COLUMNS))
    console = Console(highlight=False)
    console.print(table)
    for row in rows:
        if "error" in row:
            told = f"\n{row['name']} is broken:\n{row['error']}"
            console.print(told, style="red", markup=False, soft_wrap=True)


def _line(folder: Path, origin: str) -> dict[str, str | int]:
    try:
        found = modelling.shelved(folder, origin)
    except ModelError as failure:
        return {"name": folder.name, "origin": origin, "error": str(failure)}
    card = found.card
    headline = _headline(card.quality)
    return {
        "name": folder.name,
        "family": str(card.family),
        "input": f"{card.input.size.width}x{card.input.size.height}",
        "licence": card.licence,
        "quality": "not measured" if headline is None else f"{headline.measure} {headline.value:.2f}",
        "size_bytes": found.size_bytes,
        "origin": origin,
        "sha256": card.sha256,
        "folder": str(folder),
    }


def _headline(quality: Sequence[Quality]) -> Quality | None:
    """The figure that says most in a table: the first on persons, else the first."""
    persons = (figure for figure in quality if "person" in figure.measure)
    return next(persons, quality[0] if quality else None)


def show(model: str, store: Path | None, as_json: bool) -> None:
    """Print what a model is, what it may be used for, what it is worth, and where it fails.

    Raises:
        ModelError: there is no such model, or its card is wrong.
    """
    folder = folder_of(model, store)
    found = modelling.shelved(folder, "")
    if as_json:
        print(json.dumps({**asdict(found.card), "folder": str(folder), "size_bytes": found.size_bytes}))
        return
    console = Console(highlight=False)
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(found):
        facts.add_row(name, value)
    console.print(facts)
    _print_quality(console, found.card)


def _facts(found: modelling.Shelved) -> Iterator[tuple[str, str]]:
    card, picture = found.card, found.card.input
    yield "name", card.name
    yield "folder", str(found.folder)
    yield "finds", ", ".join(card.labels[:12]) + (f" … {len(card.labels)} in all" if card.labels[12:] else "")
    yield "tells", ", ".join(card.outputs)
    yield "family", str(card.family)
    yield "input", f"{picture.size.width}x{picture.size.height} {picture.colour}, {picture.fit}"
    yield "licence", card.licence
    yield "source", card.source
    yield "trained on", card.data
    yield "size", f"{found.size_bytes / 1e6:.1f} MB"
    yield "SHA-256", card.sha256
    yield "self-test", _tested(card)
    if card.crowd is not None:
        yield "counts within", f"± {card.crowd.error:.0%} of the truth, nine times of ten"
    if (made := card.quantised) is not None:
        yield "INT8 copy of", made.of
        yield "calibrated on", made.calibration
        yield "agrees with it", f"recall {made.recall:.1%}, precision {made.precision:.1%} on other pictures"


def _tested(card: Card) -> str:
    if card.crowd is not None and card.crowd.people is not None:
        return f"{card.crowd.people:.1f} people"
    return "none" if card.self_test is None else f"{len(card.self_test.expected)} objects"


def _print_quality(console: Console, card: Card) -> None:
    if not card.quality:
        console.print("\nIt was never measured: safecity-edge models evaluate tells what it is worth.")
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("measure", "", "measured on"):
            table.add_column(name, overflow="fold", justify="right" if not name else "left")
        for figure in sorted(card.quality, key=_rank):
            weak = "red" if figure.value < WEAK else ""
            table.add_row(figure.measure, Text(f"{figure.value:.3f}", style=weak), figure.measured_on)
        console.print()
        console.print(table)
    _print_trades(console, card)
    fails = [*card.limits, *(_weakness(figure) for figure in card.quality if _is_weak(figure))]
    if fails:
        console.print("\n[bold]Where it fails[/bold]")
    for sentence in fails:
        console.print(f"  {sentence}", markup=False, soft_wrap=True)


def _print_trades(console: Console, card: Card) -> None:
    """What `detector.score` of a configuration would change."""
    if not card.trades:
        return
    console.print(f"\n[bold]Other thresholds[/bold] ({card.trades_on})")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("label", "score", "finds", "right", "invents per 1,000", ""):
        table.add_column(name, justify="left" if name in ("label", "") else "right")
    for trade in card.trades:
        here = "in force" if trade.score == card.thresholds.of(trade.label) else ""
        shares = f"{trade.recall:.0%}", f"{trade.precision:.0%}", f"{trade.invented:g}"
        table.add_row(trade.label, f"{trade.score:g}", *shares, here)
    console.print(table)


def _rank(figure: Quality) -> tuple[bool, float]:
    """Precisions first, the best at the top; other figures after them."""
    return not figure.measure.startswith("AP"), -figure.value


def _is_weak(figure: Quality) -> bool:
    return figure.measure.startswith("AP") and figure.value < WEAK


def _weakness(figure: Quality) -> str:
    return f"{figure.measure} is only {figure.value:.2f} on {figure.measured_on}"


def verify(models: Sequence[str], store: Path | None, as_json: bool) -> int:
    """Prove digest, capability, shapes and self-test of models, of all unless some are named.

    Returns:
        Exit status: 0 if all are whole, else that of a model error.
    """
    named = [(model, folder_of(model, store)) for model in models]
    everything = ((f.name, f) for f, _ in modelling.shelved_folders(modelling.store_of(store)))
    failed = False
    for name, folder in named or everything:
        told = _verdict(folder)
        failed |= told["verdict"] == "fail"
        print(json.dumps({"name": name, **told}) if as_json else _worded(name, told))
    return ModelError.exit_code if failed else 0


def _verdict(folder: Path) -> dict[str, str]:
    try:
        card = modelling.accepted(folder).card
    except ModelError as failure:
        return {"verdict": "fail", "found": str(failure)}
    tested = "no self-test" if _tested(card) == "none" else "self-test passed"
    return {"verdict": "ok", "found": f"SHA-256, capability and shapes as the card says, {tested}"}


def _worded(name: str, told: dict[str, str]) -> str:
    return f"{told['verdict']:5} {name:24} {told['found']}"
