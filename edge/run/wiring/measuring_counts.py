"""Wiring of the verb `models evaluate` for density models: counted pictures, and a counter."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from edge.adapters import counted_pictures, model_folder
from edge.adapters.counted_pictures import CountedPicture
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_counter import OnnxCounter
from edge.evaluate.counting import Counted
from edge.run.wiring.measuring import pictures_of, plain
from edge.values.density import DensityMap
from edge.values.errors import ConfigError, ModelError

HEADS = frozenset({"person", "head", "people", "pedestrian"})
"""Plain names of labels of which each box is one of the counted."""


def counted_of(folder: Path, labels: Path, names: Sequence[str]) -> tuple[CountedPicture, ...]:
    """Pictures of a folder with the number of people in each: of a table, or of boxes around them.

    A picture in which a box stands for a group is left out: nobody counted it.

    Raises:
        ConfigError: they are wrong, there are none, or no label is of people.
    """
    if labels.suffix.lower() == ".csv":
        found = counted_pictures.from_table(folder, labels)
    else:
        boxed = pictures_of(folder, labels, names)
        if not any(plain(o.label) in HEADS for picture in boxed for o in picture.objects):
            raise ConfigError(f"{labels}: wanted boxes of people ({', '.join(sorted(HEADS))}), found none")
        found = tuple(
            CountedPicture(picture.path, sum(plain(o.label) in HEADS for o in picture.objects))
            for picture in boxed
            if not any(o.crowd and plain(o.label) in HEADS for o in picture.objects)
        )
    if not found:
        raise ConfigError(f"{labels}: wanted counted pictures, found none")
    return found


def counter_of(folder: Path) -> OnnxCounter:
    """The density model of a folder.

    Raises:
        ModelError: it is not accepted.
    """
    return OnnxCounter(model_folder.load(folder))


def counts(counter: OnnxCounter, pictures: Sequence[CountedPicture]) -> Iterator[Counted]:
    """What the counter tells of each picture, beside how many there are.

    Raises:
        ConfigError: a picture cannot be decoded.
        ModelError: a picture got no answer.
    """
    for picture in pictures:
        try:
            told = counter.answer(picture_pixels(picture.path.read_bytes()))
        except (OSError, ModelError) as failure:
            raise ConfigError(f"{picture.path}: cannot be decoded as a picture") from failure
        if not isinstance(told, DensityMap):
            raise ModelError(f"{picture.path}: got no answer ({told.why}); verify the model")
        yield Counted(picture.people, told.people)
