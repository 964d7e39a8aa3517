"""What a recipe says: which pictures in which shares, which network, how long, and what is measured on what.

Law: three kinds of pictures never mix. From those of `train` is learnt; on those of `choice` thresholds are
chosen; those of `test` are only reported on. The recipes are `street_nano` and `thermal_drone_nano`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.values.frame import Pixels
from models.training.augment import Variety
from models.training.network import Shape
from models.training.synthetic import View
from models.training.train import Schedule, Stage

SPLIT_SEED = 7
CLIPS = Path(__file__).parents[2] / "sample_videos"


@dataclass(frozen=True, slots=True)
class Taught:
    """A folder of pictures that teachers label; `held` of it, by whole scenes, halved for choice and test."""

    folder: str
    share: float
    held: float = 0.10


@dataclass(frozen=True, slots=True)
class Noted:
    """A folder of pictures and one of text labels; every third picture is for the test."""

    folder: str
    share: float
    labels: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Folders of pictures with labels in COCO's JSON; every twelfth of `folder` is for the choice.

    Attributes:
        folder: pictures to learn from; the labels lie beside it, in `folder`.json.
        test: pictures to report on, likewise.
        share: of the pictures drawn.
        names: category in the file to label; a category that is not named is a place to ignore.
    """

    folder: str
    test: str
    share: float
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filmed:
    """Real clips whose frames teachers label; never frames of one clip for two purposes.

    Attributes:
        name: of the set.
        learnt: clips to learn from, each with the seconds from one frame that is taken to the next.
        test: clips to report on, likewise.
        share: of the pictures drawn.
    """

    name: str
    learnt: tuple[tuple[str, float], ...]
    test: tuple[tuple[str, float], ...]
    share: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """A set of rendered pictures: name, number, seed, what it shows, and its share if it is learnt from."""

    name: str
    count: int
    seed: int
    view: View = View.STREET
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """A bundled model.

    Attributes:
        name: of the model and of its folder.
        labels: names of the classes.
        width: of the input, pixels.
        height: of the input, pixels.
        side: longest side of a picture on a shelf, pixels.
        data: what the card says of the pictures.
        limits: what the card says of where it fails, beside its figures.
        self_test: makes the picture of the self-test, which shows nobody real.
        shape: of the network.
        variety: how pictures are varied.
        schedule: of a training from nothing.
        further: of a training that goes on from landed weights.
        stages: of a training from nothing, in order.
        further_stages: of a training that goes on; the last one of `stages` unless given.
        real: real pictures.
        rendered: rendered pictures to learn from.
        deserted: share of the pictures drawn that are cut from real ones where nobody is.
        tempting: share of the pictures drawn, where it goes on from landed weights, that are cut around what
            those invent.
        rendered_choice: rendered pictures to choose thresholds on.
        rendered_test: rendered pictures to report on.
        clips: whether the frames of the sample clips are reported on.
        trades_on: set of the test on which the card tells what other thresholds would find; none if empty.
        seed: of the first weights and of everything that is drawn.
    """

    name: str
    labels: tuple[str, ...]
    width: int
    height: int
    side: int
    data: str
    self_test: Callable[[], Pixels]
    shape: Shape
    variety: Variety
    schedule: Schedule
    further: Schedule
    stages: tuple[Stage, ...]
    real: tuple[Taught | Noted | Listed | Filmed, ...]
    rendered: tuple[Rendered, ...] = ()
    deserted: float = 0.0
    tempting: float = 0.0
    further_stages: tuple[Stage, ...] = ()
    limits: tuple[str, ...] = ()
    rendered_choice: tuple[Rendered, ...] = ()
    rendered_test: tuple[Rendered, ...] = ()
    clips: bool = False
    trades_on: str = ""
    seed: int = 1

    @property
    def going_on(self) -> tuple[Stage, ...]:
        """The stages of a training that goes on from landed weights."""
        return self.further_stages or self.stages[-1:]

    @property
    def reach(self) -> float:
        """Longest side of the input, pixels."""
        return float(max(self.width, self.height))
