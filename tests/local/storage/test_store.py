"""What the other rooms of the local cloud use, and what a crash leaves."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.interfaces import Storage
from local.layout import Layout, Ports, Project
from local.storage.errors import InUse, Invalid, NotEmpty, NotFound
from local.storage.server import StorageServer
from local.storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, Project())
    yield store
    store.close()


def reopened(store: Store, folder: Path) -> Store:
    store.close()
    store.__init__(folder, Project())
    return store


def test_the_store_is_what_the_others_expect(store: Store) -> None:
    storage: Storage = store

    made = storage.put_bucket("pictures", {"location": "us-central1", "labels": {"stack": "local"}})
    storage.write("pictures", "a/b.png", b"data", "image/png", {"job": "j1"})

    assert made["location"] == "US-CENTRAL1"
    assert storage.bucket("pictures") == made
    found = storage.object("pictures", "a/b.png")
    assert found is not None
    assert (found["contentType"], found["metadata"], found["size"]) == ("image/png", {"job": "j1"}, "4")
    assert storage.read("pictures", "a/b.png") == b"data"


def test_the_same_bucket_put_twice_does_not_change(store: Store) -> None:
    settings = {"location": "US", "cors": [{"origin": ["*"], "method": ["GET"]}], "softDeletePolicy": {"retentionDurationSeconds": 0}}

    assert store.put_bucket("pictures", settings) == store.put_bucket("pictures", settings)


def test_another_bucket_replaces_its_settings(store: Store) -> None:
    store.put_bucket("pictures", {"labels": {"a": "1"}, "versioning": {"enabled": True}})

    changed = store.put_bucket("pictures", {"labels": {"b": "2"}})

    assert changed["labels"] == {"b": "2"}
    assert "versioning" not in changed
    assert changed["metageneration"] == "2"


def test_what_is_not_there_is_deleted_in_silence(store: Store) -> None:
    store.delete_bucket("nothing", force=False)
    store.delete_bucket("nothing", force=True)
    store.put_bucket("pictures", {})
    store.delete("pictures", "nothing")
    store.delete("nothing", "nothing")

    assert store.bucket("nothing") is None
    assert store.object("nothing", "nothing") is None


def test_a_bucket_with_objects_is_deleted_by_force_alone(store: Store, tmp_path: Path) -> None:
    store.put_bucket("pictures", {"versioning": {"enabled": True}})
    store.write("pictures", "a", b"1", "text/plain", {})
    store.write("pictures", "a", b"2", "text/plain", {})

    with pytest.raises(NotEmpty):
        store.delete_bucket("pictures", force=False)
    store.delete_bucket("pictures", force=True)

    assert store.bucket("pictures") is None
    assert list((tmp_path / "content").iterdir()) == []


def test_names_and_settings_are_checked_here_too(store: Store) -> None:
    with pytest.raises(Invalid):
        store.put_bucket("Bad_Name!!", {})
    store.put_bucket("pictures", {})
    with pytest.raises(Invalid):
        store.write("pictures", "..", b"", "text/plain", {})
    with pytest.raises(NotFound):
        store.write("nothing", "a", b"", "text/plain", {})
    with pytest.raises(NotFound):
        store.read("pictures", "a")


def test_all_of_it_is_there_after_a_restart(store: Store, tmp_path: Path) -> None:
    bucket = store.put_bucket("pictures", {"labels": {"a": "1"}})
    made = store.write("pictures", "a", b"data", "text/plain", {})
    policy = store.buckets.set_policy("pictures", {"bindings": [{"role": "roles/storage.admin", "members": ["user:me@example.com"]}]})

    again = reopened(store, tmp_path)

    assert again.bucket("pictures") == bucket
    assert again.object("pictures", "a") == made
    assert again.read("pictures", "a") == b"data"
    assert again.buckets.policy("pictures") == policy


def test_orphans_are_removed_at_the_start(store: Store, tmp_path: Path) -> None:
    store.put_bucket("pictures", {})
    store.write("pictures", "a", b"data", "text/plain", {})
    (tmp_path / "content" / "123").write_bytes(b"half")
    (tmp_path / "incoming" / "abc").write_bytes(b"half")

    again = reopened(store, tmp_path)

    assert again.read("pictures", "a") == b"data"
    assert len(list((tmp_path / "content").iterdir())) == 1
    assert list((tmp_path / "incoming").iterdir()) == []


def test_replaced_bytes_leave_the_disk(store: Store, tmp_path: Path) -> None:
    store.put_bucket("pictures", {})
    for number in range(3):
        store.write("pictures", "a", str(number).encode(), "text/plain", {})

    assert [file.read_text() for file in (tmp_path / "content").iterdir()] == ["2"]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_commit_that_fails_changes_nothing(store: Store, tmp_path: Path) -> None:
    store.put_bucket("pictures", {})
    store.write("pictures", "a", b"old", "text/plain", {})
    with sqlite3.connect(tmp_path / "metadata.sqlite") as other:
        other.execute("CREATE TRIGGER broken BEFORE INSERT ON objects BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    other.close()

    with pytest.raises(sqlite3.IntegrityError):
        store.write("pictures", "a", b"new", "text/plain", {})

    assert store.read("pictures", "a") == b"old"
    assert reopened(store, tmp_path).read("pictures", "a") == b"old"
    assert len(list((tmp_path / "content").iterdir())) == 1


def test_two_servers_do_not_share_a_folder(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InUse, match="Stop it first"):
        Store(tmp_path, Project())


def test_what_lies_on_disk_is_for_its_owner_alone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    server = StorageServer(layout, Ports(layout))
    server.store.close()

    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "storage").iterdir() if path.is_dir()} == {0}
    assert (tmp_path / "storage").stat().st_mode & 0o077 == 0
