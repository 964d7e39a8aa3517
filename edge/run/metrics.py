"""What Prometheus is told of a running box: the families, and their samples in its text format 0.0.4.

Law: labels are names of the configuration and words of closed lists, never a URL, a topic or anything that
was seen; so a box has some fifty series, and forty more for each camera. What is not known has no sample.
Text format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from edge.run.heard import Heard
from edge.run.histogram import BOUNDS_MS
from edge.run.status import PUBLISH, BoxStatus
from edge.values.camera_state import CameraState
from edge.values.gap import GapCause
from edge.values.moment import ClockTrust

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, `counter`, `gauge` or `histogram`, what it means, and its labels."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One value; `suffix` is that of a part of a histogram."""

    family: str
    value: float
    labels: Mapping[str, str]
    suffix: str = ""


FAMILIES = (
    Family("safecity_box_info", "gauge", "Always 1; which box this is.", ("node", "region", "version")),
    Family("safecity_box_up_seconds", "gauge", "Time since the box was started."),
    Family(
        "safecity_camera_state",
        "gauge",
        "1 for the state that the camera is in, 0 for the others.",
        ("camera", "state"),
    ),
    Family("safecity_camera_sampled_total", "counter", "Frames taken from the stream.", ("camera",)),
    Family("safecity_camera_reconnects_total", "counter", "Times the stream was opened again.", ("camera",)),
    Family(
        "safecity_frames_total",
        "counter",
        "What became of frames: answered by the detector, gated because nothing moved, unanswered, or "
        "dropped for a newer one.",
        ("camera", "outcome"),
    ),
    Family(
        "safecity_refused_messages_total", "counter", "Messages that the allow-list refused.", ("camera",)
    ),
    Family(
        "safecity_camera_uncounted_places",
        "gauge",
        "Places with a crowd that is too dense to count: its event says at least so many.",
        ("camera",),
    ),
    Family("safecity_inference_seconds", "histogram", "Time of one answer of the detector.", ("camera",)),
    Family(
        "safecity_event_latency_seconds",
        "histogram",
        "Time from a picture to the commit of the messages that it led to.",
        ("camera",),
    ),
    Family("safecity_policy_days_left", "gauge", "Days until the policy of the state expires."),
    Family("safecity_policy_over", "gauge", "1 while the policy is over: nothing is looked at or recorded."),
    Family("safecity_broker_connected", "gauge", "1 while a broker takes messages."),
    Family("safecity_broker_lost_total", "counter", "Connections to brokers that broke or failed."),
    Family(
        "safecity_messages_total",
        "counter",
        "What became of messages: sent, resent, unheard, denied, busy, given-up, received (by the centre).",
        ("outcome",),
    ),
    Family("safecity_outbox_rows", "gauge", "Messages that wait in the outbox."),
    Family("safecity_outbox_bytes", "gauge", "What undelivered messages weigh against the outbox's limit."),
    Family("safecity_outbox_oldest_seconds", "gauge", "Age of the oldest message that waits."),
    Family("safecity_outbox_unreceipted", "gauge", "Messages that wait for the centre's receipt."),
    Family(
        "safecity_receipts_refused_total", "counter", "Receipts that are none, or not signed by the centre."
    ),
    Family("safecity_outbox_dead_letters", "gauge", "Messages that were set aside."),
    Family(
        "safecity_outbox_lost", "gauge", "Messages lost and not yet reported in a gap message.", ("cause",)
    ),
    Family(
        "safecity_process_up",
        "gauge",
        "1 while every process of that verb came alive.",
        ("process",),
    ),
    Family("safecity_process_deaths_total", "counter", "Times a process of that verb died.", ("process",)),
    Family("safecity_disk_free_bytes", "gauge", "Room on the disk of the data folder."),
    Family("safecity_disk_size_bytes", "gauge", "Size of that disk."),
    Family("safecity_footage_bytes", "gauge", "Sealed footage: all of it, and what holds keep.", ("of",)),
    Family("safecity_footage_free_bytes", "gauge", "Room on the disk of the footage."),
    Family("safecity_footage_short_bytes", "gauge", "What holds keep that does not fit the room allowed."),
    Family(
        "safecity_footage_clock_off_seconds",
        "gauge",
        "How far the clock is ahead of trusted time, by which footage is kept.",
    ),
    Family("safecity_temperature_celsius", "gauge", "The warmest part of the machine."),
    Family("safecity_clock_synchronised", "gauge", "1 while NTP or PTP disciplines the clock."),
)

_OUTCOMES = {"answered": "answered", "gated": "still", "unanswered": "unanswered", "dropped": "dropped"}
_SENT = ("sent", "resent", "unheard", "denied", "busy", "given_up", "received")
_HISTOGRAMS = {"safecity_inference_seconds": "inference", "safecity_event_latency_seconds": "told_after"}


def exposed(box: BoxStatus, heard: Iterable[Heard]) -> str:
    """All that is known now, as Prometheus reads it."""
    known: dict[str, list[Sample]] = {}
    for sample in _samples(box, tuple(heard)):
        known.setdefault(sample.family, []).append(sample)
    return "".join(_family(family, known[family.name]) for family in FAMILIES if family.name in known)


