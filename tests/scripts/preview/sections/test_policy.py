"""The policy pack, asked about both graphs. It is the real one."""

from scripts.preview.changes import Op
from scripts.preview.graph import Node
from scripts.preview.renames import Rename
from scripts.preview.sections import policy
from tests.scripts.preview.sections.graphs import alarms, bucket, change, folded, preview, texts

_LABELS = {"app": "demo", "stack": "dev"}


def _kept(called: str, /, **inputs: object) -> Node:
    return bucket(called, **{"location": "us-central1", "labels": _LABELS, **inputs})


def test_a_rule_that_is_newly_broken_refuses() -> None:
    found = policy.section(preview([_kept("models")], [_kept("models", location="EU")]))

    assert len(alarms(found)) == 1
    assert alarms(found)[0].startswith("**Refused by the rule `regions` at `models` (infra/models.py:1)**: ")


def test_a_rule_that_is_broken_in_several_places_is_one_line() -> None:
    before, after = ([_kept(name, location=where) for name in ("models", "uploads")] for where in ("us-central1", "EU"))

    found = policy.section(preview(before, after))

    assert len(alarms(found)) == 1
    assert "at `models` and `uploads` (infra/models.py:1 and infra/uploads.py:1)**: location is EU; use one of" in alarms(found)[0]
    assert found.lines[0].more == ""


def test_what_is_wrong_in_each_place_in_its_own_way_is_listed() -> None:
    places = {"models": "EU", "uploads": "ASIA"}

    found = policy.section(preview([*map(_kept, places)], [_kept(name, location=where) for name, where in places.items()]))

    assert found.lines[0].more.splitlines()[1].startswith("- Bucket uploads: location is ASIA")


def test_a_rule_that_is_broken_no_longer_is_said() -> None:
    found = policy.section(preview([_kept("models", location="EU")], [_kept("models")]))

    assert alarms(found) == []
    assert "No longer broken: `regions` at `models`." in texts(found)


def test_what_was_broken_before_is_folded() -> None:
    found = policy.section(preview([_kept("models", location="EU")], [_kept("models", location="EU", storageClass="NEARLINE")]))

    assert texts(found) == []
    assert "broken as before" in folded(found)[0].text
    assert "`regions` at `models`" in folded(found)[0].more


def test_a_graph_that_stays_is_not_asked_about() -> None:
    assert policy.section(preview([_kept("models", location="EU")], [_kept("models", location="EU")])).lines == ()


def test_a_renamed_resource_breaks_no_rule_anew() -> None:
    old, new = _kept("models", labels={}), _kept("weights", labels={}, name="team-models")
    rename = Rename(old.urn, new.urn, True)

    found = policy.section(preview([old], [new], [change(old, Op.DELETE, renamed=rename), change(new, Op.CREATE, renamed=rename)]))

    assert alarms(found) == []
