"""The verb `models evaluate`: what a model is worth on a folder of labelled pictures, by COCO's figures."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from edge.detect.coco import LABELS as COCO
from edge.evaluate.coco import CocoScore, Labelled, coco_score
from edge.run.models import folder_of
from edge.run.verb_model_counts import evaluate_counts
from edge.run.wiring import measuring
from edge.values.errors import ConfigError

SHOWN = 8
FIGURES = (
    ("AP", "ap", "mean over overlaps of 0.50 to 0.95"),
    ("AP50", "ap50", "overlap 0.50"),
    ("AP75", "ap75", "overlap 0.75"),
    ("AP small", "small", "below 32x32 pixels"),
    ("AP medium", "medium", "32x32 to 96x96"),
    ("AP large", "large", "above 96x96"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    model: str
    pictures: Path
    labels: Path | None = None
    names: str = "coco"
    aside: tuple[str, ...] = ()
    most: int | None = None
    store: Path | None = None
    as_json: bool = False


def evaluate(request: Request) -> None:
    """Print what the model is worth on these pictures.

    Raises:
        ModelError: there is no such model, or it is not accepted.
        ConfigError: pictures or labels are wrong, or the model knows none of their classes.
    """
    folder = folder_of(request.model, request.store)
    names = _names(request.names)
    if measuring.card_of(folder).counts:
        table = request.pictures.with_name(f"{request.pictures.name}.csv")
        labels = table if request.labels is None and table.exists() else _labels(request)
        evaluate_counts(folder, request.pictures, labels, names, request.most, request.as_json)
        return
    _evaluate_boxes(request, folder, names)


def _evaluate_boxes(request: Request, folder: Path, names: Sequence[str]) -> None:
    pictures = measuring.pictures_of(request.pictures, _labels(request), names)[: request.most]
    known = {measuring.plain(label): label for label in measuring.card_of(folder).labels}
    there = sorted({measuring.plain(o.label) for picture in pictures for o in picture.objects})
    aside = frozenset(measuring.plain(name) for name in request.aside)
    scored = [name for name in there if name in known and name not in aside]
    if not scored:
        raise ConfigError(
            f"{request.model} knows none of the classes of these labels: it finds "
            f"{', '.join(known.values())}, they have {', '.join(there) or 'none'}"
        )
    detector = measuring.doubting_detector(folder)
    looked = measuring.answered(detector, pictures, scored, aside)
    score = coco_score(list(_shown(looked, len(pictures))), len(scored))
    unknown = [name for name in there if name not in known and name not in aside]
    _tell(score, [known[name] for name in scored], unknown, len(pictures), request.as_json)


def _labels(request: Request) -> Path:
    """The labels that were named, else those that lie beside the pictures as they usually do."""
    if request.labels is not None:
        return request.labels
    folder = request.pictures
    usual = (
        folder.with_name(f"{folder.name}.json"),
        folder.with_name(f"{folder.name}_labels"),
        folder.parent.parent / "labels" / folder.name,
        folder,
    )
    return next(path for path in usual if path.exists() or path == folder)


def _names(said: str) -> Sequence[str]:
    if said == "coco":
        return COCO
    path = Path(said)
    if "," in said or not path.is_file():
        return [name.strip() for name in said.split(",")]
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as failure:
        raise ConfigError(f"--names: {said} cannot be read as text: {failure}") from failure


def _shown(looked: Iterator[Labelled], count: int) -> Iterable[Labelled]:
    console = Console(stderr=True)
    return track(looked, "looking", count, console=console, disable=not sys.stderr.isatty(), transient=True)


def _tell(score: CocoScore, scored: Sequence[str], unknown: Sequence[str], count: int, as_json: bool) -> None:
    if as_json:
        by_class = dict(zip(scored, score.by_class, strict=True))
        print(
            json.dumps(
                {**asdict(score), "by_class": by_class, "pictures": count, "not_scored": list(unknown)}
            )
        )
        return
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in (("figure", "left"), ("", "right"), ("of", "left")):
        table.add_column(name, justify="right" if side == "right" else "left")
    for name, key, meaning in FIGURES:
        table.add_row(name, _figure(getattr(score, key)), meaning)
    for label, value in zip(scored, score.by_class, strict=True):
        table.add_row(f"AP50 {label}", _figure(value), "")
    console.print(table)
    console.print(f"{count} pictures, {len(scored)} classes; the figures are those of COCO", style="dim")
    if unknown:
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        told = f"not scored, since the model does not know them: {', '.join(unknown[:SHOWN])}{more}"
        console.print(told, style="yellow")


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
