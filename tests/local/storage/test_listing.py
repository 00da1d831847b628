import secrets

import pytest
import requests
from google.api_core.exceptions import BadRequest
from google.cloud import storage
from hypothesis import example, given, settings
from hypothesis import strategies as st

from local.storage.checksums import Checksums
from local.storage.listing import Listing, glob, listing_in, page
from local.storage.records import ObjectRecord

NAMES = ["a.txt", "b/1.png", "b/2.jpg", "b/c/3.png", "b/c/d/4.png", "b0", "z", "ü/5.png"]


@pytest.fixture(scope="module")
def shelf(running) -> str:
    """A bucket with NAMES in it, made without a client."""
    name = f"test-{secrets.token_hex(6)}"
    running.server.store.put_bucket(name, {})
    for each in reversed(NAMES):
        running.server.store.write(name, each, each.encode(), "text/plain", {})
    return name


def listed(client: storage.Client, shelf: str, **arguments) -> list[str]:
    return [blob.name for blob in client.list_blobs(shelf, **arguments)]


def test_names_come_in_order(client: storage.Client, shelf: str) -> None:
    assert listed(client, shelf) == NAMES


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"prefix": "b/"}, ["b/1.png", "b/2.jpg", "b/c/3.png", "b/c/d/4.png"]),
        ({"prefix": "b/c"}, ["b/c/3.png", "b/c/d/4.png"]),
        ({"prefix": "nothing"}, []),
        ({"start_offset": "b/2.jpg"}, NAMES[2:]),
        ({"end_offset": "b/2.jpg"}, NAMES[:2]),
        ({"start_offset": "b/", "end_offset": "b0"}, NAMES[1:5]),
        ({"prefix": "b/", "start_offset": "a"}, NAMES[1:5]),
        ({"match_glob": "**.png"}, ["b/1.png", "b/c/3.png", "b/c/d/4.png", "ü/5.png"]),
        ({"match_glob": "b/*.png"}, ["b/1.png"]),
        ({"match_glob": "b/**/*.png"}, ["b/1.png", "b/c/3.png", "b/c/d/4.png"]),
        ({"match_glob": "b/?.{png,jpg}"}, ["b/1.png", "b/2.jpg"]),
        ({"match_glob": "[a-b]*"}, ["a.txt", "b0"]),
        ({"match_glob": "[!a-b]*"}, ["z"]),
        ({"match_glob": "[+--a]*"}, ["a.txt"]),
        ({"max_results": 3}, NAMES[:3]),
    ],
)
def test_names_are_chosen(client: storage.Client, shelf: str, arguments: dict, names: list[str]) -> None:
    assert listed(client, shelf, **arguments) == names
    assert listed(client, shelf, page_size=2, **arguments) == names


def test_a_delimiter_folds_folders(client: storage.Client, shelf: str) -> None:
    top = client.list_blobs(shelf, delimiter="/")
    inner = client.list_blobs(shelf, delimiter="/", prefix="b/")

    assert [blob.name for blob in top] == ["a.txt", "b0", "z"]
    assert top.prefixes == {"b/", "ü/"}
    assert [blob.name for blob in inner] == ["b/1.png", "b/2.jpg"]
    assert inner.prefixes == {"b/c/"}


def test_a_page_has_no_more_than_asked_for(url: str, shelf: str) -> None:
    first = requests.get(f"{url}/storage/v1/b/{shelf}/o?maxResults=2&delimiter=/", timeout=5).json()
    second = requests.get(f"{url}/storage/v1/b/{shelf}/o?maxResults=2&delimiter=/&pageToken={first['nextPageToken']}", timeout=5).json()

    assert ([item["name"] for item in first["items"]], first["prefixes"]) == (["a.txt"], ["b/"])
    assert ([item["name"] for item in second["items"]], "prefixes" in second) == (["b0", "z"], False)


@pytest.mark.parametrize("query", ["pageToken=x", "pageToken=%FF", "maxResults=x", "maxResults=-1", "pageToken=WzFd", "matchGlob=[z-a]"])
def test_a_malformed_query_is_refused(url: str, shelf: str, query: str) -> None:
    answer = requests.get(f"{url}/storage/v1/b/{shelf}/o?{query}", timeout=5)

    assert answer.status_code == 400
    assert "A fault" not in answer.text


def test_bad_globs_raise(client: storage.Client, shelf: str) -> None:
    with pytest.raises(BadRequest):
        listed(client, shelf, match_glob="{a")


TEXT = st.text("ab/\U0010ffff\ud7ff", max_size=5)


def stored(name: str) -> ObjectRecord:
    return ObjectRecord("b", name, 1, 1, Checksums(0, ""), None, "", "", None, {})


@settings(deadline=None, max_examples=300)
@given(
    names=st.lists(TEXT.filter(bool), unique=True, max_size=30),
    prefix=TEXT,
    delimiter=st.sampled_from(["", "/", "a", "b/"]),
    start=TEXT,
    end=TEXT,
    limit=st.integers(1, 5),
)
def test_pages_joined_are_the_plain_answer(names: list[str], prefix: str, delimiter: str, start: str, end: str, limit: int) -> None:
    records = [stored(name) for name in sorted(names)]

    def rows(position: tuple[str, int], most: int) -> list[ObjectRecord]:
        return [each for each in records if (each.name, each.generation) >= position][:most]

    items, prefixes, position = [], [], None
    while True:
        made = page(rows, Listing(prefix=prefix, delimiter=delimiter, start=start, end=end, limit=limit, position=position))
        assert len(made) <= limit
        items += [each.name for each in made.items]
        prefixes += made.prefixes
        if made.token is None:
            break
        assert made
        position = next_position(made.token)

    chosen = [name for name in sorted(names) if name.startswith(prefix) and name >= start and (not end or name < end)]
    folded = [name for name in chosen if delimiter and delimiter in name[len(prefix) :]]
    folders = {name[: name.index(delimiter, len(prefix)) + len(delimiter)] for name in folded}
    assert items == [name for name in chosen if name not in folded]
    assert sorted(prefixes) == sorted(folders)


def next_position(token: str) -> tuple[str, int]:
    position = listing_in({"pageToken": token}).position
    assert position is not None
    return position


@example("[!--a]")
@given(st.text("ab*?[]{},\\!-/", max_size=8))
def test_any_pattern_is_a_glob_or_refused(pattern: str) -> None:
    try:
        glob(pattern).fullmatch("a/b")
    except Exception as error:
        assert type(error).__name__ == "Invalid"
