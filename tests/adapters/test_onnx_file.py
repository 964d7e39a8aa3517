import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from edge.adapters.onnx_file import check_onnx, metadata
from edge.values.errors import ModelError
from tests.fakes.cards import REAL, raw_table, real_model, tiny_onnx

TINY = tiny_onnx(raw_table())


def external() -> onnx.TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def hidden_in_a_branch(tensor: onnx.TensorProto) -> bytes:
    """A model whose only mention of the tensor is in the branch of an If, as an attribute."""
    constant = helper.make_node("Constant", [], ["w"], value=tensor)
    branch = helper.make_graph([constant], "branch", [], [])
    choice = helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)
    return helper.make_model(helper.make_graph([choice], "outer", [], [])).SerializeToString()


def test_a_whole_model_passes() -> None:
    check_onnx(TINY)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_models_pass(name: str) -> None:
    check_onnx(real_model(name).weights)


def test_a_model_that_says_its_weights_are_inside_passes() -> None:
    model = onnx.load_from_string(TINY)
    model.graph.initializer[0].data_location = TensorProto.DEFAULT
    check_onnx(model.SerializeToString())


def test_weights_in_other_files_are_refused() -> None:
    model = onnx.load_from_string(TINY)
    model.graph.initializer.append(external())
    with pytest.raises(ModelError, match="keeps weights in other files"):
        check_onnx(model.SerializeToString())


def test_weights_in_other_files_are_found_where_they_hide() -> None:
    with pytest.raises(ModelError, match="keeps weights in other files"):
        check_onnx(hidden_in_a_branch(external()))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00", b"not a model at all", b"%PDF-1.7\n", TINY[: len(TINY) // 2], b"\xff" * 100, TINY[1:]],
)
def test_what_is_no_model_is_refused(raw: bytes) -> None:
    with pytest.raises(ModelError, match="no ONNX model"):
        check_onnx(raw)


def test_endless_nesting_ends() -> None:
    body = b""
    for _ in range(2000):
        inner = b"\x32" + _length(body) + body  # AttributeProto.g
        body = b"\x0a" + _length(b"\x2a" + _length(inner) + inner) + b"\x2a" + _length(inner) + inner
        if len(body) > 1 << 20:
            break
    with pytest.raises(ModelError, match="nested too deeply"):
        check_onnx(b"\x08\x08\x3a" + _length(body) + body)


def _length(body: bytes) -> bytes:
    value, out = len(body), bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


@given(st.integers(0, len(TINY) - 1), st.integers(0, 255), st.integers(0, len(TINY)))
@settings(max_examples=150, deadline=None)
def test_damage_is_refused_in_words_or_passed_on_to_the_runtime(at: int, byte: int, length: int) -> None:
    damaged = bytearray(TINY)
    damaged[at] = byte
    try:
        check_onnx(bytes(damaged[:length]))
    except ModelError as error:
        assert "ONNX" in str(error)


def test_what_the_exporter_wrote_is_read_without_a_runtime() -> None:
    model = onnx.load_from_string(TINY)
    assert metadata(TINY) == {}
    helper.set_model_props(model, {"task": "detect", "names": "{0: 'Küste'}"})
    assert metadata(model.SerializeToString()) == {"task": "detect", "names": "{0: 'Küste'}"}
