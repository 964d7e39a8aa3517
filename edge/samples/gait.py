"""Gait: from speed and distance walked to a posed body of capsules standing on the ground.

Angles follow the usual sagittal-plane curves in outline (thigh near a sine, knee bent in swing), with the
step length tied to the speed so that feet do not slide.
"""

from dataclasses import dataclass

import numpy as np

from edge.samples.capsule import Capsules, Floats
from edge.samples.look import Look, Material
from edge.samples.scene import Carries

RUN_MPS = 2.3
Limb = tuple[Floats, Floats, float, float, Material]


@dataclass(frozen=True, slots=True)
class Stance:
    """Where and how somebody is at one moment.

    Attributes:
        x_m: ground position.
        y_m: ground position.
        heading: radians, clockwise from +y.
        speed_mps: speed over ground now; it says how lively the gait is.
        cruise_mps: speed of the path; it sets the length of a step.
        walked_m: way since the start; it drives the gait.
        sway: slow drift of somebody standing, radians.
    """

    x_m: float
    y_m: float
    heading: float
    speed_mps: float
    cruise_mps: float
    walked_m: float
    sway: float = 0.0


class Frame3:
    """The body's own axes: `at(right, forward, up)` gives world metres; `u` is one body height."""

    def __init__(self, stance: Stance, unit_m: float, lift: float = 0.0) -> None:
        sin, cos = np.sin(stance.heading), np.cos(stance.heading)
        self._axes = unit_m * np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        self._origin = np.array([stance.x_m, stance.y_m, lift])

    def at(self, right: float, forward: float, up: float) -> Floats:
        """World point of a body point in body heights."""
        return np.asarray(self._origin + np.array([right, forward, up]) @ self._axes)


@dataclass(frozen=True, slots=True)
class Leg:
    """Joints of one leg in body heights, relative to the hip: (forward, up)."""

    knee: tuple[float, float]
    ankle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Posture:
    """Hip height (body heights), lean, arm swing, elbow bend, sway (radians), how far apart the feet are."""

    hip: float
    lean: float
    swing: float
    elbow: float
    sway: float
    apart: float


THIGH, SHIN, ANKLE = 0.25, 0.235, 0.045


def leg_of(phase: float, swing: float, bend: float) -> Leg:
    """A leg at a phase of the gait, thigh swinging ±swing, knee bending up to `bend` in swing."""
    thigh = swing * np.sin(phase) + 0.04
    knee = 0.06 + bend * max(0.0, float(np.cos(phase - 0.15))) ** 2
    shin = thigh - knee
    fx, fz = THIGH * np.sin(thigh), -THIGH * np.cos(thigh)
    return Leg((fx, fz), (fx + SHIN * np.sin(shin), fz - SHIN * np.cos(shin)))


def walking(look: Look, stance: Stance) -> Capsules:
    """The body of somebody walking, running or, at speed 0, standing."""
    unit = look.height_m
    running = stance.speed_mps > RUN_MPS
    pace = min(1.0, stance.speed_mps / 0.9)
    step = (0.30 + 0.29 * stance.cruise_mps) * min(1.0, unit / 1.6)
    reach = step / unit / (2 * (THIGH + SHIN))
    swing = pace * float(np.arcsin(min(0.75, reach * (0.8 if running else 0.9))))
    phase = np.pi * stance.walked_m / step
    bend = (1.75 if running else 0.95) * pace
    legs = [leg_of(phase, swing, bend), leg_of(phase + np.pi, swing, bend)]
    hip_up = ANKLE - min(leg.ankle[1] for leg in legs) + (0.02 * abs(np.sin(phase)) if running else 0.0)
    lean = (0.16 if running else 0.03 * pace) + 0.015 * np.sin(stance.sway)
    body = Frame3(stance, unit)
    arm = np.sin(phase) * swing * (1.1 if running else 0.8)
    posture = Posture(hip_up, lean, arm, 1.5 if running else 0.25 + 0.2 * pace, stance.sway, 2.0 - pace)
    limbs = _legs(body, legs, posture, look)
    limbs += _torso(body, posture, look)
    limbs += _arms(body, posture, look)
    limbs += head(body, (0.0, lean * 0.36, hip_up + 0.345), look)
    return assemble(limbs, unit)


def assemble(limbs: list[Limb], unit_m: float) -> Capsules:
    """Limbs (start, end, radii in body heights, material) as arrays."""
    starts, ends, first, second, materials = zip(*limbs, strict=True)
    radii = np.column_stack([first, second]) * unit_m
    return Capsules(np.stack(starts), np.stack(ends), radii, np.array([int(m) for m in materials]))


def _legs(body: Frame3, legs: list[Leg], posture: Posture, look: Look) -> list[Limb]:
    limbs: list[Limb] = []
    hip, apart = posture.hip, posture.apart
    wide = 0.048 * look.build
    for side, leg in zip((-wide, wide), legs, strict=True):
        joint, knee = body.at(side, 0, hip), body.at(side * (1 + apart) / 2, leg.knee[0], hip + leg.knee[1])
        ankle = body.at(side * apart, leg.ankle[0], hip + leg.ankle[1])
        toe = body.at(side * (apart + 0.25), leg.ankle[0] + 0.085, hip + leg.ankle[1] - 0.018)
        heel = body.at(side * apart, leg.ankle[0] - 0.015, hip + leg.ankle[1] - 0.014)
        limbs += [
            (joint, knee, 0.056 * look.build, 0.042 * look.build, Material.LEGS),
            (knee, ankle, 0.041 * look.build, 0.03, Material.SHIN),
            (heel, toe, 0.027, 0.02, Material.SHOES),
        ]
    if look.skirt_m:
        drop = look.skirt_m / look.height_m
        swing = (legs[0].knee[0] + legs[1].knee[0]) / 2
        for right, forward in ((-0.03, 0.0), (0.03, 0.0), (0.0, 0.022), (0.0, -0.026)):
            low = body.at(right * (1 + 1.3 * drop), swing + forward * (1 + 2 * drop), hip - drop)
            waist = body.at(right * 0.9, forward * 0.8, hip + 0.02)
            limbs.append((waist, low, 0.054 * look.build, 0.05 + 0.07 * drop, Material.LEGS))
    return limbs


