"""The verb `models evaluate` for a density model: how wrong its numbers are, and what its card should say."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edge.detect.map_reading import MapReading
from edge.evaluate.counting import ENOUGH, CountScore, Group, count_score
from edge.evaluate.scaling import Scaling
from edge.run.wiring import measuring_counts
from edge.values.errors import ConfigError


def evaluate_counts(
    folder: Path, pictures: Path, labels: Path, names: Sequence[str], most: int | None, as_json: bool
) -> None:
    """Print what the density model of a folder is worth on pictures whose people were counted.

    Raises:
        ModelError: it is not accepted.
        ConfigError: pictures or labels are wrong.
    """
    if not pictures.is_dir() or not labels.exists():
        raise ConfigError(f"{pictures if not pictures.is_dir() else labels}: there is no such file or folder")
    counted = measuring_counts.counted_of(pictures, labels, names)[:most]
    counter = measuring_counts.counter_of(folder)
    score = count_score(list(measuring_counts.counts(counter, counted)))
    if as_json:
        print(json.dumps(asdict(score)))
    else:
        _tell(score, counter.card.crowd or MapReading())


def _tell(score: CountScore, card: MapReading) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("people in the picture")
    for name in ("pictures", "true, mean", "told, mean", "error, mean"):
        table.add_column(name, justify="right")
    for group in score.groups:
        row = (f"{group.pictures}", f"{group.true:.1f}", f"{group.told:.1f}", f"{group.mae:.1f}")
        table.add_row(_span(group), *row)
    console.print(table)
    share = "" if score.relative is None else f", {score.relative:.0%} of the people"
    console.print(
        f"{score.pictures} pictures: mean absolute error {score.mae:.1f}{share}; root of the mean square "
        f"{score.rmse:.1f}; {abs(score.bias):.1f} too {'many' if score.bias > 0 else 'few'} in the mean",
        style="dim",
    )
    console.print(_advice(score))
    if score.scaling is not None:
        console.print(_proposal(score.scaling, card))


def _span(group: Group) -> str:
    if group.most is None:
        return f"{group.least} and more"
    return "nobody" if group.most == 0 else f"{group.least} to {group.most}"


def _advice(score: CountScore) -> str:
    """What to write on the card."""
    people = sum(group.pictures for group in score.groups if group.least > 0)
    if people < ENOUGH:
        return f"the card's crowd.error wants {ENOUGH} pictures with people, got {people}: count more"
    if score.error is None or score.error >= 1:
        return "no crowd.error below 1 holds nine pictures of ten: this model cannot count these places"
    error = max(score.error, 0.01)
    return f"write crowd: {{error: {error:.2f}}} on the card: nine pictures of ten lie within it"


def _proposal(scaling: Scaling, card: MapReading) -> str:
    """The scale to write on the card, and what else there goes with it."""
    scale, low, high = (card.scale * each for each in (scaling.factor, scaling.low, scaling.high))
    keys = [f"scale: {scale:.4g}", f"error: {min(max(scaling.error, 0.01), 0.99):.2f}"]
    if card.people is not None:
        keys += [f"people: {card.people * scaling.factor:.4g}"]
    many = "few" if scaling.factor > 1 else "many"
    return (
        f"it tells too {many} throughout: crowd: {{{', '.join(keys)}}} does better, measured on pictures "
        f"that had no say in it; the scale lies between {low:.4g} and {high:.4g} 19 times of 20"
    )
