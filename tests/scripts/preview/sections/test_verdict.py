"""The first that a reviewer reads."""

from scripts.preview.changes import Change, Op
from scripts.preview.details import Detail, Kind
from scripts.preview.graph import Node
from scripts.preview.renames import Rename
from scripts.preview.section import Weight
from scripts.preview.sections import verdict
from tests.scripts.preview.sections.graphs import STACK, account, alarms, broken, bucket, change, folded, node, preview, texts

_GROUP = "demo:index:Group"
_MOVED = (Detail("location", "us-central1", "EU", Kind.VALUE),)


def test_nothing_is_said_to_be_nothing() -> None:
    before = [bucket("models"), bucket("uploads")]

    found = verdict.section(preview(before, before))

    assert texts(found) == ["Nothing changes: all 2 resources stay as they are."]


def test_what_happens_is_one_sentence() -> None:
    before = [bucket("a"), bucket("b"), account("c")]
    after = [bucket("a"), bucket("b", storageClass="NEARLINE"), bucket("d")]

    found = verdict.section(preview(before, after))

    assert texts(found)[0] == "1 created, 1 updated and 1 deleted; 1 stays as it is."


def test_a_replaced_bucket_says_its_cause_its_place_and_what_is_lost() -> None:
    old, new = bucket("models", forceDestroy=True), bucket("models", forceDestroy=True, location="EU")
    replaced = change(new, Op.REPLACE, causes=("location",), details=_MOVED, holds_data=True)

    found = verdict.section(preview([old], [new], [replaced]))

    assert texts(found)[0] == "1 replaced, **1 of which holds data**."
    assert alarms(found)[0].startswith(
        "**`models` (a bucket) is replaced, because `location` (`us-central1` → `EU`) cannot be changed in place (infra/models.py:1)**. "
        "Lost: every object in it"
    )


def test_a_bucket_that_is_not_emptied_loses_nothing_and_is_not_deleted() -> None:
    one = bucket("models")

    found = verdict.section(preview([one], [], [change(one, Op.DELETE, holds_data=True)]))

    assert "Lost: nothing as long as there are objects: the delete fails then" in alarms(found)[0]


def test_the_same_of_several_buckets_is_one_line() -> None:
    names = ("models", "uploads")
    replaced = [change(bucket(name), Op.REPLACE, causes=("location",), holds_data=True, place="infra/data.py:7") for name in names]

    found = verdict.section(preview([*map(bucket, names)], [*map(bucket, names)], replaced))

    assert len(alarms(found)) == 1
    assert alarms(found)[0].startswith("**`models` and `uploads` (each a bucket) are replaced")


def test_what_is_protected_is_refused_and_says_what_to_do() -> None:
    one = bucket("models")
    refused = change(one, Op.REPLACE, causes=("location", "protect"), refused="marked for\nprotection: the `protect` flag", holds_data=True)

    found = verdict.section(preview([one], [one], [refused]))

    assert "would be replaced, because `location`" in alarms(found)[0]
    assert "and that is refused**: it is protected; take `protect` off" in alarms(found)[0]


def test_protection_that_is_taken_off_is_an_alarm() -> None:
    before, after = bucket("models", forceDestroy=False), bucket("models", forceDestroy=True)
    guarded = node(before.type, before.name, about={"protect": True}, **before.inputs)

    found = verdict.section(preview([guarded], [after]))

    assert alarms(found) == ["**`models` is no longer protected** from being deleted."]


def test_a_renamed_bucket_is_told_with_its_alias() -> None:
    old, new = bucket("pictures", name="album", forceDestroy=True), bucket("photos", name="album", forceDestroy=True)

    found = verdict.section(preview([old], [new], _renamed(old, new)))

    assert len(alarms(found)) == 1
    assert alarms(found)[0].startswith("**Bucket `pictures` is now called `photos`, without an alias (infra/photos.py:1)**")
    assert "**`pictures` holds data.** Lost: every object" in alarms(found)[0]
    assert 'With `aliases=[pulumi.Alias(name="pictures")]` none of this happens.' in alarms(found)[0]


def test_buckets_that_one_cause_renames_are_one_line_with_each_alias_under_it() -> None:
    here = {"about": {"place": "infra/data.py:7"}}
    pairs = [(bucket(name, name=f"team-{name}", **here), bucket(f"{name}-bucket", name=f"team-{name}", **here)) for name in ("a", "b")]
    other = bucket("c", name="team-c"), bucket("d", name="team-d")
    changed = [each for pair in (*pairs, other) for each in _renamed(*pair)]

    found = verdict.section(preview([old for old, _ in (*pairs, other)], [new for _, new in (*pairs, other)], changed))

    assert len(alarms(found)) == 2
    assert alarms(found)[0].startswith(
        "**`a` and `b` (each a bucket) are now called otherwise, without an alias (infra/data.py:7)**: they are"
    )
    assert "**They hold data.**" in alarms(found)[0]
    assert alarms(found)[0].endswith("With an alias for each none of this happens.")
    assert found.lines[1].more.splitlines() == [
        '- `a` → `a-bucket`: `aliases=[pulumi.Alias(name="a")]`',
        '- `b` → `b-bucket`: `aliases=[pulumi.Alias(name="b")]`',
    ]
    assert alarms(found)[1].startswith("**Bucket `c` is now called `d`")


