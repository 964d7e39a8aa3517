"""What a broker's reason codes mean for a message (MQTT 5.0, sections 3.4.2.1 and 3.14.2.1).

Law: the code in the PUBACK is the verdict, never the fact that there was a PUBACK. A code that is not in
the table is a refusal that is tried again.
"""

from edge.values.delivery import Judgement

_OF_PUBACK = {
    0x00: Judgement.SENT,  # success
    0x10: Judgement.UNHEARD,  # no matching subscribers
    0x80: Judgement.REFUSED,  # unspecified error
    0x83: Judgement.REFUSED,  # implementation specific error
    0x87: Judgement.DENIED,  # not authorised
    0x90: Judgement.POISON,  # topic name invalid
    0x91: Judgement.BUSY,  # packet identifier in use
    0x97: Judgement.BUSY,  # quota exceeded
    0x99: Judgement.POISON,  # payload format invalid
}

_OF_DISCONNECT = {
    0x87: Judgement.DENIED,  # not authorised
    0x90: Judgement.POISON,  # topic name invalid
    0x95: Judgement.POISON,  # packet too large
    0x99: Judgement.POISON,  # payload format invalid
    0x9A: Judgement.POISON,  # retain not supported
}


def of_puback(code: int) -> Judgement:
    """The verdict on the message that was answered."""
    return _OF_PUBACK.get(code, Judgement.REFUSED)


def of_disconnect(code: int) -> Judgement | None:
    """The verdict on the only message in flight when the broker hung up, or None if it says nothing of it."""
    return _OF_DISCONNECT.get(code)