def _samples(box: BoxStatus, heard: tuple[Heard, ...]) -> Iterator[Sample]:
    who = {"node": box.node, "region": box.region, "version": box.version}
    yield Sample("safecity_box_info", 1, who)
    yield Sample("safecity_box_up_seconds", box.up_s, {})
    for camera in box.cameras:
        yield from _states(camera.camera, camera.state.partition(" ")[0])
    for process in heard:
        for name in process.group if process.last is not None else ():
            yield from _camera(process, name)
        if process.name == PUBLISH and process.last is not None:
            yield from _publisher(process.last.counts)
        if process.name == "keep" and process.last is not None:
            yield from _footage(process.last.counts)
    if box.policy is not None:
        yield Sample("safecity_policy_days_left", box.policy.days_left, {})
        yield Sample("safecity_policy_over", box.policy.over, {})
    if box.outbox is not None:
        yield Sample("safecity_broker_connected", box.outbox.connected, {})
    yield from _processes(heard)
    yield from _machine(box)


def _states(camera: str, state: str) -> Iterator[Sample]:
    for each in ("starting", *(known.value for known in CameraState)):
        yield Sample("safecity_camera_state", each == state, {"camera": camera, "state": each})


def _camera(process: Heard, camera: str) -> Iterator[Sample]:
    who = {"camera": camera}
    yield Sample("safecity_camera_sampled_total", process.count(f"{camera}.sampled"), who)
    yield Sample("safecity_camera_reconnects_total", process.count(f"{camera}.reconnects"), who)
    yield Sample("safecity_refused_messages_total", process.count(f"{camera}.refused"), who)
    yield Sample("safecity_camera_uncounted_places", process.count(f"{camera}.uncounted"), who)
    for outcome, count in _OUTCOMES.items():
        number = process.count(f"{camera}.{count}")
        yield Sample("safecity_frames_total", number, {**who, "outcome": outcome})
    for family, what in _HISTOGRAMS.items():
        yield from _histogram(family, process, f"{camera}.{what}", who)


def _histogram(family: str, process: Heard, name: str, who: Mapping[str, str]) -> Iterator[Sample]:
    total = 0
    for bound in BOUNDS_MS:
        total += process.count(f"{name}.{bound}")
        yield Sample(family, total, {**who, "le": f"{bound / 1000:g}"}, "_bucket")
    total += process.count(f"{name}.more")
    yield Sample(family, total, {**who, "le": "+Inf"}, "_bucket")
    yield Sample(family, process.count(f"{name}.sum_us") / 1e6, who, "_sum")
    yield Sample(family, total, who, "_count")


def _publisher(counts: Mapping[str, int]) -> Iterator[Sample]:
    for outcome in _SENT:
        yield Sample(
            "safecity_messages_total", counts.get(outcome, 0), {"outcome": outcome.replace("_", "-")}
        )
    yield Sample("safecity_broker_lost_total", counts.get("connections_lost", 0), {})
    yield Sample("safecity_outbox_rows", counts["backlog_rows"], {})
    yield Sample("safecity_outbox_bytes", counts.get("backlog_bytes", 0), {})
    yield Sample("safecity_outbox_oldest_seconds", counts["oldest_s"], {})
    yield Sample("safecity_outbox_unreceipted", counts.get("unreceipted", 0), {})
    yield Sample("safecity_receipts_refused_total", counts.get("unbelieved", 0), {})
    yield Sample("safecity_outbox_dead_letters", counts["dead_letters"], {})
    for cause in GapCause:
        yield Sample("safecity_outbox_lost", counts.get(f"lost.{cause}", 0), {"cause": cause.value})


def _footage(counts: Mapping[str, int]) -> Iterator[Sample]:
    yield Sample("safecity_footage_bytes", counts["mib"] << 20, {"of": "all"})
    yield Sample("safecity_footage_bytes", counts["held_mib"] << 20, {"of": "held"})
    yield Sample("safecity_footage_free_bytes", counts["free_mib"] << 20, {})
    yield Sample("safecity_footage_short_bytes", counts["short_mib"] << 20, {})
    yield Sample("safecity_footage_clock_off_seconds", counts["clock_off_s"], {})


def _processes(heard: tuple[Heard, ...]) -> Iterator[Sample]:
    """By verb, and not by camera: a worker's name changes with its cameras, a time series should not."""
    kinds: dict[str, list[Heard]] = {}
    for process in heard:
        kinds.setdefault(process.name.partition("[")[0], []).append(process)
    for kind, those in kinds.items():
        yield Sample("safecity_process_up", all(one.lives for one in those), {"process": kind})
        deaths = sum(one.deaths for one in those)
        yield Sample("safecity_process_deaths_total", deaths, {"process": kind})


def _machine(box: BoxStatus) -> Iterator[Sample]:
    yield Sample("safecity_disk_free_bytes", box.free_mib << 20, {})
    yield Sample("safecity_disk_size_bytes", box.size_mib << 20, {})
    yield Sample("safecity_clock_synchronised", box.clock == ClockTrust.SYNCED, {})
    if box.temperature_c is not None:
        yield Sample("safecity_temperature_celsius", box.temperature_c, {})


def _family(family: Family, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {family.name} {family.meaning}", f"# TYPE {family.name} {family.kind}"]
    return "\n".join([*lines, *map(_line, samples)]) + "\n"


def _line(sample: Sample) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
    labels = f"{{{told}}}" if told else ""
    return f"{sample.family}{sample.suffix}{labels} {float(sample.value):.15g}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
