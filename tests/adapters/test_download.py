import hashlib
from pathlib import Path

import pytest

from edge.adapters.download import TRIES, Wanted, check_url, fetch
from edge.values.errors import ModelError, SafecityError
from tests.fakes.download_server import Shelf, serving

BODY = bytes(range(256)) * 1024


def wanted(shelf: Shelf, **changes) -> Wanted:
    fields = {"url": shelf.url, "size_bytes": len(BODY), "sha256": hashlib.sha256(BODY).hexdigest()}
    return Wanted(**{**fields, **changes})


def got(shelf: Shelf, target: Path, **changes) -> bytes:
    pauses: list[float] = []
    fetch(wanted(shelf, **changes), target, sleep=pauses.append)
    return target.read_bytes()


def refused(shelf: Shelf, target: Path, error: type[SafecityError] = ModelError, **changes) -> str:
    with pytest.raises(error) as caught:
        got(shelf, target, **changes)
    return str(caught.value)


def test_a_file_comes_whole_and_tells_how_far_it_is(tmp_path) -> None:
    seen: list[int] = []
    with serving(Shelf(BODY)) as shelf:
        fetch(wanted(shelf), tmp_path / "m", seen.append)
    assert (tmp_path / "m").read_bytes() == BODY
    assert seen == sorted(seen) and seen[-1] == len(BODY)


def test_a_cut_connection_is_gone_on_with(tmp_path) -> None:
    with serving(Shelf(BODY, stop_after=[1000, 70_000])) as shelf:
        assert got(shelf, tmp_path / "m") == BODY
    assert shelf.asked == [None, "bytes=1000-", "bytes=71000-"]


def test_the_next_command_goes_on_where_the_last_one_stopped(tmp_path) -> None:
    with serving(Shelf(BODY, stop_after=[5000] * TRIES)) as shelf:
        told = refused(shelf, tmp_path / "m", SafecityError)
        assert f"{5000 * TRIES} of {len(BODY)} bytes are kept" in told
        assert got(shelf, tmp_path / "m") == BODY
    assert shelf.asked[-1] == f"bytes={5000 * TRIES}-"


def test_a_server_without_ranges_begins_again(tmp_path) -> None:
    with serving(Shelf(BODY, stop_after=[1000], ranges=False)) as shelf:
        assert got(shelf, tmp_path / "m") == BODY


def test_a_server_that_answers_another_range_is_not_believed(tmp_path) -> None:
    with serving(Shelf(BODY, stop_after=[1000], wrong_range=True)) as shelf:
        assert "wanted the bytes from 1000 on" in refused(shelf, tmp_path / "m", SafecityError)


@pytest.mark.parametrize("announced", [len(BODY) - 1, len(BODY) + 1, 2 << 30])
def test_a_server_that_announces_another_size_is_refused_before_a_byte(tmp_path, announced: int) -> None:
    with serving(Shelf(BODY, announced=announced)) as shelf:
        assert f"the server announces {announced}" in refused(shelf, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_server_that_sends_more_than_promised_is_cut(tmp_path) -> None:
    with serving(Shelf(BODY + b"more" * 100_000, chunked=True)) as shelf:
        assert "got more" in refused(shelf, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_another_file_is_not_kept(tmp_path) -> None:
    with serving(Shelf(BODY[::-1])) as shelf:
        assert "wanted a file of SHA-256" in refused(shelf, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_damaged_beginning_is_noticed_at_the_end(tmp_path) -> None:
    (tmp_path / "m").write_bytes(b"x" * 1000)
    with serving(Shelf(BODY)) as shelf:
        refused(shelf, tmp_path / "m")
        assert got(shelf, tmp_path / "m") == BODY  # nothing of it was kept


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://198.51.100.1/x", "data:,x"]
)
def test_nobody_leads_to_another_scheme(tmp_path, location: str) -> None:
    with serving(Shelf(BODY, location=location)) as shelf:
        told = refused(shelf, tmp_path / "m", SafecityError)
    assert "wanted a URL that begins with https://" in told or "is not allowed" in told
    assert not (tmp_path / "m").exists()


def test_a_redirect_on_this_machine_is_followed(tmp_path) -> None:
    with serving(Shelf(BODY)) as there, serving(Shelf(b"", location=there.url)) as here:
        assert got(here, tmp_path / "m") == BODY


def test_a_file_that_is_not_there_is_told_at_once(tmp_path) -> None:
    with serving(Shelf(BODY, status=404)) as shelf:
        assert "404" in refused(shelf, tmp_path / "m", SafecityError)
        assert len(shelf.asked) == 1


def test_a_server_that_is_not_well_is_asked_again(tmp_path) -> None:
    with serving(Shelf(BODY, status=503)) as shelf:
        assert "503" in refused(shelf, tmp_path / "m", SafecityError)
        assert len(shelf.asked) == TRIES


def test_a_server_that_is_not_there_is_told(tmp_path) -> None:
    with serving(Shelf(BODY)) as shelf:
        gone = wanted(shelf)
    with pytest.raises(SafecityError, match="cannot be fetched"):
        fetch(gone, tmp_path / "m", sleep=lambda _: None)


@pytest.mark.parametrize(
    "url", ["http://example.org/m", "file:///etc/passwd", "m.onnx", "https://u:p@example.org/m"]
)
def test_urls_that_are_not_safe_are_refused(url: str) -> None:
    with pytest.raises(ModelError) as caught:
        check_url(url)
    assert "u:p" not in str(caught.value)


def test_two_gigabytes_are_too_much_to_ask_for() -> None:
    with pytest.raises(ModelError, match="at most 512 MiB"):
        Wanted("https://example.org/m", 2 << 30, "0" * 64)
