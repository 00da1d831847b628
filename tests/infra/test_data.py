import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from infra.data import BUCKETS, EXPIRING, UNINDEXED
from jobs.account import DELIVERIES_KEPT, REQUESTS_KEPT, USAGE_KEPT, Delivery, Erasure, Request, Usage
from jobs.documents import OWED_KEPT, PICTURES_KEPT, Job, Outbox, Upload, now, wire
from jobs.job import LIFE, State
from jobs.settings import StepSettings, TriggerSettings, UploadSettings
from jobs.store.webhooks import WAITS
from tests.infra.conftest import Graph, inputs_of

BUCKET, TOPIC = "gcp:storage/bucket:Bucket", "gcp:pubsub/topic:Topic"
SUBSCRIPTION, FUNCTION = "gcp:pubsub/subscription:Subscription", "gcp:cloudfunctionsv2/function:Function"
DAY_S = 86_400


def buckets(graph: Graph) -> dict[str, dict[str, Any]]:
    return {urn.rpartition("::")[2]: resource["inputs"] for urn, resource in graph.items() if resource["type"] == BUCKET}


# buckets


def test_no_bucket_is_public(graph: Graph) -> None:
    assert buckets(graph).keys() == BUCKETS.keys()
    assert all(bucket["publicAccessPrevention"] == "enforced" and bucket["uniformBucketLevelAccess"] for bucket in buckets(graph).values())


def test_pictures_go_after_the_documents_that_list_them(graph: Graph) -> None:
    (rule,) = buckets(graph)["uploads"]["lifecycleRules"]

    days = rule["condition"]["age"]

    assert rule["action"] == {"type": "Delete"}
    # Firestore takes up to a day to delete what has expired
    assert timedelta(days=days) >= PICTURES_KEPT + timedelta(days=1)


def test_weights_are_never_deleted_by_age_and_a_mistake_can_be_undone(graph: Graph) -> None:
    models = buckets(graph)["models"]

    assert models["versioning"] == {"enabled": True}
    assert [set(rule["condition"]) for rule in models["lifecycleRules"]] == [{"numNewerVersions", "withState"}]
    assert models["softDeletePolicy"]["retentionDurationSeconds"] == 7 * DAY_S


@pytest.mark.parametrize("role", ["pipeline-root", "sources"])
def test_what_is_made_anew_is_not_billed_once_it_is_deleted(graph: Graph, role: str) -> None:
    assert buckets(graph)[role]["softDeletePolicy"]["retentionDurationSeconds"] == 0


def test_a_soft_delete_is_off_or_as_long_as_cloud_storage_allows() -> None:
    assert all(kept.recoverable_days == 0 or 7 <= kept.recoverable_days <= 90 for kept in BUCKETS.values())


# the database


def test_every_query_of_the_store_has_its_index(graph: Graph) -> None:
    indexes = {
        (index["collection"], *(field["fieldPath"] for field in index["fields"])) for index in inputs_of(graph, "gcp:firestore/index:Index")
    }

    assert indexes == {
        ("jobs", "owner", "created"),
        ("jobs", "owner", "state", "created"),
        ("uploads", "jobId", "created"),
        ("generations", "jobId", "created"),
        ("generations", "owner", "created"),
        ("generations", "owner", "liked", "created"),
        ("generations", "owner", "jobId", "created"),
        ("generations", "owner", "jobId", "liked", "created"),
    }


def test_documents_that_expire_do_so_by_the_field_that_the_code_writes(graph: Graph) -> None:
    expiring = {(field["collection"], field["field"]) for field in inputs_of(graph, "gcp:firestore/field:Field") if "ttlConfig" in field}

    written = {
        "uploads": wire(Upload("u", "j", "o", "a.png", "image/png", 5, "AAAAAA==")),
        "outbox": wire(Outbox("j", 1, now())),
        "usage": wire(Usage("o", "2026-11-22")),
        "requests": wire(Request("r", "f", deadline=now())),
        "deliveries": wire(Delivery("d", "j", "o", "job.ready", now())),
    }
    kept = {"uploads": PICTURES_KEPT, "outbox": OWED_KEPT, "usage": USAGE_KEPT, "requests": REQUESTS_KEPT, "deliveries": DELIVERIES_KEPT}

    assert expiring == {(collection, "expires") for collection in EXPIRING}
    assert written.keys() == set(EXPIRING)
    for collection, document in written.items():
        assert document["expires"] - now() == pytest.approx(kept[collection], abs=timedelta(minutes=1))


def test_the_field_by_which_documents_expire_and_those_that_are_long_have_no_index(graph: Graph) -> None:
    fields = inputs_of(graph, "gcp:firestore/field:Field")

    assert {json.dumps(field["indexConfig"]) for field in fields} == {"{}"}
    assert {(field["collection"], field["field"]) for field in fields if field["field"] != "expires"} == set(UNINDEXED)
    assert {("erasures", field) for field in wire(Erasure("e", "j", "o"))} & set(UNINDEXED)
    assert {("requests", field) for field in wire(Request("r", "f", deadline=now()))} & set(UNINDEXED)
    assert {("jobs", field) for field in wire(Job("j", "o", "Cat", "sks", "cat"))} & set(UNINDEXED)


