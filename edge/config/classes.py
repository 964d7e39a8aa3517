"""Classes that rules and heat maps of a file count and its model does not know.

Law: all are told at once, each at its line, before anything is started or changed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from edge import strictyaml
from edge.config import schema
from edge.config.cross import nearest
from edge.config.placed import Mistake
from edge.rules.spec import HEAT, THINGS
from edge.strictyaml.document import Loc
from edge.values.errors import ConfigError
from edge.values.event import Kind


def check_classes(path: Path, model: str, labels: Sequence[str]) -> None:
    """Pass in silence if the model knows all that the configuration in `path` counts.

    Args:
        path: of the configuration.
        model: name of the model that looks.
        labels: what it knows.

    Raises:
        ConfigError: it does not, or the file cannot be read or is wrong.
    """
    read = strictyaml.read(path, schema.Node, ConfigError)
    known = f"; it knows {', '.join(labels)}"
    mistakes = [
        (loc, f"the model {model} knows no {name}{nearest(name, labels) or known}")
        for loc, name in _counted(read.model)
        if name not in labels
    ]
    if mistakes:
        raise ConfigError(read.refusal(mistakes))


def _counted(node: schema.Node) -> Iterator[Mistake]:
    """Every class that is counted, and where that is written."""
    for at, rule in enumerate(node.rules):
        if Kind(rule.when) not in THINGS | HEAT:
            yield from _each(("rules", at), rule.classes)
    for at, camera in enumerate(node.cameras):
        for number, heat in enumerate(camera.heat_maps):
            yield from _each(("cameras", at, "heat_maps", number), heat.classes)


def _each(loc: Loc, classes: Sequence[str]) -> Iterator[Mistake]:
    yield from (((*loc, "classes", index), name) for index, name in enumerate(classes))
