"""What goes into the vault, and how much may wait in memory for a hold that decides."""

from dataclasses import replace

from edge.footage.admission import Admission, Mode, whole
from edge.values.segment import FootageClass
from tests.fakes.vaults import in_pieces, stretch

MIB = 1 << 20


def test_what_waits_for_a_hold_is_bounded_by_bytes_and_the_oldest_goes_first() -> None:
    admission = Admission(Mode.ON_HOLD, before_s=1e6, most_bytes=3 * MIB)
    stretches = [stretch(20 * at, bytes(MIB)) for at in range(6)]
    for each in stretches[:5]:
        assert admission.judge(each, held=False, room=True).kept == ()
        assert admission.waiting_bytes <= 3 * MIB
    kept = admission.judge(stretches[5], held=True, room=True).kept
    assert [each.began for each in kept] == [each.began for each in stretches[2:]]
    assert admission.waiting_bytes == 0


def test_what_waits_for_a_hold_is_bounded_by_time() -> None:
    admission = Admission(Mode.ON_HOLD, before_s=45.0)
    for at in range(5):
        admission.judge(stretch(20 * at), held=False, room=True)
    kept = admission.judge(stretch(100), held=True, room=True).kept
    assert [each.began.utc_ns for each in kept] == [stretch(20 * at).began.utc_ns for at in (2, 3, 4, 5)]
    assert {each.footage_class for each in kept} == {FootageClass.EVENT}


def test_without_room_only_what_is_held_goes_in_and_refusing_is_said() -> None:
    admission = Admission(Mode.ALWAYS, before_s=60.0)
    assert admission.judge(stretch(), held=False, room=False).refused
    verdict = admission.judge(stretch(), held=True, room=False)
    assert not verdict.refused
    assert verdict.kept == (replace(stretch(), footage_class=FootageClass.EVENT),)
    assert not admission.passes(room=False)
    assert admission.passes(room=True)
    assert not Admission(Mode.ON_HOLD, 60.0).passes(room=True)


def test_pieces_that_waited_are_the_stretch_that_they_were() -> None:
    of = stretch(content=b"one two three four")
    assert whole(in_pieces(of, 3)) == of
