import os
from pathlib import Path

import pytest

from edge.adapters.model_store import ModelStore
from edge.values.errors import ModelError, StorageError
from tests.fakes.cards import raw_table, tiny_folder, tiny_onnx

WEIGHTS = tiny_onnx(raw_table())


def put(store: ModelStore, name: str) -> Path:
    with store.unready() as folder:
        tiny_folder(folder, WEIGHTS, name=name)
        return store.install(folder, name)


def test_a_model_is_there_whole_once_it_has_its_name(tmp_path) -> None:
    store = ModelStore(tmp_path / "made" / "store")
    assert store.installed() == ()
    with store.unready() as folder:
        tiny_folder(folder, WEIGHTS)
        assert store.installed() == ()
        where = store.install(folder, "tiny")
    assert store.installed() == (where,) == (store.folder / "tiny",)
    assert sorted(path.name for path in store.folder.iterdir()) == ["tiny"]
    assert {oct(path.stat().st_mode & 0o777) for path in where.iterdir()} == {"0o644"}
    assert where.stat().st_mode & 0o777 == 0o755


def test_what_was_not_finished_leaves_nothing(tmp_path) -> None:
    store = ModelStore(tmp_path)
    with pytest.raises(KeyError), store.unready() as folder:
        tiny_folder(folder, WEIGHTS)
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_what_was_left_by_a_power_cut_is_not_found(tmp_path) -> None:
    tiny_folder(tmp_path / ".unready-abc", WEIGHTS)
    assert ModelStore(tmp_path).installed() == ()


def test_a_name_that_is_taken_stays_as_it_was(tmp_path) -> None:
    store = ModelStore(tmp_path)
    where = put(store, "tiny")
    (where / "mark").touch()
    with pytest.raises(ModelError, match="a name stands for one model for good"):
        put(store, "tiny")
    assert (where / "mark").exists()
    with pytest.raises(ModelError, match="--name"):
        store.accept_name("tiny")
    store.accept_name("other")
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_cannot_be_written_says_who_could(tmp_path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="--store"), ModelStore(tmp_path / "store").unready():
        pass


def test_a_store_where_a_file_is_says_so(tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"), ModelStore(tmp_path / "file").unready():
        pass
