"""The page of a console: cameras as they are, their streets, and what goes on there."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import make_url, text

from edge.adapters.centre_store import CentreStore, engine_of
from edge.centre import verb_console
from edge.messages import examples
from edge.messages.arrival import understood
from edge.privacy.canonical import encode
from edge.values.errors import ConfigError, StorageError
from edge.values.message import RedactedMessage
from tests.fakes.browser import picture, with_browser
from tests.fakes.outbox import BOOT

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
AMBER = (255, 184, 77)


def of(message: RedactedMessage, **changes: object) -> tuple[str, bytes]:
    """Topic and body of an example, with other values in its `data`."""
    body = json.loads(message.body)
    old = body["data"]["camera"]
    body["data"] |= changes
    new = body["data"]["camera"]
    if "revision" in body["data"]:
        body["id"] = f"{body['data']['event_id']}.{body['data']['revision']}"
    body["source"], body["subject"] = body["source"].replace(old, new), body["subject"].replace(old, new)
    return message.topic.replace(f"/{old}", f"/{new}"), encode(body)


def well(camera: str) -> tuple[str, bytes]:
    body = json.loads(of(examples.camera(), camera=camera, state="ok", reason="none")[1])
    return f"safecity/v1/samarkand/registan-01/state/{camera}", encode(body)


def console(folder: Path, *said: tuple[str, bytes]) -> Path:
    """The configuration of a centre that was told this."""
    config = folder / "centre.yaml"
    config.write_text(
        "name: c\nbroker: {urls: [mqtt://localhost]}\nsignatures: {unsigned: accept}\n"
        "timezone: Asia/Tashkent\n"
    )
    (folder / "var").mkdir()
    engine = engine_of(make_url(f"sqlite:///{folder}/var/centre.db"))
    store = CentreStore(engine)
    store.prepare()
    came = [understood(topic, _stamped(body, n)) for n, (topic, body) in enumerate(said)]
    assert store.commit(came, NOW).unfit == 0
    engine.dispose()
    return config


def _stamped(body: bytes, number: int) -> bytes:
    return body[:-1] + f',"boot":"{BOOT}","sequence":"{number:020d}"}}'.encode()


def page(folder: Path, config: Path, *place: str) -> str:
    out = folder / "console.html"
    verb_console.console(config, out, 0, *(place or ("", "")))
    return out.read_text()


def said() -> Sequence[tuple[str, bytes]]:
    """A calm camera with its street, a hung one, and one that shows none."""
    event = of(examples.occupancy(), phase="update")
    return (
        well("plaza"), of(examples.street()), event, of(examples.camera(), camera="gate"),
        of(examples.street(), camera="gate"), well("bazaar"),
    )  # fmt: skip


def test_each_camera_is_there_with_its_street_and_what_goes_on(tmp_path: Path) -> None:
    html = page(tmp_path, console(tmp_path, *said()))
    bazaar, gate, plaza = html.split("<section")[1:]
    assert "No picture of this street was sent" in bazaar
    assert "Nothing is going on" in bazaar
    assert "Nobody watches well: " in gate
    assert 'class="card blind"' in gate
    assert "data:image/png;base64," in plaza
    assert "&quot;fountain&quot;" in plaza
    assert plaza.count("<rect ") == 3
    assert "at most 38 px/m of the policy&#x27;s 40 · 5% hatched" in plaza
    assert "2 of 3 watch well · 1 event going on" in html


def test_the_page_stands_alone_and_loads_nothing(tmp_path: Path) -> None:
    html = page(tmp_path, console(tmp_path, *said()))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "<script" not in html
    assert "http://" not in html.replace("http-equiv", "")
    assert "https://" not in html
    assert "refresh" not in html


def test_what_is_over_and_what_several_sources_say_is_not_drawn(tmp_path: Path) -> None:
    over = of(examples.occupancy(), phase="end", cause="cleared", revision=9)
    html = page(tmp_path, console(tmp_path, *said(), over))
    assert "0 events going on" in html
    assert "<rect " not in html


def test_one_region_or_box_alone_can_be_shown(tmp_path: Path) -> None:
    config = console(tmp_path, *said())
    assert "No camera has told of itself" in page(tmp_path, config, "bukhara", "")
    assert page(tmp_path, config, "samarkand", "registan-01").count("<section") == 3


def test_a_street_of_yesterday_says_so(tmp_path: Path) -> None:
    long_ago = (NOW - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert '<footer class="old">' in page(
        tmp_path,
        console(tmp_path, well("plaza"), of(examples.street(), until=long_ago, **{"from": long_ago})),
    )


def test_words_of_a_database_are_shown_and_never_obeyed(tmp_path: Path) -> None:
    """Somebody who can write into the database gets no script onto the screen."""
    config = console(tmp_path, *said())
    engine = engine_of(make_url(f"sqlite:///{tmp_path}/var/centre.db"))
    with engine.begin() as db:
        db.execute(text("UPDATE nodes SET region = '<script>alert(1)</script>'"))
    html = page(tmp_path, config)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    with engine.begin() as db:
        db.execute(text("UPDATE backgrounds SET payload = replace(payload, 'iVBOR', 'iVBOX')"))
    engine.dispose()
    with pytest.raises(StorageError, match="holds what is no message"):
        page(tmp_path, config)


def test_the_file_is_a_page(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ends in \.html"):
        verb_console.console(console(tmp_path), tmp_path / "console.txt", 0, "", "")


@with_browser
def test_a_browser_shows_the_street_and_draws_who_was_told_of(tmp_path: Path) -> None:
    config = console(tmp_path, well("plaza"), *said()[1:3])
    page(tmp_path, config)
    seen = picture(tmp_path, tmp_path / "console.html", 900, 640)[:, :, ::-1].astype(int)
    drawn = np.abs(seen - AMBER).sum(axis=2) < 60
    sky = np.abs(seen - (168, 180, 192)).sum(axis=2) < 12
    assert sky.sum() > 5000, "the street is not shown"
    assert drawn.sum() > 100, "nobody is drawn"
