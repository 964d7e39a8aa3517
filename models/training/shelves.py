"""All pictures of a training, made once and kept: shelves to learn from, and shelves for the test alone."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.training import recipe
from models.training.batches import Source
from models.training.data import Labelled, Shelf, held_back, scenes
from models.training.labelled import annotated, taught
from models.training.synthetic import filmed, pictures
from models.training.teachers import Jury

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shelves:
    """What is trained on, and what is held back, by name of the set."""

    train: list[Source]
    test: dict[str, Shelf]


def prepare(folder: Path, cards: Path, weights: Path, work: Path, say: Say) -> Shelves:
    """Read, label or render all pictures, unless `work` has them from an earlier run, and split them."""
    train, test = [], {}
    for part in recipe.SETS:
        make = functools.partial(_labelled, part, folder, cards, weights)
        shelf = _kept(work / f"{part.folder}.npz", make, say)
        held = _held(part, shelf)
        train.append(Source(shelf.take(~held), part.share))
        test[part.folder] = shelf.take(held)
    train += [Source(_rendered(made, work, say), made.share) for made in recipe.RENDERED]
    test["synthetic"] = _rendered(recipe.RENDERED_TEST, work, say)
    test["sample clips"] = Shelf(list(filmed(recipe.CLIPS)))
    return Shelves(train, test)


def _held(part: recipe.Set, shelf: Shelf) -> npt.NDArray[np.bool_]:
    """A tenth by scene where labels come from teachers; every third picture of a set that is no sequence."""
    if part.labels is not None:
        return np.asarray(np.arange(len(shelf)) % 3 == 0)
    return held_back(scenes(shelf), recipe.HELD_BACK, recipe.SPLIT_SEED)


def _labelled(part: recipe.Set, folder: Path, cards: Path, weights: Path) -> Iterable[Labelled]:
    if part.labels is not None:
        return annotated(folder / part.folder, folder / part.labels)
    return taught(folder / part.folder, Jury(cards, weights))


def _rendered(made: recipe.Rendered, work: Path, say: Say) -> Shelf:
    make = functools.partial(pictures, made.count, made.seed, made.above)
    return _kept(work / f"{made.name}.npz", make, say)


def _kept(path: Path, make: Callable[[], Iterable[Labelled]], say: Say) -> Shelf:
    if not path.exists():
        say(f"{path.name}: making it, which takes minutes")
        Shelf(list(make())).save(path)
    shelf = Shelf.load(path)
    say(f"{path.name}: {len(shelf)} pictures")
    return shelf
