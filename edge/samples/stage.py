"""The stage: puts a scene before the camera and yields picture after picture with its exact truth."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from edge.samples.backdrop import bake
from edge.samples.camera import Pinhole
from edge.samples.capsule import paint_body
from edge.samples.furniture import fixture_body, paint_fixture
from edge.samples.gait import Stance
from edge.samples.glow import Driving, lamp_halos, light_road
from edge.samples.item import PLAIN, item_body, item_palette
from edge.samples.light import Lit, in_shade, lamp_pool, lamps, light_of, lit_at
from edge.samples.mesh import paint_mesh, placed
from edge.samples.player import Player
from edge.samples.scene import FixtureKind, Scene
from edge.samples.sensor import Eye
from edge.samples.shadow import Shadows
from edge.samples.sprite import Canvas, Mask, Seen, extent_of
from edge.values.fact import UnitBox
from edge.values.frame import Pixels
from edge.values.truth import TrueFrame, TrueObject, feet_of

Shot = tuple[Pixels, TrueFrame]
SUPERSAMPLE = 2


class Stage:
    """A scene made ready: baked backdrop, painted fixtures, cast actors."""

    def __init__(self, scene: Scene, seed: int | np.random.Generator, supersample: int) -> None:
        rng = np.random.default_rng(seed)
        self.scene, self.factor = scene, supersample
        self.light = light_of(scene.hour, rng)
        self.camera: Pinhole = scene.camera.scaled(supersample)
        self.backdrop = bake(scene, self.light, supersample, rng)
        self.eye = Eye(scene.sensor, self.light, self._small(self.backdrop.steady), rng)
        self.players: list[Player] = []
        number = 1
        for actor in scene.actors:
            self.players.append(Player(number, actor, self.light.headlights, rng))
            number += len(self.players[-1].ids)
        self._rng = rng
        self._fixtures = self._painted_fixtures(rng)

    @property
    def labels(self) -> dict[int, str]:
        """Class of every id of the scene."""
        return {number: label for player in self.players for number, label in player.ids.items()}

    def _painted_fixtures(self, rng: np.random.Generator) -> list[Seen]:
        seen = []
        for fixture in self.scene.fixtures:
            place = (fixture.x_m, fixture.y_m)
            sprite = paint_fixture(fixture, self.camera, self._lit(place, 1.0), rng)
            if sprite is not None:
                seen.append(Seen(-1, fixture.kind.value, place, sprite))
        return seen

    def _lit(self, place: tuple[float, float], flicker: float) -> Lit:
        x, y = np.array([place[0]], np.float32), np.array([place[1]], np.float32)
        sunny = not bool(in_shade(self.light, self.scene.ground.walls, x, y)[0])
        lamp = float(lamp_pool(lamps(self.scene.fixtures, FixtureKind.LAMP), x, y, 1.0)[0])
        weak = float(lamp_pool(lamps(self.scene.fixtures, FixtureKind.FLICKERING_LAMP), x, y, 1.0)[0])
        return lit_at(self.light, self.camera, place, sunny, lamp + weak * flicker)

    def shoot(self, index: int) -> Shot:
        """The picture of frame `index` and its truth."""
        t = index / self.scene.fps
        flicker = self._flicker()
        steps = self._on_stage(t)
        canvas = Canvas(self._empty(flicker))
        shadows = Shadows(self.light, self.camera, self.backdrop.ground)
        for fixture in self.scene.fixtures:
            shadows.add_body(fixture_body(fixture))
        seen = list(self._fixtures)
        seen += self._put_down(t, shadows)
        for player, stance in steps:
            seen += self._paint(player, stance, flicker, shadows)
        shadows.fall(canvas.colour, self.factor)
        driving = [Driving(p.first_id, s, p.length_m) for p, s in steps if p.drives]
        if self.light.headlights:
            light_road(canvas.colour, self.camera, driving)
        self._stacked(canvas, seen)
        if self.light.headlights:
            lamp_halos(canvas, self.camera, seen, driving)
        return self.eye.see(self._small(canvas.colour), t), TrueFrame(index, t, self._objects(canvas, seen))

    def bodies(self, index: int, labels: frozenset[str]) -> Mask:
        """Where objects of these classes can be seen in the picture of frame `index`.

        Nothing here is cast by chance, so it can be asked for any frame, in any order.

        Returns:
            bool H×W of the scene's size; a pixel that a body only touches counts.
        """
        shadows = Shadows(self.light, self.camera, self.backdrop.ground)
        seen = list(self._fixtures) + self._put_down(index / self.scene.fps, shadows)
        for player, stance in self._on_stage(index / self.scene.fps):
            seen += self._paint(player, stance, 1.0, shadows)
        canvas = self._stacked(Canvas(self.backdrop.steady), seen)
        owners = [number for number, item in enumerate(seen) if item.label in labels]
        width, height = self.scene.size
        large = np.isin(canvas.ids, owners).reshape(height, self.factor, width, self.factor)
        return np.asarray(large.any(axis=(1, 3)))

    def _put_down(self, t: float, shadows: Shadows) -> list[Seen]:
        """The items that stand there at time t, seconds."""
        seen = []
        for item in self.scene.items:
            if not item.from_s <= t < item.until_s:
                continue
            place, body = (item.x_m, item.y_m), item_body(item)
            shadows.add_body(body)
            sprite = paint_body(body, item_palette(item), self.camera, self._lit(place, 1.0), PLAIN)
            if sprite is not None:
                seen.append(Seen(-1, item.kind.value, place, sprite))
        return seen

    def _on_stage(self, t: float) -> list[tuple[Player, Stance]]:
        return [(p, s) for p in self.players if (s := p.motion.at(t)) is not None and self._outdoors(s)]

    def _stacked(self, canvas: Canvas, seen: list[Seen]) -> Canvas:
        """Everything seen on the canvas, from far to near; `seen` is put into that order."""
        ahead = self.scene.camera.rotation[2, :2]
        seen.sort(key=lambda s: (-float(np.dot(s.ground, ahead)), s.id))
        for number, item in enumerate(seen):
            canvas.paint(item.sprite, number)
        return canvas

    def _outdoors(self, stance: Stance) -> bool:
        return not any(wall.hides((stance.x_m, stance.y_m), 0.0) for wall in self.scene.ground.walls)

    def _small(self, picture: Pixels) -> Pixels:
        """The picture at the scene's own size."""
        return np.asarray(cv2.resize(picture, self.scene.size, interpolation=cv2.INTER_AREA), np.uint8)

    def _flicker(self) -> float:
        return (
            float(self._rng.uniform(0.55, 1.0))
            if self._rng.random() < 0.8
            else float(self._rng.uniform(0.05, 0.4))
        )

    def _empty(self, flicker: float) -> Pixels:
        if not self.backdrop.flickers:
            return self.backdrop.steady
        return np.asarray(
            cv2.addWeighted(self.backdrop.steady, 1.0, self.backdrop.flicker, flicker, 0), np.uint8
        )

    def _paint(self, player: Player, stance: Stance, flicker: float, shadows: Shadows) -> list[Seen]:
        place = (stance.x_m, stance.y_m)
        lit = self._lit(place, flicker)
        if player.mesh is not None:
            quads = placed(player.mesh.quads, stance.x_m, stance.y_m, stance.heading)
            sky = np.array(self.light.zenith, np.float32) * 0.8
            shadows.add_solid(quads)
            whole = paint_mesh(player.mesh, quads, self.camera, lit, sky)
            sprites = [whole]
        else:
            bodies = player.bodies(stance)
            for body, _ in bodies:
                shadows.add_body(body)
            sprites = [paint_body(b, palette, self.camera, lit, player.cloth) for b, palette in bodies]
        pairs = zip(player.ids.items(), sprites, strict=True)
        return [Seen(number, label, place, sprite) for (number, label), sprite in pairs if sprite is not None]

    def _objects(self, canvas: Canvas, seen: list[Seen]) -> tuple[TrueObject, ...]:
        found = [self._object(canvas, owner, item) for owner, item in enumerate(seen) if item.id >= 0]
        return tuple(sorted((o for o in found if o is not None), key=lambda o: o.id))

    def _object(self, canvas: Canvas, owner: int, item: Seen) -> TrueObject | None:
        whole = extent_of(item.sprite.mask, item.sprite.left, item.sprite.top)
        if whole is None:
            return None
        full = self._unit(whole.box)
        if full[0] >= 1 or full[1] >= 1 or full[2] <= 0 or full[3] <= 0:
            return None
        shown = canvas.visible(owner, item.sprite)
        homography = tuple(tuple(row) for row in self.scene.camera.homography.tolist())
        return TrueObject(
            item.id,
            item.label,
            item.ground,
            feet_of(item.ground, homography),
            full,
            None if shown is None else self._unit(shown.box),
            0.0 if shown is None else shown.pixels / whole.pixels,
        )

    def _unit(self, box: tuple[int, int, int, int]) -> UnitBox:
        x1, y1, x2, y2 = box
        width, height = self.camera.width, self.camera.height
        return (x1 / width, y1 / height, x2 / width, y2 / height)


def render(
    scene: Scene,
    seed: int | np.random.Generator = 0,
    supersample: int = SUPERSAMPLE,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Shot]:
    """Every picture of the scene with its truth, in order.

    Args:
        seed: casts looks, light and noise; the same seed gives the same pixels.
        supersample: pixels drawn per pixel and direction.
        progress: called with pictures done and their total.

    Yields:
        RGB uint8 H×W×3 and the truth of that frame.
    """
    stage = Stage(scene, seed, supersample)
    for index in range(scene.frame_count):
        yield stage.shoot(index)
        if progress is not None:
            progress(index + 1, scene.frame_count)