def test_a_component_of_another_type_is_one_line_with_one_alias_for_all_that_is_in_it() -> None:
    old, new = node(_GROUP, "data"), node("demo:index:Store", "data")
    inside = [_inside(old, f"{_GROUP}$", name) for name in ("a", "b")]
    there = [_inside(new, "demo:index:Store$", name) for name in ("a", "b")]
    changed = [each for pair in zip(inside, there, strict=True) for each in _renamed(*pair)]

    found = verdict.section(preview([old, *inside], [new, *there], changed))

    assert len(alarms(found)) == 1
    assert "Component `data` is now of type `demo:index:Store`, without an alias (infra/data.py:1)" in alarms(found)[0]
    assert "2 resources in it are deleted and made anew. **`a` and `b` hold data.**" in alarms(found)[0]
    assert f'`aliases=[pulumi.Alias(type_="{_GROUP}")]`' in alarms(found)[0]


def test_a_bucket_that_moves_into_a_component_gets_an_alias_of_its_parent() -> None:
    home = node(_GROUP, "data")
    old, new = bucket("models"), _inside(home, f"{_GROUP}$", "models")

    found = verdict.section(preview([home, old], [home, new], _renamed(old, new)))

    assert "Bucket `models` has moved from the stack to `data`" in alarms(found)[0]
    assert "`aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]`" in alarms(found)[0]


def test_a_component_of_another_name_alone_is_folded() -> None:
    old, new = node(_GROUP, "data"), node(_GROUP, "store")

    found = verdict.section(preview([old], [new], _renamed(old, new)))

    assert alarms(found) == []
    assert "Component `data` is now called `store`" in folded(found)[0].text


def test_what_google_calls_otherwise_too_is_not_promised_to_be_spared() -> None:
    old, new = bucket("pictures", name="album"), bucket("photos", name="gallery")
    changed = [*_renamed(old, new)]

    found = verdict.section(preview([old], [new], changed))

    assert "none of this happens" not in alarms(found)[0]
    assert "and what Google calls it as it was (`album`)" in alarms(found)[0]


def test_an_object_that_is_called_by_its_digest_is_left_to_the_list_of_changes() -> None:
    one = node("gcp:storage/bucketObject:BucketObject", "compiled", name="x")
    digest = Detail("name", "p/0123456789abcdef", "p/fedcba9876543210", Kind.DIGEST)

    found = verdict.section(preview([one], [one], [change(one, Op.REPLACE, causes=("name",), details=(digest,))]))

    assert [line.text for line in found.lines] == ["1 replaced."]


def test_a_broken_program_says_its_error_and_its_line_and_nothing_else() -> None:
    found = verdict.section(broken("NameError: name 'x' is not defined", "infra/app.py:12"))

    assert [(line.weight, line.text) for line in found.lines] == [(Weight.ALARM, "**This program does not evaluate, at infra/app.py:12.**")]
    assert "NameError" in found.lines[0].more


def test_a_provider_is_told_of_where_it_changes_and_not_where_all_comes_or_goes() -> None:
    old, new = (node("pulumi:providers:gcp", f"default_{version}") for version in ("10_2_0", "10_3_0"))
    version = change(new, Op.UPDATE, details=(Detail("version", "10.2.0", "10.3.0", Kind.VALUE),))

    upgraded = verdict.section(preview([old], [new], [version, change(old, Op.SAME)]))
    stacks = [verdict.section(preview(*both)) for both in ((None, [new]), ([new], None))]

    assert "Provider `gcp` has another version: 10.2.0 → 10.3.0 (infra/default_10_3_0.py:1)." in texts(upgraded)
    assert not [text for found in stacks for text in texts(found, *Weight) if "Provider" in text]


def test_a_stack_that_is_gone_says_what_goes_with_it() -> None:
    one = bucket("models")

    found = verdict.section(preview([one], None, [change(one, Op.DELETE, holds_data=True)]))

    assert texts(found)[0] == "**This stack is gone from the program**: 1 deleted if it is brought down, **1 of which holds data**."


def _inside(parent: Node, inside: str, name: str) -> Node:
    assert parent.parent == STACK
    return node("gcp:storage/bucket:Bucket", name, parent=parent.urn, inside=inside, name=f"team-{name}")


def _renamed(old: Node, new: Node) -> list[Change]:
    rename = Rename(old.urn, new.urn, bool(old.custom) and old.id == new.id)
    return [
        change(old, Op.DELETE, renamed=rename, holds_data=old.custom),
        change(new, Op.CREATE, renamed=rename),
    ]
