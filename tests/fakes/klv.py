"""KLV sets as an aircraft writes them, encoded apart from the reader."""

from edge.ground.klv import KEY, SCALES, checksum

LEVEL = {
    5: 90.0,
    6: 0.0,
    7: 0.0,
    13: 41.31,
    14: 69.28,
    15: 560.0,
    16: 60.0,
    18: 0.0,
    19: -90.0,
    20: 0.0,
    25: 500.0,
}


def encoded(tag: int, value: float) -> bytes:
    scale = SCALES[tag]
    if not scale.signed:
        raw = round((value - scale.low) / (scale.high - scale.low) * ((1 << 8 * scale.size) - 1))
        return raw.to_bytes(scale.size)
    return round(value / scale.high * ((1 << 8 * scale.size - 1) - 1)).to_bytes(scale.size, signed=True)


def packet(time_us: int, values: dict[int, float], long_form: bool = False) -> bytes:
    body = bytes([2, 8]) + time_us.to_bytes(8)
    for tag, value in values.items():
        raw = encoded(tag, value)
        body += bytes([tag, len(raw)]) + raw
    size = len(body) + 4
    length = bytes([0x82]) + size.to_bytes(2) if long_form or size > 127 else bytes([size])
    covered = KEY + length + body + bytes([1, 2])
    return covered + checksum(covered).to_bytes(2)
