"""A camera's password is read whenever its stream is opened; a missing one is that camera's trouble."""

import logging
from pathlib import Path

import pytest

from edge.adapters.av_spec import SourceSpec
from edge.config.secret import SecretRef
from edge.run.wiring.entering import Entrance
from edge.values.camera_state import Reason
from edge.values.errors import CameraError


def test_a_password_is_missed_told_once_found_and_found_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "word"
    secret = SecretRef("camera gate: password", file=file)
    entrance = Entrance(
        "gate", lambda: SourceSpec("rtsp://c/x", username="me", password=secret.read()), logging.getLogger()
    )
    for _ in range(3):
        with pytest.raises(CameraError, match="No such file") as caught:
            entrance.now()
        assert caught.value.reason is Reason.NO_PASSWORD
    assert caplog.text.count("camera gate is away until then") == 1
    for word in ("first", "second"):
        file.write_text(word + "\n", encoding="utf-8")
        assert entrance.now().password == word
    file.unlink()
    with pytest.raises(CameraError):
        entrance.now()
    assert caplog.text.count("camera gate is away until then") == 2
