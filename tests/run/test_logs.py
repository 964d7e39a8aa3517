"""Logs hold words and no secrets; in JSON every line is an object, also the last one of a process."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.run import logs
from edge.values.log_spec import LogSpec

WORD = st.text("abcXYZ0189._~%+-", min_size=4, max_size=20)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers[:], root.level, sys.excepthook = handlers, level, hook


def test_an_entry_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("watch", LogSpec(as_json=True))
    logging.getLogger("watch").warning("camera %s: two\nlines", "plaza")
    logging.getLogger("watch").info("not a warning")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("time").endswith("Z")
    assert said == {
        "level": "warning",
        "process": "watch",
        "logger": "watch",
        "message": "camera plaza: two\nlines",
    }


@pytest.mark.parametrize("spec", [LogSpec(), LogSpec(as_json=True)])
def test_what_looks_like_a_secret_is_taken_out(spec: LogSpec, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("watch", spec)
    try:
        raise ValueError("cannot open rtsp://ivan:hunter22@cam/1?password=hunter22")
    except ValueError:
        logging.getLogger("watch").exception("rtsp://ivan:hunter22@cam/1?token=hunter22&x=1")
    said = capsys.readouterr().err
    assert "hunter22" not in said
    assert "ivan" not in said
    assert "x=1" in said
    assert "cam/1" in said


@given(WORD, WORD)
def test_no_password_of_a_url_survives(user: str, password: str) -> None:
    assert logs.scrubbed(f"see rtsp://{user}:{password}@cam:554/1 now") == "see rtsp://…@cam:554/1 now"
    assert logs.scrubbed(f"Password: {password}, then") == "Password: …, then"


def test_words_that_hold_no_secret_stay() -> None:
    for text in ("mail a@b.example", "rtsp://cam/1", "pass over it", "2 tokens: none"):
        assert logs.scrubbed(text) == text


DIES = """
import logging, threading
from edge.values.log_spec import LogSpec
from edge.run.logs import configure
configure("watch", LogSpec(as_json=True))
one = threading.Thread(target=lambda: 1 / 0)
one.start()
one.join()
raise KeyError("rtsp://a:hunter22@cam")
"""


def test_the_last_words_of_a_process_are_objects_too() -> None:
    done = subprocess.run([sys.executable, "-c", DIES], capture_output=True, text=True, check=False)
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert [each["level"] for each in said] == ["critical", "critical"]
    assert "ZeroDivisionError" in said[0]["message"]
    assert "hunter22" not in done.stderr
    assert "Traceback" in said[1]["traceback"]
