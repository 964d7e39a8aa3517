"""A player: an actor given its looks by chance, and the shapes it takes as it moves."""

import numpy as np

from edge.samples.bicycle import bicycle, bicycle_palette, rider
from edge.samples.capsule import Capsules
from edge.samples.gait import Stance, walking
from edge.samples.look import cast_look, in_vest
from edge.samples.motion import Motion, Moves
from edge.samples.scene import Actor, Label
from edge.samples.texture import F32, noise_tile
from edge.samples.vehicle import cast_vehicle

Body = tuple[Capsules, F32]


class Player:
    """An actor on the stage: its look, its motion and the sprites it gives at a moment."""

    def __init__(self, first_id: int, actor: Actor, headlights: bool, rng: np.random.Generator) -> None:
        self.first_id, self.actor = first_id, actor
        self.motion: Moves = Motion(actor, float(rng.uniform(0, 6)))
        self.cloth: F32 = 1 + 0.18 * noise_tile(rng, 4)
        look = cast_look(rng, actor.carries, actor.child)
        self.look = in_vest(look) if actor.label is Label.PATROL else look
        self.frame = bicycle_palette(rng)
        on_foot = actor.label.on_foot or actor.label is Label.BICYCLE
        self.mesh = None if on_foot else cast_vehicle(actor.label, rng, headlights and len(actor.path) > 1)

    @property
    def drives(self) -> bool:
        """Whether it is a vehicle on its way, not a parked one."""
        return self.mesh is not None and len(self.actor.path) > 1

    @property
    def length_m(self) -> float:
        """Length of a vehicle, bumper to bumper."""
        return 0.0 if self.mesh is None else 2 * float(self.mesh.quads[:, :, 1].max())

    @property
    def ids(self) -> dict[int, str]:
        """Ids this actor takes, with their classes."""
        if self.actor.label is Label.BICYCLE:
            return {self.first_id: Label.BICYCLE.value, self.first_id + 1: Label.PERSON.value}
        return {self.first_id: self.actor.label.value}

    def bodies(self, stance: Stance) -> list[Body]:
        """Capsule bodies, in the order of `ids`."""
        if self.actor.label is Label.BICYCLE:
            return [(bicycle(stance), self.frame), (rider(self.look, stance), self.look.palette)]
        return [(walking(self.look, stance), self.look.palette)] if self.mesh is None else []
