"""Ways in which a file is damaged: bits flip, ends are cut, stretches are zeroed, doubled or lost."""

import random


def damaged(body: bytes, chance: random.Random) -> bytes:
    """A copy with one to four kinds of damage."""
    out = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        if not out:
            break
        at, length = chance.randrange(len(out)), chance.choice((1, 4, 64, 1024))
        match chance.randrange(6):
            case 0:
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                out[at] = chance.randrange(256)
            case 2:
                del out[at:]
            case 3:
                out[at : at + length] = bytes(min(length, len(out) - at))
            case 4:
                out[at:at] = out[chance.randrange(len(out)) :][:length]
            case _:
                del out[at : at + length]
    return bytes(out)
