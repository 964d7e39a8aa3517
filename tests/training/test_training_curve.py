"""The curve is noted in steps and drawn as it was noted."""

import xml.etree.ElementTree as ET

import pytest

pytest.importorskip("torch", reason="training needs torch: pip install 'safecity-edge[train]'")

from models.training.curve import HIGH, WIDE, drawn

NOTED = "pictures,minutes,person,bicycle\n0,0.0,0.0,\n4000,10.0,0.41,\n8000,20.0,0.62,0.2\n"


def test_a_line_for_each_class_that_was_measured(tmp_path):
    (tmp_path / "curve.csv").write_text(NOTED)
    root = ET.fromstring(drawn(tmp_path / "curve.csv", ("person", "bicycle", "car")))
    lines = [e.attrib["points"].split() for e in root if e.tag.endswith("polyline")]
    assert [len(line) for line in lines] == [3, 1]
    heights = [float(point.split(",")[1]) for point in lines[0]]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= float(p.split(",")[0]) <= WIDE and 0 <= float(p.split(",")[1]) <= HIGH for p in lines[0])
    assert {"person", "bicycle", "8,000"} <= {e.text for e in root.iter() if e.text}
