"""The model card: what must be known of a detector to feed it and to understand its answers.

Law: a card is valid from birth. It says nothing that the program does not use or show. How cards are written
in YAML is the business of `edge.adapters.model_folder`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from edge.detect.fit import Fit
from edge.detect.map_reading import MapReading
from edge.values.acuity import Acuity
from edge.values.frame import Size

Triple = tuple[float, float, float]
PERSON = "person"
VEHICLES = frozenset({"bicycle", "car", "motorcycle", "bus", "truck"})


class Family(StrEnum):
    """How a model lays out its answers; each has a decoder of its own."""

    YOLOX = "yolox"
    ULTRALYTICS = "ultralytics"  # raw head of v8 and v11: NMS is ours
    ULTRALYTICS_END2END = "ultralytics-end2end"  # v10, v26 and exports with NMS inside
    DEIM = "deim"  # also D-FINE and RT-DETR
    NANODET = "nanodet"
    FASTESTDET = "fastestdet"
    DENSITY_MAP = "density-map"  # no boxes: people for each place, of crowds in which they hide each other


@dataclass(frozen=True, slots=True)
class Input:
    """The picture that a model wants: value = (pixel / divisor − mean) / std, channel by channel.

    Attributes:
        size: width and height, pixels.
        layout: order of the axes after the batch axis of one.
        dtype: type of the values; uint8 takes the pixels as they are.
        colour: order of the channels, also of `mean` and `std`; GREY has one, of the first of each.
        divisor: 255 for models that want 0..1, 1 for those that want 0..255.
        mean: what is subtracted after the division.
        std: what is divided by at last.
        fit: how a picture is brought to `size`.
        pad: grey value 0..255 of the padding of a letterbox.
    """

    size: Size
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    dtype: Literal["float32", "uint8"] = "float32"
    colour: Literal["RGB", "BGR", "GREY"] = "RGB"
    divisor: float = 255.0
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (1.0, 1.0, 1.0)
    fit: Fit = Fit.LETTERBOX_CENTRE
    pad: int = 114

    def __post_init__(self) -> None:
        if min(self.size) < 32 or max(self.size) > 4096:
            raise ValueError(f"an input wants sides of 32 to 4096 pixels, got {self.size}")
        if self.divisor <= 0 or min(self.std) <= 0:
            raise ValueError(f"an input wants divisor and std above 0, got {self.divisor} and {self.std}")
        if not 0 <= self.pad <= 255:
            raise ValueError(f"an input wants a pad of 0 to 255, got {self.pad}")
        if self.dtype == "uint8" and (self.divisor, self.mean, self.std) != (1, (0, 0, 0), (1, 1, 1)):
            raise ValueError(
                "an input of uint8 wants divisor 1, mean 0 and std 1: the model scales by itself"
            )

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Shape of the input tensor."""
        (width, height), deep = self.size, self.channels
        return (1, deep, height, width) if self.layout == "NCHW" else (1, height, width, deep)

    @property
    def channels(self) -> int:
        """Numbers for each pixel."""
        return 1 if self.colour == "GREY" else 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Which of a model's answers are believed.

    Attributes:
        score: smallest score of a detection, by label; `default` for labels that are not named.
        default: smallest score of labels that `score` does not name.
        nms_iou: of two boxes of one class that overlap more, the better stays; 1 for models that need no NMS.
        across_iou: the same for boxes of different classes: one thing has one class; 1 to let both stand.
        max_detections: most detections of one frame, the best are kept.
    """

    score: Mapping[str, float]
    default: float = 0.4
    nms_iou: float = 0.5
    across_iou: float = 0.9
    max_detections: int = 300

    def __post_init__(self) -> None:
        overlaps = {"nms_iou": self.nms_iou, "across_iou": self.across_iou}
        for name, value in {"default": self.default, **self.score, **overlaps}.items():
            if not 0 < value <= 1:
                raise ValueError(f"a threshold wants 0 < value <= 1, got {name} {value}")
        if not 1 <= self.max_detections <= 1000:
            raise ValueError(f"max_detections wants 1 to 1000, got {self.max_detections}")

    def of(self, label: str) -> float:
        """Smallest score of a detection with this label."""
        return self.score.get(label, self.default)


@dataclass(frozen=True, slots=True)
class Quality:
    """One measured figure: on which pictures, by which measure, how good."""

    measured_on: str
    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class Trade:
    """What another threshold of a label would give: what it finds against what it invents.

    Attributes:
        label: of the things.
        score: the threshold.
        recall: share of what is there that is found, 0..1.
        precision: share of what is found there that is right, 0..1.
        invented: found in a thousand pictures that show none.
    """

    label: str
    score: float
    recall: float
    precision: float
    invented: float

    def __post_init__(self) -> None:
        shares = (self.score, self.recall, self.precision)
        if not all(0 <= share <= 1 for share in shares) or self.invented < 0:
            raise ValueError(f"a trade wants shares of 0 to 1 and a count from 0 on, got {self}")


@dataclass(frozen=True, slots=True)
class Expected:
    """An object that the self-test picture shows: box x1 y1 x2 y2 in pixels of the picture."""

    label: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A picture and what the model must find in it, so that a wrong model, card or runtime is noticed.

    Attributes:
        picture: file name within the model folder.
        expected: every object that the model finds in it.
        min_iou: smallest overlap of a found box with the expected one.
        max_score_drift: largest difference of a score from the expected one; back ends and precisions differ.
    """

    picture: str
    expected: tuple[Expected, ...]
    min_iou: float = 0.8
    max_score_drift: float = 0.1


