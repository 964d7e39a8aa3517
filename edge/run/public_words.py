"""A policy in words that anybody on the street understands."""

from edge.governance.capability import Capability
from edge.governance.policy import StatePolicy
from edge.values.segment import FootageClass

DOES = {
    Capability.DETECT: "see that there are people and vehicles",
    Capability.COUNT: "count them",
    Capability.FOLLOW: "follow how they move within one picture",
    Capability.RECORD: "keep sealed recordings for a limited time",
    Capability.EXPORT: "let recordings out, if two offices agree",
    Capability.BACKGROUND: "show the empty street, without people",
}

NEVER_DOES = {
    Capability.IDENTIFY: "recognise anybody",
    Capability.RE_IDENTIFY: "find anybody again",
    Capability.CATEGORISE: "guess age, sex or origin",
    Capability.EMOTION: "read feelings",
    Capability.NUMBER_PLATES: "read number plates",
    Capability.AUDIO: "listen",
}

KEPT = {
    FootageClass.ROUTINE: "Recordings",
    FootageClass.EVENT: "Where an alarm or incident fell into them",
}


def does(policy: StatePolicy) -> list[str]:
    """What the cameras may do."""
    return [words for capability, words in DOES.items() if policy.may(capability)]


def spelled(name: str) -> str:
    """An id as words: public-safety is public safety."""
    return name.replace("-", " ")


def duration(hours: int) -> str:
    """A time that people say: 72 hours are 3 days."""
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def kept(policy: StatePolicy) -> list[tuple[str, str, str]]:
    """What is kept, for how long, and by which law; the shortest first."""
    times = sorted(policy.retention.items(), key=lambda item: item[1].hours)
    return [(KEPT[name], duration(keep.hours), keep.basis) for name, keep in times]
