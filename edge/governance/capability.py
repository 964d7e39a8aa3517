"""What a box can be allowed to do, and what no policy can allow."""

from enum import StrEnum


class Capability(StrEnum):
    """One thing that a box may or may not do with what its cameras see."""

    DETECT = "detect-objects"  # that there is a person, a car, ...: never which one
    COUNT = "count"
    FOLLOW = "follow-in-one-camera"  # a track, under a name that rotates
    RECORD = "record-footage"  # sealed; see retention
    EXPORT = "export-footage"
    BACKGROUND = "people-free-background"
    IDENTIFY = "identification"  # faces, gait, voices, any template of a body
    RE_IDENTIFY = "re-identification"  # the same person again, in another camera or on another day
    CATEGORISE = "biometric-categorisation"  # age, sex, origin, faith, ...
    EMOTION = "emotion-recognition"
    NUMBER_PLATES = "number-plates"
    AUDIO = "audio"


NEVER = frozenset(
    {
        Capability.IDENTIFY,
        Capability.RE_IDENTIFY,
        Capability.CATEGORISE,
        Capability.EMOTION,
        Capability.NUMBER_PLATES,
        Capability.AUDIO,
    }
)
"""What this program refuses whoever signs for it: there is no code for it, and no policy makes it wanted."""
