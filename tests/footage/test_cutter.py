"""Where a recording is cut: never over two slots, as each has a key of its own that is forgotten alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.footage.cutter import MOST_BYTES, MOST_SEGMENT_S, CutSpec, cuts
from edge.values.segment import SLOT_S, SlotId
from tests.fakes.vaults import moment

SPEC = CutSpec(20.0)


def cut(
    began_s: float, now_s: float, group_s: float = 2.0, size_bytes: int = 0, spec: CutSpec = SPEC
) -> bool:
    return cuts(spec, "plaza", moment(began_s), moment(now_s), group_s, size_bytes)


@given(st.floats(0, 2 * SLOT_S), st.floats(0, 19), st.floats(0.1, 1))
def test_whatever_comes_into_another_slot_begins_a_segment(
    began_s: float, after_s: float, group_s: float
) -> None:
    now_s = began_s + after_s
    is_other = SlotId.of("plaza", moment(began_s).utc_ns) != SlotId.of("plaza", moment(now_s).utc_ns)
    assert cut(began_s, now_s, group_s) or not is_other


def test_it_is_cut_at_the_key_frame_that_is_nearest_to_its_length() -> None:
    assert not cut(0, 18.9)
    assert cut(0, 19.1)
    assert cut(0, 15.1, group_s=10.0)


def test_it_is_cut_where_it_grows_too_large() -> None:
    assert not cut(0, 2, size_bytes=MOST_BYTES - 1)
    assert cut(0, 2, size_bytes=MOST_BYTES)


@pytest.mark.parametrize("length_s", [0.0, -1.0, MOST_SEGMENT_S + 0.1])
def test_no_segment_is_longer_than_a_minute(length_s: float) -> None:
    with pytest.raises(ValueError, match="segment_s"):
        CutSpec(length_s)
