"""Who may do what, as sentences from two graphs."""

from typing import Any

import pytest

from scripts.preview.changes import Op
from scripts.preview.graph import Node
from scripts.preview.renames import Rename
from scripts.preview.section import Weight
from scripts.preview.sections import access
from tests.scripts.preview.sections.graphs import (
    FUNCTION,
    ON_PROJECT,
    SERVICE,
    account,
    alarms,
    bucket,
    change,
    email,
    folded,
    grant,
    node,
    preview,
    texts,
)

TRAINER, MODELS = account("trainer"), bucket("models")
_WITHIN = {
    "expression": 'resource.type != "storage.googleapis.com/Object" || '
    'resource.name.startsWith("projects/_/buckets/team-models/objects/runs/")',
    "title": "only-runs",
}
_CUSTOM = "gcp:projects/iAMCustomRole:IAMCustomRole"


def _on_project(holder: Node, role: str) -> Node:
    return node(ON_PROJECT, f"{holder.name}-{role.rpartition('/')[2]}", project="team-dev", member=email(holder), role=role)


def test_a_new_grant_is_said_in_verbs_with_its_condition() -> None:
    found = access.section(
        preview([TRAINER, MODELS], [TRAINER, MODELS, grant(TRAINER, "roles/storage.objectUser", MODELS, condition=_WITHIN)])
    )

    assert texts(found) == ["`trainer` can now read, write and delete objects in `models`, within `runs/` (`roles/storage.objectUser`)."]


def test_a_grant_that_goes_is_said_in_verbs() -> None:
    found = access.section(preview([TRAINER, MODELS, grant(TRAINER, "roles/storage.objectViewer", MODELS)], [TRAINER, MODELS]))

    assert texts(found) == ["`trainer` may no longer read objects in `models` (`roles/storage.objectViewer`)."]


def test_a_wider_role_says_what_it_adds() -> None:
    before, after = (grant(TRAINER, role, MODELS) for role in ("roles/storage.objectViewer", "roles/storage.objectUser"))

    found = access.section(preview([TRAINER, MODELS, before], [TRAINER, MODELS, after]))

    assert texts(found) == [
        "`trainer`: **wider role: `roles/storage.objectUser` instead of `roles/storage.objectViewer`**. "
        f"It can now also write and delete objects in `models` ({after.place})."
    ]
    assert not alarms(found)


def test_a_role_that_shares_or_administers_is_an_alarm() -> None:
    before, after = (_on_project(TRAINER, role) for role in ("roles/aiplatform.user", "roles/aiplatform.admin"))

    found = access.section(preview([TRAINER, before], [TRAINER, after]))

    assert len(alarms(found)) == 1
    assert "`trainer`: **wider role: `roles/aiplatform.admin` instead of `roles/aiplatform.user`**" in alarms(found)[0]


def test_a_narrower_role_says_what_it_takes() -> None:
    before, after = (grant(TRAINER, role, MODELS) for role in ("roles/storage.objectUser", "roles/storage.objectViewer"))

    found = access.section(preview([TRAINER, MODELS, before], [TRAINER, MODELS, after]))

    assert texts(found) == [
        "`trainer`: narrower role: `roles/storage.objectViewer` instead of `roles/storage.objectUser`. "
        "It may no longer write and delete objects in `models`."
    ]


def test_a_condition_that_goes_is_one_sentence() -> None:
    before = grant(TRAINER, "roles/storage.objectViewer", MODELS, condition=_WITHIN)

    found = access.section(preview([TRAINER, MODELS, before], [TRAINER, MODELS, grant(TRAINER, "roles/storage.objectViewer", MODELS)]))

    assert texts(found) == [
        "`trainer` can now read objects in `models`, **without a condition**; before: within `runs/` (`roles/storage.objectViewer`)."
    ]


def test_a_role_that_nobody_has_written_down_is_called_by_its_name() -> None:
    found = access.section(preview([TRAINER], [TRAINER, _on_project(TRAINER, "roles/livestream.viewer")]))

    assert texts(found) == ["`trainer` can now do what `roles/livestream.viewer` permits on the project (`roles/livestream.viewer`)."]


def test_grants_of_an_account_of_another_name_show_not_at_all() -> None:
    old, new = account("trainer"), account("teacher", "trainer")
    before, after = (grant(each, "roles/storage.objectViewer", MODELS) for each in (old, new))
    rename = Rename(old.urn, new.urn, True)
    changed = [change(old, Op.DELETE, renamed=rename), change(new, Op.CREATE, renamed=rename)]

    found = access.section(preview([old, MODELS, before], [new, MODELS, after], changed))

    assert found.lines == ()


