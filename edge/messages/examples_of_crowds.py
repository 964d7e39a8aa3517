"""One message of each sort about a crowd, made by the real redactor, and what examples of events share."""

from edge.messages.examples_of_node import BEGIN, ORIGIN
from edge.privacy import ModelRef, Policy, PrivacySpec, Pseudonyms, Redactor
from edge.privacy.heat import heat_message
from edge.values.crowd import Crowd, DensityTable, Floor, Flow, Width
from edge.values.dynamics import Dynamics, Passage
from edge.values.dynamics import Unit as Quantity
from edge.values.event import Event, Kind, Phase, Severity
from edge.values.fact import Sighting
from edge.values.frame import Size
from edge.values.heat import HeatCell, HeatMap, Way
from edge.values.message import RedactedMessage

SPEC = PrivacySpec(
    ORIGIN,
    Policy("3a" * 32, 600.0, boxes=True, labels=frozenset({"person", "car"})),
    ModelRef("street-nano", "9b" * 32),
    "c4" * 32,
)
WHO = tuple(
    Sighting(track, "person", score, (left, 0.412, left + 0.0385, 0.6031))
    for track, score, left in ((11, 0.87, 0.2214), (12, 0.79, 0.3127), (14, 0.83, 0.4481))
)


def occupancy() -> RedactedMessage:
    """An update of a crowd by a fountain."""
    event = Event(
        id="2f0c6f5e-8d1b-8a47-9c3e-5b1d0e7a4f62",
        revision=2,
        phase=Phase.UPDATE,
        kind=Kind.OCCUPANCY,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="fountain-crowd",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(10.4),
        count=3,
        peak=5,
        confidence=0.83,
        evidence=WHO,
    )
    return redactor().event(event, Size(1280, 720))


def density() -> RedactedMessage:
    """A queue that fills a measured floor."""
    floor = Floor(18.4, 0.9)
    event = Event(
        id="7c1de2b4-50aa-8c13-b0f7-2d9e66a1c8f5",
        revision=0,
        phase=Phase.START,
        kind=Kind.DENSITY,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="queue",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(5.0),
        count=22,
        peak=22,
        confidence=0.83,
        evidence=WHO,
        crowd=Crowd(1.1957, 1.0711, 1.7604, floor, 0.25, DensityTable.FRUIN_WALKWAY, "E"),
    )
    return redactor().event(event, Size(1280, 720))


def flow() -> RedactedMessage:
    """A gate near its capacity."""
    event = Event(
        id="0d5f7a18-3c2b-8f64-9a05-6e7bd1c40f93",
        revision=1,
        phase=Phase.UPDATE,
        kind=Kind.FLOW,
        severity=Severity.SEVERE,
        camera="plaza",
        rule="gate-flow",
        place="gate",
        started=BEGIN,
        moment=BEGIN.plus(30.0),
        count=171,
        peak=171,
        confidence=0.83,
        evidence=WHO,
        flow=Flow(68.4, 65.1, 84.36, Width(2.5, 0.05), 60.0, 0.15, "E"),
    )
    return redactor().event(event, Size(1280, 720))


def queue() -> RedactedMessage:
    """People wait before a gate."""
    event = Event(
        id="5be1c7f0-9a42-8d17-8e60-41c3f9d2b7a8",
        revision=0,
        phase=Phase.START,
        kind=Kind.QUEUE,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="gate-queue",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(8.0),
        count=26,
        peak=26,
        confidence=0.81,
        evidence=(),
        dynamics=Dynamics(26.0, 24.1, 37.2, Quantity.PERSONS, 26, 0.81, 0.11, length_m=14.2, wait_s=312.0),
    )
    return redactor().event(event, Size(1280, 720))


def route() -> RedactedMessage:
    """Something stands in a way out."""
    event = Event(
        id="e2a9d5c3-1f76-8b80-93d4-7c0b58e6f211",
        revision=1,
        phase=Phase.UPDATE,
        kind=Kind.ROUTE,
        severity=Severity.EXTREME,
        camera="plaza",
        rule="way-out",
        place="gate",
        started=BEGIN,
        moment=BEGIN.plus(21.0),
        count=48,
        peak=48,
        confidence=0.84,
        evidence=(),
        dynamics=Dynamics(
            3600.0, 3600.0, 3600.0, Quantity.CLEARANCE, 48, 0.84, 0.07, per_min=8.0, capacity_per_min=164.0,
            state=Passage.BLOCKED,
        ),
    )  # fmt: skip
    return redactor().event(event, Size(1280, 720))


def heat() -> RedactedMessage:
    """Five minutes on a square."""
    ways = Way(0, 1.25), Way(None, 0.5), Way(180, 1.0)
    told = zip(((1, 20, 10), (2, 80, 20), (3, 50, 10)), ways, strict=True)
    cells = tuple(HeatCell(x, 0, n, m, way) for (x, n, m), way in told)
    began = BEGIN.utc_ns // (300 * 10**9) * 300 * 10**9
    seen = HeatMap("fountain", began, began + 300 * 10**9, (-6.0, 12.0), 2.0, 10, 1.0, cells)
    return heat_message(SPEC, "plaza", seen, BEGIN.plus(300.0))


def redactor() -> Redactor:
    """The redactor of all examples."""
    seed = b"an example's seed is no secret"
    return Redactor(SPEC, "plaza", Pseudonyms(seed, "plaza", SPEC.policy.rotation_s))
