"""A month of two boxes that nobody lives by, for the public's report."""

from edge.governance.month import Month
from edge.governance.policy import Purpose, Retention, StatePolicy
from edge.governance.transparency import BoxRecord, CameraRecord, Export, Held
from edge.values.moment import NS_PER_S
from edge.values.refusal import Refusal
from edge.values.segment import FootageClass
from edge.values.unrecorded import Unrecorded, UnrecordedCause
from tests.fakes.policies import a_policy

MONTH = Month(2026, 10)
DAY_NS = 86_400 * NS_PER_S


def city() -> StatePolicy:
    law = "Decision of the city council No. 17 of 2026, article"
    return a_policy(
        controller="City security authority, Registan square 1",
        contact="privacy@city.example, +998 00 000 00 00",
        purposes=frozenset({Purpose("public-safety", f"{law} 4"), Purpose("traffic", f"{law} 5")}),
        retention={
            FootageClass.ROUTINE: Retention(72, f"{law} 8"),
            FootageClass.EVENT: Retention(720, f"{law} 9"),
        },
    )


def away(camera: str, day: float, days: float) -> Unrecorded:
    began = MONTH.begin_ns + round(day * DAY_NS)
    return Unrecorded(camera, began, began + round(days * DAY_NS), UnrecordedCause.CAMERA)


def boxes() -> list[BoxRecord]:
    long_ago = MONTH.begin_ns - 90 * DAY_NS
    square = [
        CameraRecord(
            "square-north", True, long_ago, [away("square-north", 3, 0.4), away("square-north", 3.1, 0.1)]
        ),
        CameraRecord(
            "square-south", True, long_ago, [away("square-south", -2, 5), away("square-south", 30.5, 9)]
        ),
        CameraRecord("bazaar-gate", False, purposes=("traffic",)),
    ]
    station = [
        CameraRecord("platform-1", True, MONTH.begin_ns + 21 * DAY_NS),
        CameraRecord("platform-2", True),
    ]
    exports = (
        [Export("public-safety", False)] * 27
        + [Export("public-safety", True)] * 4
        + [Export("traffic", False)] * 3
    )
    refusals = [Refusal.NOT_TWO] * 14 + [Refusal.OTHER_TIME] * 11 + [Refusal.STRANGER] * 2
    return [
        BoxRecord(
            "centre/square",
            square,
            exports,
            refusals,
            [Held.PANIC] * 12 + [Held.ORDER] * 16,
            2,
            4711,
            "ab" * 32,
        ),
        BoxRecord("centre/station", station, [], [], [], 1, 233, "cd" * 32),
    ]
