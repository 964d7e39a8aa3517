"""A heat map's message: from an allow-list, refused where finer than the policy, understood by receivers."""

import json
from dataclasses import replace

import pytest

from edge.messages import HeatMessage, examples, parse
from edge.messages.line import readable
from edge.privacy import check
from edge.values.errors import RedactionError
from edge.values.heat import HeatCell, HeatMap, Noise, Way
from tests.fakes.privacy import SPEC, START, redactor


def a_map(least: int = 10, **changes: object) -> HeatMap:
    cells = (HeatCell(1, 3, 2 * least, least),)
    made = HeatMap(
        "square", 1_800_000_000 * 10**9, 1_800_000_300 * 10**9, (-4.0, 8.0), 2.0, least, 0.9, cells
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_it_goes_to_its_topic_and_is_understood() -> None:
    sent = redactor().heat_map(a_map(), START)
    assert sent.topic == "safecity/v1/samarkand/registan-01/heat/plaza/square"
    check(json.loads(sent.body))
    got = parse(sent.topic, sent.stamped("boot", 3))
    assert isinstance(got, HeatMessage)
    assert got.data.cells[0].model_dump() == {
        "x": 1, "y": 3, "people": 20, "at_once": 10, "mps": None, "toward_deg": None,
    }  # fmt: skip
    assert "1 cells" not in readable(got).what


def test_it_holds_nothing_but_cells_and_numbers() -> None:
    data = json.loads(redactor().heat_map(a_map(noise=Noise(0.5, 8)), START).body)["data"]
    assert set(data) == {
        "schema", "region", "node", "camera", "place", "utc", "mono_us", "clock", "from", "until", "corner",
        "cell_m", "least", "watched", "cells", "noise",
    }  # fmt: skip


def test_directions_leave_in_coarse_steps_and_no_others() -> None:
    cells = (HeatCell(1, 3, 20, 10, Way(315, 1.25)), HeatCell(2, 3, 20, 10, Way(None, 0.25)))
    sent = redactor().heat_map(a_map(cells=cells), START)
    told = json.loads(sent.body)["data"]["cells"]
    assert [cell.get("toward_deg") for cell in told] == [315, None]
    assert [cell["mps"] for cell in told] == [1.25, 0.25]
    parse(sent.topic, sent.stamped("boot", 3))
    for name, value in (("toward_deg", 44), ("toward_deg", 360), ("mps", 1.3), ("mps", 12.25), ("ids", [7])):
        body = json.loads(sent.body)
        body["data"]["cells"][0][name] = value
        with pytest.raises(RedactionError):
            check(body)
        with pytest.raises(Exception, match=name):
            parse(
                sent.topic, json.dumps(json.loads(sent.stamped("boot", 3)) | {"data": body["data"]}).encode()
            )


def test_directions_are_never_told_beside_noise() -> None:
    sent = redactor().heat_map(a_map(cells=(HeatCell(1, 3, 20, 10, Way(0, 1.0)),)), START)
    body = json.loads(sent.stamped("boot", 3))
    body["data"]["noise"] = {"epsilon": 0.5, "cells_each": 8}
    with pytest.raises(Exception, match="noise, which does not cover them"):
        parse(sent.topic, json.dumps(body).encode())


def test_a_map_finer_than_the_policy_is_refused() -> None:
    strict = redactor(replace(SPEC, policy=replace(SPEC.policy, min_count=20)))
    with pytest.raises(RedactionError, match="as coarse as the policy says"):
        strict.heat_map(a_map(10), START)
    strict.heat_map(a_map(20), START)


def test_numbers_that_are_no_multiples_exist_nowhere() -> None:
    with pytest.raises(ValueError, match="multiples of 10"):
        a_map(cells=(HeatCell(0, 0, 11, 0),))
    sent = examples.heat()
    body = json.loads(sent.stamped("boot", 3))
    body["data"]["cells"][0]["people"] = 21
    with pytest.raises(Exception, match="multiples of least"):
        parse(sent.topic, json.dumps(body).encode())


def test_it_reads_well() -> None:
    sent = examples.heat()
    line = readable(parse(sent.topic, sent.stamped("boot", 3)))
    assert line.word == "HEAT"
    assert line.what.endswith("3 cells of 2 m with 10 people or more, most in one 80")
