"""Base64 from outside, as bytes.

Law: bytes have one text (RFC 4648, 3.5). Python's reader lets the last character end in bits that count for
nothing, so that two texts would be one key, one signature or one picture.
"""

import base64


def read(text: str | bytes) -> bytes:
    """What the text says.

    Raises:
        ValueError: it is no base64, or not as it is always written.
    """
    given = text.encode() if isinstance(text, str) else text
    raw = base64.b64decode(given, validate=True)
    if base64.b64encode(raw) != given:
        raise ValueError("wanted base64 as it is always written")
    return raw
