"""All pictures of a training, made once and kept: shelves to learn from, to choose on and to report on."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from models.training import recipe
from models.training.batches import Source
from models.training.data import Labelled, Shelf, held_back, scenes
from models.training.deserted import deserted
from models.training.labelled import annotated, filmed_taught, listed, taught, unlabelled
from models.training.recipe import Filmed, Listed, Noted, Recipe, Rendered, Taught
from models.training.synthetic import View, filmed, pictures
from models.training.teachers import Jury

Say = Callable[[str], None]
Real = Taught | Noted | Listed | Filmed


@dataclass(frozen=True, slots=True)
class Held:
    """Pictures that are not learnt from, by name of the set; those of `deserted` show nobody."""

    shelves: dict[str, Shelf]
    deserted: Shelf


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a training finds its pictures, the teachers' cards and weights, and what it made before.

    `most` limits the pictures of a folder that teachers label to learn from; `clips` holds the real clips
    of a recipe that names some.
    """

    pictures: Path
    cards: Path
    teachers: Path | None
    work: Path
    most: int | None = None
    clips: Path | None = None


class Purpose(StrEnum):
    """What pictures are for."""

    TRAIN = "train"
    CHOICE = "choice"
    TEST = "test"


def lesson(made: Recipe, folders: Folders, say: Say) -> list[Source]:
    """What is learnt from: read, labelled or rendered now, unless it was kept from an earlier run."""
    shelves = [_real(part, Purpose.TRAIN, made, folders, say) for part in made.real]
    real = [Source(shelf, part.share) for shelf, part in zip(shelves, made.real, strict=True)]
    rendered = [Source(_rendered(part, folders, say), part.share) for part in made.rendered]
    empty = deserted(Shelf.joined(shelves), made.seed) if made.deserted else Shelf([])
    return real + rendered + ([Source(empty, made.deserted)] if len(empty) else [])


def choice(made: Recipe, folders: Folders, say: Say) -> Held:
    """What thresholds are chosen on."""
    real = {_test_name(part): _real(part, Purpose.CHOICE, made, folders, say) for part in made.real}
    kept = {name: shelf for name, shelf in real.items() if len(shelf)}
    kept |= _streets(made.rendered_choice, folders, say)
    return Held(kept, _deserted(made.rendered_choice, folders, say))


def exam(made: Recipe, folders: Folders, say: Say) -> Held:
    """What is reported on."""
    names = [_test_name(part) for part in made.real]
    real = [_real(part, Purpose.TEST, made, folders, say) for part in made.real]
    test = dict(zip(names, real, strict=True))
    test |= _streets(made.rendered_test, folders, say)
    if made.clips:
        test["sample clips"] = Shelf(list(filmed(recipe.CLIPS)))
    return Held(test, _deserted(made.rendered_test, folders, say))


def _streets(parts: tuple[Rendered, ...], folders: Folders, say: Say) -> dict[str, Shelf]:
    return {part.name: _rendered(part, folders, say) for part in parts if part.view is not View.NOBODY}


def _deserted(parts: tuple[Rendered, ...], folders: Folders, say: Say) -> Shelf:
    return Shelf.joined([_rendered(part, folders, say) for part in parts if part.view is View.NOBODY])


def _test_name(part: Real) -> str:
    if isinstance(part, Filmed):
        return part.name
    return part.test if isinstance(part, Listed) else part.folder


def _real(part: Real, purpose: Purpose, made: Recipe, folders: Folders, say: Say) -> Shelf:
    if isinstance(part, Filmed):
        return _filmed(part, purpose, folders, say)
    if isinstance(part, Taught):
        return _taught(part, purpose, folders, say)
    if isinstance(part, Noted):
        return _noted(part, purpose, folders, say)
    return _listed(part, purpose, made, folders, say)


