"""A scene: what stands, moves and shines before a fixed camera, as frozen values.

Positions are metres on the ground (see `edge.samples.camera`), zones and lines are drawn in the unit square
of the picture. Nothing here draws; looks (clothes, colours) are cast from the seed when it is rendered.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from math import hypot

from edge.samples.camera import Pinhole
from edge.values.frame import Size

Point = tuple[float, float]
Colour = tuple[float, float, float]


class Label(StrEnum):
    """Classes of objects in the ground truth, by their COCO names where they have one."""

    PERSON = "person"
    BICYCLE = "bicycle"
    CAR = "car"
    BUS = "bus"
    TRUCK = "truck"
    PATROL = "person-in-vest"  # no class of COCO: for models that know uniforms

    @property
    def on_foot(self) -> bool:
        """Whether it walks."""
        return self in {Label.PERSON, Label.PATROL}


class Place(StrEnum):
    """What the ground is made of."""

    PLAZA = "plaza"  # slabs from wall to wall
    STREET = "street"  # a road along x with kerbs, marks and pavements
    YARD = "yard"  # worn asphalt with painted bays
    PARK = "park"  # grass with a path along x


class Hour(StrEnum):
    """What light there is."""

    DAY = "day"
    OVERCAST = "overcast"
    DUSK = "dusk"
    NIGHT = "night"
    INFRARED = "infrared"  # grey night picture under the camera's own lamp


class Carries(StrEnum):
    """What somebody carries."""

    ANY = "any"  # cast by chance
    NOTHING = "nothing"
    BACKPACK = "backpack"
    HANDBAG = "handbag"
    SHOPPING = "shopping"


@dataclass(frozen=True, slots=True)
class Stop:
    """A point of a path, and how long to stay there before walking on."""

    x_m: float
    y_m: float
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Actor:
    """Something that moves along a path; a single stop makes it stand there.

    Attributes:
        label: what it is; a bicycle has a rider, who is a person of the truth as well.
        path: stops in order.
        speed_mps: speed between stops.
        starts_s: when it comes into being at the first stop; it is gone when the last wait is over.
        carries: persons only.
        child: persons only: small, with short steps.
        facing_deg: heading while standing at the only stop, clockwise from +y.
    """

    label: Label
    path: tuple[Stop, ...]
    speed_mps: float = 1.3
    starts_s: float = 0.0
    carries: Carries = Carries.ANY
    child: bool = False
    facing_deg: float = 180.0

    def __post_init__(self) -> None:
        if not self.path or self.speed_mps <= 0:
            raise ValueError(
                f"an actor wants at least one stop and a speed > 0, got {len(self.path)} stops "
                f"and {self.speed_mps} m/s"
            )


class FixtureKind(StrEnum):
    """Things that stand for ever and hide what is behind them."""

    LAMP = "lamp"
    FLICKERING_LAMP = "flickering-lamp"
    POLE = "pole"
    TREE = "tree"
    BOLLARD = "bollard"
    BIN = "bin"
    GATE_POST = "gate-post"


@dataclass(frozen=True, slots=True)
class Fixture:
    """A thing that stands at a point of the ground."""

    kind: FixtureKind
    x_m: float
    y_m: float


class ItemKind(StrEnum):
    """Things that people put down."""

    BAG = "bag"  # a travelling bag of 60 cm
    SUITCASE = "suitcase"  # upright, 65 cm
    PARCEL = "parcel"  # 40 cm
    PLANT = "plant"  # in a pot, 90 cm: what a shop puts out


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that stands at a point of the ground for a while.

    Attributes:
        kind: what it is.
        x_m, y_m: where.
        from_s, until_s: from when until when, seconds.
        colour: red, green, blue, 0..1.
    """

    kind: ItemKind
    x_m: float
    y_m: float
    from_s: float = 0.0
    until_s: float = 1e9
    colour: Colour = (0.10, 0.12, 0.20)


@dataclass(frozen=True, slots=True)
class Wall:
    """A building front from one ground point to another."""

    start: Point
    end: Point
    height_m: float = 9.0

    def hides(self, place: Point, margin_m: float = 0.5) -> bool:
        """Whether the wall stands between the camera, at (0, 0), and a ground point, or next to the point."""
        (x0, y0), (x1, y1) = self.start, self.end
        reach = 1.0 + margin_m / max(0.1, hypot(*place))
        px, py = place[0] * reach, place[1] * reach
        det = px * (y1 - y0) - py * (x1 - x0)
        if abs(det) < 1e-9:
            return False
        along = (x0 * (y1 - y0) - y0 * (x1 - x0)) / det
        beside = (x0 * py - y0 * px) / det
        return 0 < along < 1 and 0 < beside < 1


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground and what bounds it.

    Attributes:
        place: what it is made of.
        road_y_m: middle of the road or path, which runs along x.
        road_width_m: its width.
        walls: building fronts.
    """

    place: Place = Place.PLAZA
    road_y_m: float = 16.0
    road_width_m: float = 7.0
    walls: tuple[Wall, ...] = (Wall((-60.0, 34.0), (60.0, 34.0)),)


@dataclass(frozen=True, slots=True)
class Sensor:
    """What lens, sensor and encoder do to the picture.

    Attributes:
        blur_px: standard deviation of the lens blur, pixels.
        grain: standard deviation of the sensor noise, grey levels of 255.
        gains: red, green, blue gain (white balance gone astray).
        contrast: 1 leaves it alone.
        vignette: darkening of the corners, 0..1.
        rain: share of the picture's columns with a streak of rain.
        jpeg: JPEG quality of single frames; 0 leaves compression to the video encoder.
        caption: burnt-in camera name and clock.
    """

    blur_px: float = 0.6
    grain: float = 2.5
    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    vignette: float = 0.12
    rain: float = 0.0
    jpeg: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a clip shows.

    Attributes:
        name: id of the clip; also its file name.
        camera: the camera; its size is the size of the clip.
        fps: pictures per second.
        seconds: length.
        zones: name to polygon, at least three points of the unit square.
        lines: name to polyline, at least two points of the unit square, first to last.
    """

    name: str
    camera: Pinhole
    fps: float
    seconds: float
    ground: Ground = Ground()
    hour: Hour = Hour.DAY
    actors: tuple[Actor, ...] = ()
    fixtures: tuple[Fixture, ...] = ()
    items: tuple[Item, ...] = ()
    sensor: Sensor = Sensor()
    zones: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    lines: dict[str, tuple[Point, ...]] = field(default_factory=dict)

    @property
    def size(self) -> Size:
        """Size of the pictures."""
        return Size(self.camera.width, self.camera.height)

    @property
    def frame_count(self) -> int:
        """Pictures in the clip."""
        return max(1, round(self.seconds * self.fps))