def _torso(body: Frame3, posture: Posture, look: Look) -> list[Limb]:
    """Trunk of several round columns, so that it is wider than deep; shoulders, seat and backpack."""
    b, hip, lean = look.build, posture.hip, posture.lean
    top, legs = Material.TOP, Material.LEGS
    rows = [
        ((0.0, 0.0, 0.03), (0.0, 0.25 * lean, 0.235), 0.056, 0.062, top),
        ((0.0, 0.03, 0.05), (0.0, 0.034 + 0.2 * lean, 0.2), 0.062, 0.058, top),
        ((0.0, -0.018, 0.08), (0.0, 0.2 * lean - 0.03, 0.21), 0.058, 0.056, top),
        ((-0.03, -0.034, -0.005), (0.03, -0.034, -0.005), 0.052, 0.052, legs),
        ((-0.04 * b, 0.0, 0.005), (0.04 * b, 0.0, 0.005), 0.058, 0.058, legs),
    ]
    for side in (-b, b):
        rows += [
            ((side * 0.042, 0.0, 0.03), (side * 0.058, 0.25 * lean, 0.235), 0.056, 0.052, top),
            ((side * 0.092, 0.25 * lean, 0.262), (0.0, 0.3 * lean, 0.298), 0.036, 0.032 / b, top),
        ]
    if look.carries is Carries.BACKPACK:
        rows.append(((0.0, -0.095, 0.06), (0.0, 0.2 * lean - 0.095, 0.2), 0.07 / b, 0.06 / b, Material.BAG))
    return [
        (body.at(r0, f0, hip + u0), body.at(r1, f1, hip + u1), first * b, second * b, material)
        for (r0, f0, u0), (r1, f1, u1), first, second, material in rows
    ]


def _arms(body: Frame3, posture: Posture, look: Look) -> list[Limb]:
    limbs: list[Limb] = []
    b, hip, lean = look.build, posture.hip, posture.lean
    for side in (-1.0, 1.0):
        upper = -side * posture.swing + 0.05 * np.sin(posture.sway + side)
        lower = upper + posture.elbow
        if look.carries in (Carries.HANDBAG, Carries.SHOPPING) and side > 0:
            upper, lower = upper * 0.3, upper * 0.3 + 0.15
        sx, sy, sz = side * 0.104 * b, lean * 0.25, hip + 0.256
        ex, ey, ez = side * 0.124 * b, sy + 0.165 * np.sin(upper), sz - 0.165 * np.cos(upper)
        hx, hy, hz = side * 0.122 * b, ey + 0.14 * np.sin(lower), ez - 0.14 * np.cos(lower)
        shoulder, joint, hand = body.at(sx, sy, sz), body.at(ex, ey, ez), body.at(hx, hy, hz)
        limbs += [
            (shoulder, joint, 0.034 * b, 0.027 * b, Material.TOP),
            (joint, hand, 0.027 * b, 0.019, Material.SLEEVE),
            (hand, body.at(hx, hy + 0.012, hz - 0.025), 0.02, 0.018, Material.SKIN),
        ]
        if side > 0 and look.carries in (Carries.HANDBAG, Carries.SHOPPING):
            limbs += _bag(body, (hx, hy, hz), 0.055 if look.carries is Carries.HANDBAG else 0.075)
    return limbs


def _bag(body: Frame3, hand: tuple[float, float, float], half: float) -> list[Limb]:
    """A flat bag hanging from a hand."""
    x, y, z = hand
    rows = np.linspace(z - 0.05, z - 0.05 - 1.6 * half, 4)
    return [(body.at(x, y - half, up), body.at(x, y + half, up), 0.034, 0.034, Material.BAG) for up in rows]


def head(body: Frame3, neck: tuple[float, float, float], look: Look) -> list[Limb]:
    """Neck, head, hair and hat above the foot of the neck."""
    x, y, z = neck
    skull = body.at(x, y + 0.012, z + 0.075)
    crown = body.at(x, y - 0.010, z + 0.088)
    limbs: list[Limb] = [
        (body.at(x, y - 0.005, z - 0.05), body.at(x, y, z + 0.02), 0.034, 0.03, Material.SKIN),
        (body.at(x, y + 0.014, z + 0.048), skull, 0.041, 0.048, Material.SKIN),
        (crown, body.at(x, y - 0.016, z + 0.066), 0.051, 0.049, Material.HAIR),
    ]
    if look.long_hair:
        fall = body.at(x, y - 0.045, z - 0.03)
        limbs.append((body.at(x, y - 0.02, z + 0.07), fall, 0.05, 0.04, Material.HAIR))
    if look.hat:
        limbs.append(
            (body.at(x, y - 0.005, z + 0.1), body.at(x, y + 0.01, z + 0.105), 0.052, 0.05, Material.HAT)
        )
    return limbs
