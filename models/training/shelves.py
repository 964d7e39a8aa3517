"""All pictures of a training, made once and kept: shelves to learn from, to choose on and to report on."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training import recipe
from models.training.batches import Source
from models.training.data import Labelled, Shelf, held_back, scenes
from models.training.labelled import annotated, listed, taught, unlabelled
from models.training.recipe import Listed, Noted, Recipe, Rendered, Taught
from models.training.synthetic import View, filmed, pictures
from models.training.teachers import Jury

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from, and what thresholds are chosen on; `deserted` shows nobody."""

    train: list[Source]
    choice: dict[str, Shelf]
    deserted: Shelf


@dataclass(frozen=True, slots=True)
class Exam:
    """What is reported on, by name of the set; `deserted` shows nobody."""

    test: dict[str, Shelf]
    deserted: Shelf


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a training finds its pictures, the teachers' cards and weights, and what it made before.

    `most` limits the pictures of a folder that teachers label to learn from.
    """

    pictures: Path
    cards: Path
    teachers: Path | None
    work: Path
    most: int | None = None


def lesson(made: Recipe, folders: Folders, say: Say) -> Lesson:
    """Read, label or render what is needed to train, unless it was kept from an earlier run."""
    train: list[Source] = []
    choice: dict[str, Shelf] = {}
    for part in made.real:
        for_train, for_choice, _ = _real(part, made, folders, say)
        train.append(Source(for_train, part.share))
        choice |= {part.folder: for_choice} if len(for_choice) else {}
    train += [Source(_rendered(part, folders, say), part.share) for part in made.rendered]
    return Lesson(train, choice, _deserted(made.rendered_choice, folders, say))


def exam(made: Recipe, folders: Folders, say: Say) -> Exam:
    """The same for what is reported on."""
    test = {part.folder: _real(part, made, folders, say)[2] for part in made.real}
    streets = [part for part in made.rendered_test if part.view is not View.NOBODY]
    test |= {part.name: _rendered(part, folders, say) for part in streets}
    if made.clips:
        test["sample clips"] = Shelf(list(filmed(recipe.CLIPS)))
    return Exam(test, _deserted(made.rendered_test, folders, say))


def _deserted(parts: tuple[Rendered, ...], folders: Folders, say: Say) -> Shelf:
    return Shelf.joined([_rendered(part, folders, say) for part in parts if part.view is View.NOBODY])


def _real(
    part: Taught | Noted | Listed, made: Recipe, folders: Folders, say: Say
) -> tuple[Shelf, Shelf, Shelf]:
    """The pictures to learn from, to choose on and to report on."""
    root, name = folders.pictures, part.folder.replace("/", "-")
    kept = functools.partial(_kept, say=say)
    if isinstance(part, Taught):
        return _taught(part, folders, say)
    if isinstance(part, Noted):
        shelf = kept(folders.work / f"{name}.npz", lambda: annotated(root / part.folder, root / part.labels))
        third = np.arange(len(shelf)) % 3 == 0
        return shelf.take(~third), Shelf([]), shelf.take(third)
    kinds = {theirs: made.labels.index(ours) for theirs, ours in part.names}
    shelf = kept(folders.work / f"{name}.npz", lambda: listed(root / part.folder, kinds))
    test = kept(folders.work / f"{name}-test.npz", lambda: listed(root / part.test, kinds))
    twelfth = np.arange(len(shelf)) % 12 == 0
    return shelf.take(~twelfth), shelf.take(twelfth), test


def _taught(part: Taught, folders: Folders, say: Say) -> tuple[Shelf, Shelf, Shelf]:
    """Split by scene before anything is labelled: teachers take a second a picture."""
    names = [f"{part.folder}-{purpose}.npz" for purpose in (folders.most or "train", "choice", "test")]
    paths = [folders.work / name for name in names]
    if not all(path.exists() for path in paths):
        if folders.teachers is None:
            raise ValueError(f"{part.folder}: its labels come from teachers; give --teachers WEIGHTS")
        jury = Jury(folders.cards, folders.teachers)
        for path, pictures in zip(paths, _split(part, folders), strict=True):
            _kept(path, functools.partial(taught, pictures, jury), say)
    train, choice, test = (_kept(path, list, say) for path in paths)
    return train, choice, test


def _split(part: Taught, folders: Folders) -> tuple[list[Path], list[Path], list[Path]]:
    """Pictures by whole scenes: half of those held back for the choice, half for the test."""
    paths = sorted((folders.pictures / part.folder).glob("*.jpg"))
    scene = scenes(Shelf([unlabelled(path) for path in paths]))
    held = held_back(scene, part.held, recipe.SPLIT_SEED)
    other = np.isin(scene, np.unique(scene[held])[::2])
    train, choice, test = (
        [paths[i] for i in np.flatnonzero(mask)] for mask in (~held, held & other, held & ~other)
    )
    step = max(1, -(-len(train) // folders.most)) if folders.most else 1
    return train[::step], choice, test


def _rendered(part: Rendered, folders: Folders, say: Say) -> Shelf:
    return _kept(folders.work / f"{part.name}.npz", lambda: pictures(part.count, part.seed, part.view), say)


def _kept(path: Path, make: Callable[[], Iterable[Labelled]], say: Say) -> Shelf:
    if not path.exists():
        say(f"{path.name}: making it, which takes minutes")
        Shelf(list(make())).save(path)
    shelf = Shelf.load(path)
    say(f"{path.name}: {len(shelf)} pictures")
    return shelf