def test_a_delivery_is_kept_until_its_last_try_is_over() -> None:
    assert sum(WAITS, timedelta()) < DELIVERIES_KEPT


def test_a_message_that_is_owed_does_not_expire_while_its_job_may_still_be_started() -> None:
    limit = LIFE[State.UPLOADED].deadline

    assert limit is not None
    assert limit < OWED_KEPT


def test_backups_are_daily_and_weekly_and_kept_where_data_is_protected(graph: Graph, stack: str) -> None:
    schedules = inputs_of(graph, "gcp:firestore/backupSchedule:BackupSchedule")

    days = {
        next(name for name in ("dailyRecurrence", "weeklyRecurrence") if name in schedule): int(schedule["retention"][:-1]) // DAY_S
        for schedule in schedules
    }

    assert days == {"dailyRecurrence": 7 if stack == "prod" else 1, "weeklyRecurrence": 98 if stack == "prod" else 1}


# messages


def test_every_subscription_outlives_quiet_times_and_every_push_has_dead_letters(graph: Graph, stack: str) -> None:
    subscriptions = {subscription["name"]: subscription for subscription in inputs_of(graph, SUBSCRIPTION)}
    pushed = {name for name, subscription in subscriptions.items() if "pushConfig" in subscription}

    assert subscriptions.keys() == {f"sd-{stack}-{role}" for role in ("start", "generations", "intake", "dead-letters")}
    assert {json.dumps(subscription["expirationPolicy"]) for subscription in subscriptions.values()} == {'{"ttl": ""}'}
    assert pushed == {f"sd-{stack}-start", f"sd-{stack}-generations", f"sd-{stack}-intake"}
    assert all(subscriptions[name]["deadLetterPolicy"]["maxDeliveryAttempts"] == 10 for name in pushed)
    assert all(subscriptions[name]["retryPolicy"]["minimumBackoff"] == "10s" for name in pushed)
    assert all("oidcToken" in subscriptions[name]["pushConfig"] for name in pushed)


def test_messages_rest_in_the_stack_s_region(graph: Graph) -> None:
    assert {tuple(topic["messageStoragePolicy"]["allowedPersistenceRegions"]) for topic in inputs_of(graph, TOPIC)} == {("us-central1",)}


# functions


def test_no_function_grows_without_limit(graph: Graph) -> None:
    limits = {function["name"].rpartition("-")[2]: function["serviceConfig"]["maxInstanceCount"] for function in inputs_of(graph, FUNCTION)}

    assert limits == {"start": 10, "sweep": 1, "intake": 1}


def test_what_keeps_data_or_runs_carries_the_stack_s_labels(graph: Graph, stack: str) -> None:
    labelled = [*inputs_of(graph, BUCKET), *inputs_of(graph, TOPIC), *inputs_of(graph, SUBSCRIPTION), *inputs_of(graph, FUNCTION)]

    assert {json.dumps(each["labels"]) for each in labelled} == {json.dumps({"app": "sd-for-designers", "stack": stack})}


def test_containers_get_all_the_settings_that_they_read(graph: Graph) -> None:
    services = {service["name"].rpartition("-")[2]: service for service in inputs_of(graph, "gcp:cloudrunv2/service:Service")}
    functions = inputs_of(graph, FUNCTION)

    upload = {env["name"] for env in services["upload"]["template"]["containers"][0]["envs"]}

    assert UploadSettings.from_env({name: "true" if name in _SWITCHES else "1" for name in upload})
    for function in functions:
        names = function["serviceConfig"]["environmentVariables"]
        assert TriggerSettings.from_env({name: "true" if name in _SWITCHES else "1" for name in names})
    assert StepSettings.env(**dict.fromkeys(_required(StepSettings), "1"))


_SWITCHES = {"SAFETY_CHECK", "PRIVATE_WEBHOOKS"}


def _required(kind: Any) -> list[str]:
    return [name for name, field in kind.__dataclass_fields__.items() if field.default.__class__.__name__ == "_MISSING_TYPE"]


# the stack's own key


def test_with_a_key_buckets_database_topics_and_functions_are_under_it(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", cmek=True)
    where = {BUCKET: "encryption", TOPIC: "kmsKeyName", FUNCTION: "kmsKeyName", "gcp:firestore/database:Database": "cmekConfig"}

    told = {kind: [where[kind] in inputs for inputs in inputs_of(graph, kind)] for kind in where}

    assert {kind: len(found) for kind, found in told.items()} == {BUCKET: 5, TOPIC: 4, FUNCTION: 3, "gcp:firestore/database:Database": 1}
    assert all(all(found) for found in told.values())


def test_without_a_key_nothing_speaks_of_one(graph: Graph) -> None:
    kept = [*buckets(graph).values(), *inputs_of(graph, TOPIC), *inputs_of(graph, FUNCTION)]

    assert not [each for each in kept if {"encryption", "kmsKeyName", "cmekConfig"} & each.keys()]
