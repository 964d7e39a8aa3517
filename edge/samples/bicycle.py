"""Bicycles and their riders, sharing one pose."""

import numpy as np

from edge.samples.capsule import Capsules, Floats
from edge.samples.gait import Frame3, Limb, Stance, assemble, head
from edge.samples.look import Look, Material
from edge.samples.mesh import F32

WHEEL_M, BASE_M = 0.34, 1.05
_RIM = 14


def bicycle(stance: Stance) -> Capsules:
    """Wheels, frame and handlebar in metres; materials: 0 frame, 1 tyre, 2 metal."""
    at = Frame3(stance, 1.0).at
    limbs: list[tuple[Floats, Floats, float, float, int]] = []
    for axle in (-BASE_M / 2, BASE_M / 2):
        angles = np.linspace(0, 2 * np.pi, _RIM + 1)
        rim = [at(0, axle + WHEEL_M * np.cos(a), WHEEL_M + 0.01 + WHEEL_M * np.sin(a)) for a in angles]
        limbs += [(rim[i], rim[i + 1], 0.022, 0.022, 1) for i in range(_RIM)]
        spoke = stance.walked_m / WHEEL_M
        for turn in (spoke, spoke + np.pi / 2):
            dy, dz = WHEEL_M * np.cos(turn), WHEEL_M * np.sin(turn)
            limbs.append((at(0, axle - dy, WHEEL_M - dz), at(0, axle + dy, WHEEL_M + dz), 0.004, 0.004, 2))
    rear, front = (0.0, -BASE_M / 2, WHEEL_M), (0.0, BASE_M / 2, WHEEL_M)
    crank, saddle, neck = (0.0, -0.1, 0.3), (0.0, -0.28, 0.92), (0.0, 0.36, 0.88)
    tubes = [(rear, crank), (crank, saddle), (rear, (0, -0.24, 0.8)), (crank, neck), ((0, -0.24, 0.8), neck)]
    limbs += [(at(*a), at(*b), 0.02, 0.02, 0) for a, b in tubes]
    limbs += [
        (at(*front), at(*neck), 0.018, 0.018, 2),
        (at(*neck), at(0, 0.34, 1.02), 0.016, 0.016, 2),
        (at(-0.27, 0.3, 1.03), at(0.27, 0.3, 1.03), 0.016, 0.016, 1),
        (at(0, -0.4, 0.94), at(0, -0.2, 0.95), 0.06, 0.03, 1),
    ]
    starts, ends, first, second, materials = zip(*limbs, strict=True)
    return Capsules(np.stack(starts), np.stack(ends), np.column_stack([first, second]), np.array(materials))


def bicycle_palette(rng: np.random.Generator) -> F32:
    """Frame, tyre and metal colours by chance."""
    frame = rng.uniform(0.08, 0.75, 3)
    return np.array([frame, [0.07, 0.07, 0.075], [0.5, 0.5, 0.52]], np.float32)


def rider(look: Look, stance: Stance) -> Capsules:
    """The body of somebody riding; pedals turn with the way."""
    unit, b = look.height_m, look.build
    body = Frame3(stance, unit)
    hip, fore = 0.95 / unit, -0.26 / unit
    limbs: list[Limb] = []
    for side, turn in ((-0.045, 0.0), (0.045, np.pi)):
        angle = 1.9 * stance.walked_m / 1.4 + turn
        foot = np.array([-0.1 + 0.17 * np.cos(angle), 0.32 - 0.17 * np.sin(angle)]) / unit
        knee = _knee(np.array([fore, hip]), foot)
        joint, bend = body.at(side * b, fore, hip), body.at(side * 1.3 * b, knee[0], knee[1])
        sole = body.at(side, foot[0], foot[1])
        limbs += [
            (joint, bend, 0.056 * b, 0.042 * b, Material.LEGS),
            (bend, sole, 0.040 * b, 0.029, Material.SHIN),
            (sole, body.at(side, foot[0] + 0.07, foot[1] - 0.005), 0.026, 0.02, Material.SHOES),
        ]
    shoulder = (fore + 0.12, hip + 0.225)
    for side in (-1.0, 0.0, 1.0):
        chest = body.at(side * 0.062 * b, shoulder[0], shoulder[1])
        limbs.append((body.at(side * 0.045 * b, fore, hip + 0.02), chest, 0.06 * b, 0.06 * b, Material.TOP))
    grip = (0.3 / unit, 1.04 / unit)
    for side in (-1.0, 1.0):
        top = body.at(side * 0.112 * b, shoulder[0] + 0.01, shoulder[1] + 0.02)
        elbow = body.at(side * 0.14 * b, (shoulder[0] + grip[0]) / 2, (shoulder[1] + grip[1]) / 2 - 0.03)
        hand = body.at(side * 0.13, grip[0], grip[1])
        limbs += [
            (top, elbow, 0.038 * b, 0.028 * b, Material.TOP),
            (elbow, hand, 0.027 * b, 0.02, Material.SLEEVE),
            (hand, body.at(side * 0.13, grip[0] + 0.02, grip[1]), 0.021, 0.02, Material.SKIN),
        ]
    limbs += head(body, (0.0, shoulder[0] + 0.045, shoulder[1] + 0.09), look)
    return assemble(limbs, unit)


def _knee(hip: Floats, foot: Floats) -> Floats:
    """The forward knee of a two-bone leg from hip to foot."""
    reach = foot - hip
    far = float(np.hypot(*reach))
    bend = np.sqrt(max(0.0, 0.245**2 - (min(far, 0.48) / 2) ** 2))
    return np.asarray(hip + reach / 2 + bend * np.array([-reach[1], reach[0]]) / max(far, 1e-6))
