"""`card.yaml`: how a model card is written, with bounds and a description for every key.

Law: strict; an unknown key or a value out of bounds is an error that names its line. What a card means is
said in `edge.detect.card`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edge.detect.card import Card, Expected, Family, Input, Quality, Quantised, SelfTest, Thresholds, Trade
from edge.detect.fit import Fit
from edge.detect.map_reading import MapReading
from edge.values.acuity import Acuity
from edge.values.crowd import UNMEASURED
from edge.values.frame import Size

_FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
_Text = Annotated[str, Field(min_length=1, max_length=500)]
_Label = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 _-]{0,39}$")]
_Share = Annotated[float, Field(gt=0, le=1)]
_Triple = tuple[float, float, float]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class InputFile(_Strict):
    """`input:` of a card; see `edge.detect.card.Input`."""

    width: int = Field(ge=32, le=4096, description="pixels")
    height: int = Field(ge=32, le=4096, description="pixels")
    layout: Literal["NCHW", "NHWC"] = Field(default="NCHW", description="order of the axes")
    dtype: Literal["float32", "uint8"] = Field(default="float32", description="type of the values")
    colour: Literal["RGB", "BGR", "GREY"] = Field(
        description="order of the channels, also of mean and std; GREY has one"
    )
    divisor: float = Field(gt=0, description="what pixels of 0..255 are divided by first")
    mean: _Triple = Field(default=(0, 0, 0), description="what is subtracted then")
    std: _Triple = Field(default=(1, 1, 1), description="what is divided by at last")
    fit: Fit = Field(description="how a picture is brought to width and height")
    pad: int = Field(default=114, ge=0, le=255, description="grey value of the padding of a letterbox")


class ThresholdsFile(_Strict):
    """`thresholds:` of a card; see `edge.detect.card.Thresholds`."""

    default: _Share = Field(default=0.4, description="smallest score of labels that `score` does not name")
    score: dict[_Label, _Share] = Field(default={}, description="smallest score, by label")
    nms_iou: _Share = Field(
        default=0.5, description="overlap above which the better of two boxes of a class stays"
    )
    across_iou: _Share = Field(default=0.9, description="the same for boxes of different classes")
    max_detections: int = Field(default=300, ge=1, le=1000, description="most detections of one frame")


class QualityFile(_Strict):
    """One line of `quality:` of a card."""

    measured_on: _Text = Field(description="which pictures")
    measure: _Text = Field(description="which figure, such as AP50 person")
    value: float = Field(description="the figure")


class TradeFile(_Strict):
    """One line of `trades:` of a card; see `edge.detect.card.Trade`."""

    label: _Label = Field(description="of the things")
    score: _Share = Field(description="a threshold")
    recall: float = Field(ge=0, le=1, description="share of what is there that is found")
    precision: float = Field(ge=0, le=1, description="share of what is found there that is right")
    invented: float = Field(ge=0, description="found in a thousand pictures that show none")


class ExpectedFile(_Strict):
    """One object of the self-test picture."""

    label: _Label = Field(description="its class")
    score: _Share = Field(description="the score that the model gives it")
    box: tuple[float, float, float, float] = Field(description="x1 y1 x2 y2 in pixels of the picture")


class SelfTestFile(_Strict):
    """`self_test:` of a card; see `edge.detect.card.SelfTest`."""

    picture: _FileName = Field(description="file in the model folder, PNG or JPEG")
    expected: tuple[ExpectedFile, ...] = Field(
        min_length=1, description="every object that the model finds in it"
    )
    min_iou: _Share = Field(default=0.8, description="smallest overlap of a found box with the expected one")
    max_score_drift: _Share = Field(default=0.1, description="largest difference from the expected score")

    def value(self) -> SelfTest:
        """The self-test that the file describes."""
        expected = tuple(Expected(**e.model_dump()) for e in self.expected)
        return SelfTest(self.picture, expected, self.min_iou, self.max_score_drift)


class QuantisedFile(_Strict):
    """`quantised:` of the card of an INT8 copy; see `edge.detect.card.Quantised`."""

    of: str = Field(pattern=r"^[0-9a-f]{64}$", description="digest of the original's weights")
    calibration: _Text = Field(description="on which pictures and how")
    recall: float = Field(ge=0, le=1, description="share of the original's boxes that it finds too")
    precision: float = Field(ge=0, le=1, description="share of its boxes that the original finds too")


class CrowdFile(_Strict):
    """`crowd:` of the card of a density model; see `edge.detect.map_reading.MapReading`."""

    scale: float = Field(default=1.0, gt=0, description="people for a sum of one")
    error: float = Field(
        default=UNMEASURED, gt=0, lt=1, description="nine times of ten the truth is within ± this share"
    )
    picture: _FileName | None = Field(default=None, description="file in the model folder, PNG or JPEG")
    people: float | None = Field(default=None, ge=0, description="how many it counts in that picture")


class AcuityFile(_Strict):
    """`acuity:` of the card of a detector; see `edge.values.acuity.Acuity`."""

    glimpse: float = Field(gt=0, lt=1, description="score from which on something is half seen")
    covers: float = Field(
        gt=0,
        le=100,
        description="how many times the floor that a body hides is covered by what is half seen of it",
    )
    full_from: float = Field(gt=0, lt=1, description="share of a place so covered that nobody can count it")
    smallest_px: float = Field(ge=1, le=4096, description="smaller people are not even half seen, pixels")


class CardFile(_Strict):
    """The whole of `card.yaml`."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="as in configurations")
    family: Family = Field(description="layout of the model's answers")
    weights: _FileName = Field(default="model.onnx", description="file in the model folder")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="digest of the weights")
    licence: _Text = Field(description="SPDX identifier of the weights' licence")
    source: _Text = Field(description="where the weights come from")
    data: _Text = Field(description="what it was trained on")
    input: InputFile
    labels: tuple[_Label, ...] = Field(min_length=1, max_length=1000, description="by class index")
    thresholds: ThresholdsFile = ThresholdsFile()
    quality: tuple[QualityFile, ...] = ()
    trades: tuple[TradeFile, ...] = Field(default=(), max_length=200)
    trades_on: str = Field(default="", max_length=500, description="which pictures trades were measured on")
    limits: tuple[_Text, ...] = Field(default=(), max_length=50, description="where it fails, in words")
    outputs: tuple[_Text, ...] = Field(
        default=("boxes",), max_length=20, description="what it tells: boxes, or density of a density model"
    )
    self_test: SelfTestFile | None = None
    quantised: QuantisedFile | None = None
    crowd: CrowdFile | None = None
    acuity: AcuityFile | None = None

    @model_validator(mode="after")
    def _is_a_card(self) -> "CardFile":
        self.card()  # its laws are said once, in the card
        return self

    def card(self) -> Card:
        """The card that the file describes."""
        picture, limits = self.input, self.thresholds
        return Card(
            name=self.name,
            family=self.family,
            input=Input(
                Size(picture.width, picture.height),
                **picture.model_dump(exclude={"width", "height"}),
            ),
            labels=self.labels,
            thresholds=Thresholds(**limits.model_dump()),
            sha256=self.sha256,
            licence=self.licence,
            source=self.source,
            data=self.data,
            quality=tuple(Quality(**line.model_dump()) for line in self.quality),
            trades=tuple(Trade(**line.model_dump()) for line in self.trades),
            trades_on=self.trades_on,
            limits=self.limits,
            outputs=self.outputs,
            self_test=self.self_test.value() if self.self_test else None,
            quantised=Quantised(**self.quantised.model_dump()) if self.quantised else None,
            crowd=MapReading(**self.crowd.model_dump()) if self.crowd else None,
            acuity=Acuity(**self.acuity.model_dump()) if self.acuity else None,
        )


def described(card: Card, weights: str) -> Mapping[str, object]:
    """The card as plain data of `card.yaml`, for weights in the file of that name."""
    plain = json.loads(json.dumps(asdict(card)))
    width, height = plain["input"].pop("size")
    plain["input"] = {"width": width, "height": height, **plain["input"]}
    plain["weights"] = weights
    if plain["crowd"] is not None:
        plain["crowd"] = {key: value for key, value in plain["crowd"].items() if value is not None}
    if not card.trades:
        plain["trades"] = plain["trades_on"] = None
    return {key: value for key, value in plain.items() if value is not None}
