"""What the public is told: the right figures, of the right month, and none that is too small."""

from dataclasses import replace
from itertools import pairwise

import pytest

from edge.governance.month import Month
from edge.governance.transparency import OTHER, WHY, CameraRecord, Export, transparency
from edge.values.moment import NS_PER_S
from edge.values.refusal import Refusal
from tests.fakes.transparency import DAY_NS, MONTH, away, boxes, city


def test_every_reason_of_a_refusal_has_words_for_the_public() -> None:
    assert set(WHY) == set(Refusal)


def test_figures_of_all_boxes_together() -> None:
    report = transparency(MONTH, city(), "ab" * 32, boxes())
    assert report.exports.total == 34
    assert dict(report.exports.rows) == {"public-safety": None, "traffic": None}
    assert dict(report.holds.rows) == {"by order of an authority": 16, "by a panic button": 12}
    assert [line.id for line in report.cameras if not line.recorded] == ["bazaar-gate"]


def test_a_purpose_of_an_older_policy_is_another_one() -> None:
    box = replace(boxes()[0], exports=[Export("gone", False)] * 20 + [Export("traffic", False)] * 40)
    report = transparency(MONTH, replace(city(), public_min_count=1), "ab" * 32, [box])
    assert dict(report.exports.rows) == {"public-safety": 0, "traffic": 40, OTHER: 20}


@pytest.mark.parametrize(
    ("record", "share"),
    [
        pytest.param(CameraRecord("a", True, MONTH.begin_ns), 1.0, id="always"),
        pytest.param(CameraRecord("a", True, 0, [away("a", 0, 31)]), 0.0, id="never"),
        pytest.param(CameraRecord("a", True, 0, [away("a", 1, 3.1), away("a", 2, 1)]), 0.9, id="overlapping"),
        pytest.param(CameraRecord("a", True, 0, [away("a", -5, 8.1), away("a", 40, 9)]), 0.9, id="around"),
        pytest.param(
            CameraRecord("a", True, MONTH.begin_ns + 21 * DAY_NS, [away("a", 21, 5)]),
            0.5,
            id="since the 22nd",
        ),
        pytest.param(CameraRecord("a", True, MONTH.end_ns), None, id="later"),
        pytest.param(CameraRecord("a", True), None, id="not yet"),
    ],
)
def test_the_share_of_a_month_that_is_recorded(record: CameraRecord, share: float | None) -> None:
    found = record.available(MONTH)
    assert found == (None if share is None else pytest.approx(share))


def test_months_follow_each_other_without_overlap() -> None:
    months = [Month(2026, 11), Month(2026, 12), Month(2027, 1)]
    assert [str(month) for month in months] == ["2026-11", "2026-12", "2027-01"]
    for month, following in pairwise(months):
        assert month.end_ns == following.begin_ns
        assert month.end_ns in following
        assert month.end_ns not in month
        assert Month.last_whole(following.end_ns - NS_PER_S) == month
    assert Month.parse("2026-10") == MONTH
    for wrong in ("2026-13", "2026", "26-10", "2026-1"):
        with pytest.raises(ValueError, match="wanted a month such as 2026-10"):
            Month.parse(wrong)
