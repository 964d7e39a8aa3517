"""Times at the command line: to the second, in a zone, or a sentence that says what is wanted."""

import pytest

from edge.config import times
from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S, rfc3339


@pytest.mark.parametrize("text", ["2026-01-31T08:00:00+05:00", "2026-01-31T03:00:00Z"])
def test_a_time_with_its_zone_is_one_moment(text: str) -> None:
    assert rfc3339(times.utc_ns("--from", text)) == "2026-01-31T03:00:00Z"
    assert times.utc_ns("--from", text) % NS_PER_S == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [("tomorrow", "--from wants a time like .*'tomorrow'"), ("2026-01-31T08:00:00", "its zone, like .*Z or")],
)
def test_what_is_no_moment_is_told_with_the_option(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        times.utc_ns("--from", text)