def _taught(part: Taught, purpose: Purpose, folders: Folders, say: Say) -> Shelf:
    """Split by scene before anything is labelled: teachers take a second a picture."""
    few = f"-{folders.most}" if folders.most and purpose is Purpose.TRAIN else ""

    def make() -> Iterable[Labelled]:
        return taught(_split(part, folders)[purpose], _jury(part.folder, folders))

    return _kept(folders.work / f"{part.folder}-{purpose}{few}.npz", make, say)


def _filmed(part: Filmed, purpose: Purpose, folders: Folders, say: Say) -> Shelf:
    """Clips are whole for learning or whole for the test: neighbouring frames are the same picture."""
    if purpose is Purpose.CHOICE:
        return Shelf([])

    def make() -> Iterable[Labelled]:
        if folders.clips is None:
            raise ValueError(f"{part.name}: its pictures are frames of clips; give --clips FOLDER")
        jury = _jury(part.name, folders)
        for name, every_s in part.learnt if purpose is Purpose.TRAIN else part.test:
            yield from filmed_taught(folders.clips / name, every_s, jury)

    return _kept(folders.work / f"{part.name}-{purpose}.npz", make, say)


def _jury(name: str, folders: Folders) -> Jury:
    if folders.teachers is None:
        raise ValueError(f"{name}: its labels come from teachers; give --teachers WEIGHTS")
    return Jury(folders.cards, folders.teachers)


def _split(part: Taught, folders: Folders) -> dict[Purpose, list[Path]]:
    """Pictures by whole scenes: half of those held back for the choice, half for the test."""
    paths = sorted((folders.pictures / part.folder).glob("*.jpg"))
    scene = scenes(Shelf([unlabelled(path) for path in paths]))
    held = held_back(scene, part.held, recipe.SPLIT_SEED)
    other = np.isin(scene, np.unique(scene[held])[::2])
    masks = {Purpose.TRAIN: ~held, Purpose.CHOICE: held & other, Purpose.TEST: held & ~other}
    chosen = {purpose: [paths[i] for i in np.flatnonzero(mask)] for purpose, mask in masks.items()}
    step = -(-len(chosen[Purpose.TRAIN]) // (folders.most or len(paths)))
    return {**chosen, Purpose.TRAIN: chosen[Purpose.TRAIN][::step]}


def _noted(part: Noted, purpose: Purpose, folders: Folders, say: Say) -> Shelf:
    root = folders.pictures
    if purpose is Purpose.CHOICE:
        return Shelf([])
    make = functools.partial(annotated, root / part.folder, root / part.labels)
    shelf = _kept(folders.work / f"{part.folder}.npz", make, say)
    third = np.arange(len(shelf)) % 3 == 0
    return shelf.take(third if purpose is Purpose.TEST else ~third)


def _listed(part: Listed, purpose: Purpose, made: Recipe, folders: Folders, say: Say) -> Shelf:
    folder = part.test if purpose is Purpose.TEST else part.folder
    kinds = {theirs: made.labels.index(ours) for theirs, ours in part.names}
    make = functools.partial(listed, folders.pictures / folder, kinds)
    shelf = _kept(folders.work / f"{folder.replace('/', '-')}.npz", make, say)
    if purpose is Purpose.TEST:
        return shelf
    twelfth = np.arange(len(shelf)) % 12 == 0
    return shelf.take(twelfth if purpose is Purpose.CHOICE else ~twelfth)


def _rendered(part: Rendered, folders: Folders, say: Say) -> Shelf:
    return _kept(folders.work / f"{part.name}.npz", lambda: pictures(part.count, part.seed, part.view), say)


def _kept(path: Path, make: Callable[[], Iterable[Labelled]], say: Say) -> Shelf:
    if not path.exists():
        say(f"{path.name}: making it, which takes minutes")
        Shelf(list(make())).save(path)
    shelf = Shelf.load(path)
    say(f"{path.name}: {len(shelf)} pictures")
    return shelf
