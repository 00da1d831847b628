"""Property values on the wire, property paths, and the hashes of assets."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.engine import assets, paths, values, wire
from local.engine.diff import Diff, with_replace_on_changes
from local.engine.requests import seconds
from local.engine.values import ARCHIVE, ASSET, OUTPUT, SIGNATURE, UNKNOWN, Secret
from local.engine.wire import Form

SCALARS = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS | st.just(UNKNOWN), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.builds(Secret, inner)
)


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_encoded_is_decoded_to_the_same(properties: dict[str, Any]) -> None:
    assert wire.decode(wire.encode(properties)) == properties


def test_what_a_receiver_does_not_understand_is_left_out() -> None:
    properties = {"secret": Secret("word"), "later": UNKNOWN, "list": [UNKNOWN, 1], "file": {SIGNATURE: ASSET, "hash": "h", "text": "long"}}

    found = wire.decode(wire.encode(properties, Form(secrets=False, unknowns=False, asset_contents=False)))

    assert found == {"secret": "word", "list": [1], "file": {SIGNATURE: ASSET, "hash": "h"}}


def test_output_values_become_what_they_hold_and_tell_where_they_come_from() -> None:
    known = {SIGNATURE: OUTPUT, "value": "x", "secret": True, "dependencies": ["urn:a"]}
    found: set[str] = set()

    decoded = wire.decode(wire.encode({"known": known, "unknown": {SIGNATURE: OUTPUT}}), found)

    assert decoded == {"known": Secret("x"), "unknown": UNKNOWN}
    assert found == {"urn:a"}


def test_outputs_are_secret_where_the_inputs_of_their_name_are() -> None:
    outputs = values.mark_like(
        {"a": 1, "map": {"x": 1, "y": 2}, "list": [1]}, {"a": Secret(1), "map": {"x": Secret(1)}, "list": [Secret(1)]}
    )

    assert outputs == {"a": Secret(1), "map": {"x": Secret(1), "y": 2}, "list": Secret([1])}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tags", ("tags",)),
        ("tags.owner", ("tags", "owner")),
        ("rules[0].port", ("rules", 0, "port")),
        ('tags["with.dot"]', ("tags", "with.dot")),
        ("rules[*].port", ("rules", "*", "port")),
        ('["a \\"quote\\""].b', ('a "quote"', "b")),
    ],
)
def test_property_paths(text: str, path: paths.Path) -> None:
    assert paths.parse(text) == path


def test_ignored_paths_take_the_old_values() -> None:
    olds = {"rules": [{"port": 1, "host": "a"}], "tags": {"by": "ann"}, "secret": Secret({"x": 1})}
    news = {"rules": [{"port": 2, "host": "b"}], "tags": {"by": "bob", "new": 1}, "added": 1, "secret": Secret({"x": 2, "y": 2})}

    found = paths.reset(news, olds, ["rules[*].port", "tags.by", "added", "secret.x"])

    assert found == {"rules": [{"port": 1, "host": "b"}], "tags": {"by": "ann", "new": 1}, "secret": Secret({"x": 1, "y": 2})}
    assert news["tags"] == {"by": "bob", "new": 1}


def test_replace_on_changes_covers_what_is_within() -> None:
    diff = Diff(changes=True, changed_keys=("tags",), detail={"tags.by": "update", "size": "add"})

    found = with_replace_on_changes(diff, ["tags"], init_errors=False)

    assert found.replaces
    assert found.detail == {"tags.by": "update-replace", "size": "add"}
    assert found.keys() == ["+size", "~tags"]


def test_an_archive_hashes_as_the_cli_hashes_it(tmp_path: Path) -> None:
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "sub" / "one.txt").write_text("one\n")
    (tmp_path / "sub" / "deep" / "two.txt").write_text("two\n")
    folder = {SIGNATURE: ARCHIVE, "path": "./sub"}
    bundle = {SIGNATURE: ARCHIVE, "assets": {"x": {SIGNATURE: ASSET, "text": "hello"}, "d": folder}}

    found = assets.with_hashes({"source": Secret(bundle)}, tmp_path)["source"].element

    assert found["hash"] == "e687efd6f36ff047ff4478ff77268597149e851319900e969dc434a37d31475e"
    assert found["assets"]["d"]["hash"] == "8c654801c433bee1ff9341e04de200199e886b2ca3debebe043902ab10d71cf2"


def test_an_asset_that_came_back_as_a_hash_gets_its_contents_back() -> None:
    original = {SIGNATURE: ASSET, "hash": "h", "path": "a.txt"}

    assert assets.restore({"list": [{SIGNATURE: ASSET, "hash": "h"}]}, {"source": original}) == {"list": [original]}


@pytest.mark.parametrize(("text", "number"), [("30s", 30), ("1h30m", 5400), ("1.5m", 90), ("250ms", 0.25)])
def test_durations(text: str, number: float) -> None:
    assert seconds(text) == number
