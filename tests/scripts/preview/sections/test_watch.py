"""What fails without anybody being told."""

from pathlib import Path

import pytest

from scripts.preview.graph import Node
from scripts.preview.sections import watch
from scripts.preview.sections.sources import Sourced, Tree
from tests.scripts.preview.sections.graphs import FUNCTION, SERVICE, node, preview, texts

_SUBSCRIPTION, _ALERT = "gcp:pubsub/subscription:Subscription", "gcp:monitoring/alertPolicy:AlertPolicy"
_BACKLOG = 'metric.type="pubsub.googleapis.com/subscription/num_undelivered_messages" AND resource.labels.subscription_id="sd-start"'
_FAILED = 'metric.labels.response_code_class="5xx" AND resource.labels.service_name=one_of("sd-start", "sd-sweep")'


@pytest.mark.parametrize(
    ("type_", "filter", "says"),
    [
        (_SUBSCRIPTION, _BACKLOG, "The new subscription `start` has no backlog alert (infra/start.py:1)."),
        (SERVICE, _FAILED, "The new service `start` has no 5xx alert (infra/start.py:1)."),
        (FUNCTION, _FAILED, "The new function `start` has no error alert (infra/start.py:1)."),
    ],
)
def test_what_is_new_needs_an_alert(type_: str, filter: str, says: str) -> None:
    new = node(type_, "start", name="sd-start")

    assert texts(watch.section(preview([], [new]))) == [says]
    assert texts(watch.section(preview([], [new, _alert(filter)]))) == []


@pytest.mark.parametrize("longer", ["sd-start-again", "old-sd-start"])
def test_an_alert_of_a_longer_name_does_not_count(longer: str) -> None:
    new = node(_SUBSCRIPTION, "start", name="sd-start")

    found = watch.section(preview([], [new, _alert(_BACKLOG.replace("sd-start", longer))]))

    assert len(texts(found)) == 1


def test_what_was_there_without_one_is_not_told_again() -> None:
    old = node(SERVICE, "portal", name="sd-portal")

    assert watch.section(preview([old], [old])).lines == ()


def test_an_alert_that_goes_is_missed() -> None:
    kept = node(SERVICE, "start", name="sd-start")

    found = watch.section(preview([kept, _alert(_FAILED)], [kept]))

    assert texts(found) == ["**The service `start` has lost its 5xx alert**."]


def test_an_alert_without_a_runbook_is_said() -> None:
    assert texts(watch.section(preview([], [_alert(_FAILED, page="")]))) == ["The alert `failing` names no runbook (infra/failing.py:1)."]


def test_a_runbook_that_does_not_exist_is_said(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    plain = preview([], [_alert(_FAILED, page="docs/failing.md")])
    sourced = Sourced(plain.evaluation, plain.changes, None, Tree(tmp_path))

    missing = watch.section(sourced)
    (tmp_path / "docs/failing.md").touch()
    there = watch.section(sourced)

    assert texts(missing) == [
        "**The alert `failing` sends whoever is on call to `docs/failing.md`, which does not exist** (infra/failing.py:1)."
    ]
    assert there.lines == ()


def _alert(filter: str, page: str = "docs/runbooks/x.md") -> Node:
    return node(_ALERT, "failing", conditions=[{"conditionThreshold": {"filter": filter}}], documentation={"content": f"See {page}"})
