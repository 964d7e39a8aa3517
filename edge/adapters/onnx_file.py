"""What an ONNX file says before any runtime reads it: is it whole, and does it keep to itself.

Law: bytes in, a verdict out. Weights that the file would fetch from other files are refused, because they are
neither covered by the card's digest nor bound to the model folder.

Source: `onnx.proto3` of the ONNX specification (field numbers below) and the protocol buffers encoding,
https://protobuf.dev/programming-guides/encoding/.
"""

from collections.abc import Iterator

from edge.values.errors import ModelError

# Message kind → field number → kind of the message in it; only the ways that lead to a tensor.
_CHILDREN = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_EXTERNAL_DATA = 13
_LOCATED_OUTSIDE = (14, 1)  # data_location: EXTERNAL
_LENGTHS = {1: 8, 5: 4}  # wire type → bytes of a number of fixed length
_MODEL_IR_VERSION, _MODEL_GRAPH, _MODEL_METADATA = 1, 7, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_MAX_DEPTH = 32


def check_onnx(weights: bytes) -> None:
    """Refuse what is no whole ONNX file of its own.

    Raises:
        ModelError: truncated, no ONNX, or with weights in other files.
    """
    try:
        fields = {number for number, _ in _fields(memoryview(weights))}
        if not {_MODEL_IR_VERSION, _MODEL_GRAPH} <= fields:
            raise ModelError("the weights are no ONNX model: wanted a file with a graph, got something else")
        _check(memoryview(weights), "model", 0)
    except (IndexError, ValueError) as failure:
        raise ModelError(f"the weights are no ONNX model, or damaged: {failure}") from failure


def metadata(weights: bytes) -> dict[str, str]:
    """What the exporter wrote into the graph of a file that `check_onnx` passed, by key.

    Raises:
        ModelError: it is damaged there.
    """
    found = {}
    try:
        for number, entry in _fields(memoryview(weights)):
            if number == _MODEL_METADATA and isinstance(entry, memoryview):
                texts = {field: _text(value) for field, value in _fields(entry)}
                found[texts.get(_ENTRY_KEY, "")] = texts.get(_ENTRY_VALUE, "")
    except (IndexError, ValueError) as failure:
        raise ModelError(f"the ONNX model is damaged in its metadata: {failure}") from failure
    return found


def _text(value: int | memoryview) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview) else ""


def _check(message: memoryview, kind: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    children = _CHILDREN[kind]
    for number, value in _fields(message):
        if kind == "tensor" and (number == _EXTERNAL_DATA or (number, value) == _LOCATED_OUTSIDE):
            raise ModelError(
                "the ONNX model keeps weights in other files; wanted all in one: save it again with "
                "onnx.save(model, path, save_as_external_data=False)"
            )
        if number in children and isinstance(value, memoryview):
            _check(value, children[number], depth + 1)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of every field of a message: bytes where it has a length, else a number."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        value: int | memoryview
        if wire == 0:
            value, at = _varint(message, at)
        elif wire in _LENGTHS or wire == 2:
            length, at = (_LENGTHS[wire], at) if wire in _LENGTHS else _varint(message, at)
            value = message[at : at + length]
            at += length
        else:
            raise ValueError(f"unknown wire type {wire} at byte {at}")
        if at > len(message):
            raise ValueError("it ends too early")
        yield number, value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits per byte, lowest first, and the place after it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(f"a number of more than 64 bits at byte {at}")