def test_grants_of_an_account_that_is_made_anew_under_another_id_show_not_at_all() -> None:
    old, new = account("trainer"), account("trainer", "sd-trainer")
    before, after = (grant(each, "roles/storage.objectViewer", MODELS) for each in (old, new))

    found = access.section(preview([old, MODELS, before], [new, MODELS, after]))

    assert found.lines == ()


def test_grants_in_a_bucket_that_google_calls_otherwise_show_not_at_all() -> None:
    other = bucket("models", name="team-weights")
    before, after = (grant(TRAINER, "roles/storage.objectViewer", where) for where in (MODELS, other))

    found = access.section(preview([TRAINER, MODELS, before], [TRAINER, other, after]))

    assert found.lines == ()


def test_an_account_that_goes_takes_its_grants_along_in_one_folded_line() -> None:
    found = access.section(preview([TRAINER, MODELS, grant(TRAINER, "roles/storage.objectViewer", MODELS)], [MODELS]))

    assert texts(found) == []
    assert [line.text for line in folded(found)] == ["`trainer` is gone, and its 1 grant with it."]


def test_a_custom_role_that_permits_more_names_who_holds_it() -> None:
    role, wider = (
        node(_CUSTOM, "predict", about={"id": "projects/p/roles/predict"}, permissions=permissions)
        for permissions in (["endpoints.predict"], ["endpoints.predict", "endpoints.delete"])
    )
    held = _on_project(TRAINER, "projects/p/roles/predict")

    found = access.section(preview([TRAINER, role, held], [TRAINER, wider, held]))

    assert texts(found) == ["The role `predict`, held by `trainer`, now permits `endpoints.delete` too."]


def test_a_stack_that_is_new_has_its_table_folded() -> None:
    found = access.section(preview(None, [TRAINER, MODELS, grant(TRAINER, "roles/storage.objectViewer", MODELS)]))

    assert [(line.weight, line.text) for line in found.lines] == [(Weight.FOLDED, "1 grant, all of them new.")]
    assert "`trainer` can now read objects in `models`" in found.lines[0].more


@pytest.mark.parametrize(
    ("member", "who"), [("allUsers", "anybody on the internet"), ("allAuthenticatedUsers", "anybody with a Google account")]
)
def test_what_everybody_may_is_public_and_stands_first(member: str, who: str) -> None:
    after = [
        TRAINER,
        MODELS,
        grant(TRAINER, "roles/storage.objectUser", MODELS),
        grant(member, "roles/storage.objectViewer", MODELS, "all"),
    ]

    found = access.section(preview([TRAINER, MODELS], after))

    assert texts(found)[0] == f"**Public: {who} may use `models`, by `roles/storage.objectViewer` (infra/all.py:1).**"
    assert found.lines[0].weight is Weight.ALARM
    assert len(found.lines) == 2


@pytest.mark.parametrize(
    ("type_", "before", "after", "says"),
    [
        (SERVICE, {}, {"invokerIamDisabled": True}, "no longer checks who calls it"),
        (SERVICE, {"iapEnabled": True}, {"iapEnabled": False}, "has no sign-in in front of it"),
        (SERVICE, {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, {"ingress": "INGRESS_TRAFFIC_ALL"}, "takes calls from further away"),
        (
            FUNCTION,
            {"serviceConfig": {"ingressSettings": "ALLOW_INTERNAL_ONLY"}},
            {"serviceConfig": {"ingressSettings": "ALLOW_ALL"}},
            "takes calls from further away",
        ),
        ("gcp:storage/bucket:Bucket", {"publicAccessPrevention": "enforced"}, {}, "public access prevention is off"),
        (
            "gcp:storage/bucket:Bucket",
            {"publicAccessPrevention": "enforced"},
            {"publicAccessPrevention": "enforced", "cors": [{"origins": ["*"], "methods": ["GET"]}]},
            "CORS `*`",
        ),
    ],
)
def test_what_is_opened_is_an_alarm_and_what_is_closed_is_none(
    type_: str, before: dict[str, Any], after: dict[str, Any], says: str
) -> None:
    shut, opened = (node(type_, "door", **inputs) for inputs in (before, after))

    opening, closing = access.section(preview([shut], [opened])), access.section(preview([opened], [shut]))

    assert len(alarms(opening)) == 1
    assert says in alarms(opening)[0]
    assert alarms(closing) == []