@dataclass(frozen=True, slots=True)
class Quantised:
    """Where an INT8 copy comes from, and how much of what its original finds it finds too.

    Attributes:
        of: SHA-256 of the original's weights.
        calibration: on which pictures and how, in words.
        recall: share of the original's boxes that the copy finds too, on pictures it was not calibrated on.
        precision: share of the copy's boxes that the original finds too.
    """

    of: str
    calibration: str
    recall: float
    precision: float

    def __post_init__(self) -> None:
        _check_sha256("quantised.of", self.of)
        if not (0 <= self.recall <= 1 and 0 <= self.precision <= 1):
            raise ValueError(f"a copy wants shares of 0 to 1, got {self.recall} and {self.precision}")


def _check_sha256(name: str, digest: str) -> None:
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError(f"a card wants {name} as 64 hexadecimal digits, got {digest!r}")


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known of a model.

    Attributes:
        name: lower-case name, as in configurations.
        family: layout of its answers.
        input: the picture it wants.
        labels: names of the classes, by class index.
        thresholds: which answers are believed.
        sha256: lower-case hexadecimal digest of the weights.
        licence: SPDX identifier of the weights' licence.
        source: where the weights come from.
        data: what it was trained on.
        quality: measured figures.
        trades: what other thresholds would give, by label and rising score.
        trades_on: which pictures those were measured on; empty where there are none.
        limits: where it fails, in words.
        outputs: what it tells; anything but boxes is refused at the door.
        self_test: None where no picture is at hand.
        quantised: of an INT8 copy; None for a model of its own.
        crowd: how the map of a density model is read; None of a detector.
        acuity: how well a detector tells people apart; None where nobody measured it.
    """

    name: str
    family: Family
    input: Input
    labels: tuple[str, ...]
    thresholds: Thresholds
    sha256: str
    licence: str
    source: str
    data: str
    quality: tuple[Quality, ...] = ()
    trades: tuple[Trade, ...] = ()
    trades_on: str = ""
    limits: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ("boxes",)
    self_test: SelfTest | None = None
    quantised: Quantised | None = None
    crowd: MapReading | None = None
    acuity: Acuity | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.labels) <= 1000 or len(set(self.labels)) != len(self.labels):
            raise ValueError(f"a card wants 1 to 1000 different labels, got {len(self.labels)}")
        expected = self.self_test.expected if self.self_test else ()
        named = {*self.thresholds.score, *(e.label for e in expected), *(t.label for t in self.trades)}
        if strangers := named - set(self.labels):
            raise ValueError(
                f"a card wants its own labels in thresholds, trades and self-test, got {sorted(strangers)}"
            )
        if bool(self.trades) is not bool(self.trades_on):
            raise ValueError("a card wants trades and trades_on, what they were measured on, or neither")
        _check_sha256("sha256", self.sha256)
        self._check_crowd()

    @property
    def counts(self) -> bool:
        """Whether it counts crowds; all others find things."""
        return self.family is Family.DENSITY_MAP

    def _check_crowd(self) -> None:
        if (self.crowd is not None) is not self.counts:
            got = f"{self.family} {'with' if self.crowd else 'without'} crowd"
            raise ValueError(f"a card wants crowd for the family density-map, and for no other, got {got}")
        if self.acuity is not None and (self.counts or PERSON not in self.labels):
            raise ValueError("a card wants acuity only of a detector that knows persons")
        if self.counts and (self.labels != ("person",) or self.input.fit is Fit.LETTERBOX_CENTRE):
            raise ValueError(
                f"a density model wants the one label person and a picture at the top left of its input, got "
                f"{', '.join(self.labels)} and {self.input.fit}"
            )
        if self.input.colour == "GREY" and not self.counts:
            raise ValueError(f"an input of grey belongs to the family density-map, got {self.family}")
