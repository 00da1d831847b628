"""What goes wrong on Google Cloud in a first `pulumi up`, a second one, or a destroy: a test or more for each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.checks import CONTAINERS
from infra.plumbing import DRAW, source
from jobs import names
from jobs.methods import Method
from services.upload import serving
from services.upload.app import web
from tests.infra.conftest import Graph, inputs_of

SERVICE, FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
BUCKET, DATABASE = "gcp:storage/bucket:Bucket", "gcp:firestore/database:Database"
API, SLEEP = "gcp:projects/service:Service", "time:index/sleep:Sleep"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
DIGESTS = {
    image: f"us-central1-docker.pkg.dev/my-team-sd-dev/sd-dev/{image}@sha256:" + f"{number:064d}" for number, image in enumerate(CONTAINERS)
}


def _of(graph: Graph, *kinds: str) -> dict[str, dict[str, Any]]:
    return {urn: resource for urn, resource in graph.items() if resource["type"] in kinds}


def _one(graph: Graph, kind: str) -> dict[str, Any]:
    (resource,) = _of(graph, kind).values()
    return resource


def _waits_for(graph: Graph, urn: str) -> set[str]:
    """Everything that must be there first, over any number of steps."""
    seen: set[str] = set()
    left = [urn]
    while left:
        for before in graph[left.pop()].get("dependencies", []):
            if before not in seen:
                seen.add(before)
                left.append(before)
    return seen


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def test_a_destroy_takes_the_database_along_or_refuses_and_never_forgets_it(graph: Graph, stack: str) -> None:
    database = _one(graph, DATABASE)["inputs"]

    told = (database["deletionPolicy"], database["deleteProtectionState"], database["pointInTimeRecoveryEnablement"])

    assert database["name"] == f"sd-{stack}"
    if stack == "prod":
        assert told == ("PREVENT", "DELETE_PROTECTION_ENABLED", "POINT_IN_TIME_RECOVERY_ENABLED")
    else:
        assert told == ("DELETE", "DELETE_PROTECTION_DISABLED", "POINT_IN_TIME_RECOVERY_DISABLED")


def test_services_say_themselves_whether_they_may_be_deleted(graph: Graph, stack: str) -> None:
    assert {service["deletionProtection"] for service in inputs_of(graph, SERVICE)} == {stack == "prod"}


def test_every_resource_waits_until_google_means_that_the_apis_are_on(graph: Graph) -> None:
    (settled,) = _of(graph, SLEEP)
    google = [urn for urn, resource in graph.items() if resource["type"].startswith("gcp:") and resource["type"] != API]

    assert set(_of(graph, API)) <= _waits_for(graph, settled)
    assert [urn for urn in google if settled not in _waits_for(graph, urn)] == []


def test_the_wait_is_for_a_first_up_only(graph: Graph, stack: str) -> None:
    wait = _one(graph, SLEEP)["inputs"]

    assert wait == {"createDuration": "0s" if stack == "local" else "60s"} | {key: wait[key] for key in wait if key == "__defaults"}


def test_apis_outlive_the_stack_since_others_may_use_them(graph: Graph) -> None:
    assert {api["disableOnDestroy"] for api in inputs_of(graph, API)} == {False}


@pytest.mark.parametrize("kind", [SERVICE, FUNCTION])
def test_nothing_runs_before_its_account_may_do_its_work(graph: Graph, kind: str) -> None:
    bindings = {urn for urn, resource in graph.items() if resource.get("parent", "").endswith("::data-access")}

    assert bindings
    assert all(bindings <= _waits_for(graph, urn) for urn in _of(graph, kind))


def test_a_binding_to_one_of_google_s_agents_waits_for_the_agent(graph: Graph) -> None:
    identities = {
        resource["inputs"]["service"].partition(".")[0]: urn
        for urn, resource in _of(graph, "gcp:projects/serviceIdentity:ServiceIdentity").items()
    }
    bound = [
        urn
        for urn, resource in graph.items()
        if "-agent-" in urn and "budgets" not in urn and resource["type"].endswith(("IAMMember", "IamMember"))
    ]

    assert set(identities) == {"pubsub", "iap", "monitoring"}
    assert len(bound) == 6
    assert all(_waits_for(graph, urn) & set(identities.values()) for urn in bound)


def test_a_service_waits_for_its_image_and_the_image_for_the_registry(graph: Graph) -> None:
    (registry,) = _of(graph, "gcp:artifactregistry/repository:Repository")
    images = _of(graph, "docker:index/image:Image")

    assert len(images) == len(CONTAINERS)
    assert all(registry in _waits_for(graph, image) for image in images)
    assert all(set(graph[service]["propertyDependencies"]["template"]) & set(images) for service in _of(graph, SERVICE))


def test_images_are_built_for_the_machines_that_run_them(graph: Graph) -> None:
    assert {image["build"]["platform"] for image in inputs_of(graph, "docker:index/image:Image")} == {"linux/amd64"}


def test_a_second_evaluation_would_change_nothing(graph_of: Callable[[str], Graph], evaluate: Callable[..., Graph]) -> None:
    first, second = graph_of("dev"), evaluate("dev")

    assert {urn: resource["inputs"] for urn, resource in first.items()} == {urn: resource["inputs"] for urn, resource in second.items()}


def test_the_functions_are_made_anew_when_their_source_changes_and_only_then(graph: Graph) -> None:
    functions = _of(graph, FUNCTION)
    (archive,) = [urn for urn in graph if urn.endswith("::trigger-source")]

    assert all(archive in resource["propertyDependencies"]["buildConfig"] for resource in functions.values())
    assert all("generation" in resource["inputs"]["buildConfig"]["source"]["storageSource"] for resource in functions.values())
    assert not [name for name in source().assets if "__pycache__" in name or "test" in name]


def test_the_compiled_pipeline_is_called_by_what_is_in_it(evaluate: Callable[..., Graph]) -> None:
    def name(**changes: Any) -> str:
        graph = evaluate("dev", images="prebuilt", imageDigests=DIGESTS, **changes)
        return str(next(resource["inputs"]["name"] for urn, resource in graph.items() if urn.endswith("::compiled-pipeline")))

    first, again, other = name(), name(), name(trainingSteps=900)

    assert first == again
    assert first != other


def test_a_message_that_comes_twice_asks_for_the_same_run() -> None:
    assert names.pipeline("j1", 1) == names.pipeline("j1", 1)
    assert len({names.pipeline("j1", 1), names.pipeline("j1", 2), names.pipeline("j2", 1)}) == 3


def test_a_message_is_not_sent_again_while_the_function_still_works_on_it(graph: Graph) -> None:
    timeout = {function["name"]: function["serviceConfig"]["timeoutSeconds"] for function in inputs_of(graph, FUNCTION)}
    pushed = {subscription["name"]: subscription for subscription in inputs_of(graph, SUBSCRIPTION) if "pushConfig" in subscription}

    assert pushed
    for subscription in pushed.values():
        assert subscription["ackDeadlineSeconds"] >= min(timeout.values())
    for service in inputs_of(graph, SERVICE):
        if service["name"].endswith("-upload"):
            limit = int(service["template"]["timeout"].removesuffix("s"))
            assert pushed[service["name"].replace("upload", "generations")]["ackDeadlineSeconds"] >= limit


def test_wishes_for_pictures_go_to_the_upload_service_as_the_account_that_it_expects(evaluate: Callable[..., Graph], stack: str) -> None:
    graph = evaluate(stack)
    (upload,) = [urn for urn in graph if urn.endswith("Service::upload")]
    (draw,) = [urn for urn in graph if urn.endswith("Subscription::draw-pictures")]
    environment = {env["name"]: env["value"] for env in graph[upload]["inputs"]["template"]["containers"][0]["envs"]}

    assert upload in graph[draw]["propertyDependencies"]["pushConfig"]
    assert environment["PUSH_ACCOUNT"] == graph[draw]["inputs"]["pushConfig"]["oidcToken"]["serviceAccountEmail"]
    assert DRAW in {str(rule) for rule in web(1).url_map.iter_rules()}


def test_the_upload_service_takes_as_many_requests_as_its_threads_serve_and_500_watchers(graph: Graph) -> None:
    (upload,) = [service for service in inputs_of(graph, SERVICE) if service["name"].endswith("-upload")]

    assert 500 < upload["template"]["maxInstanceRequestConcurrency"] <= serving.threads


def test_what_jobs_make_at_run_time_carries_the_labels_that_a_teardown_looks_for(stack: str) -> None:
    made = names.labels(stack, "j1", 1, Method.DREAMBOOTH)

    assert made["app"] == "sd-for-designers"
    assert made["stack"] == stack


def test_buckets_of_a_protected_environment_cannot_be_emptied_by_a_destroy(graph: Graph, stack: str) -> None:
    buckets = _of(graph, BUCKET).values()

    assert {bucket["inputs"]["forceDestroy"] for bucket in buckets} == {stack != "prod"}
    assert {bool(bucket.get("protect")) for bucket in buckets} == {stack == "prod"}


def test_buckets_say_how_long_deleted_objects_are_kept_and_billed(graph: Graph) -> None:
    assert all("retentionDurationSeconds" in bucket["softDeletePolicy"] for bucket in inputs_of(graph, BUCKET))


def test_bucket_names_belong_to_the_project(graph: Graph) -> None:
    for bucket in inputs_of(graph, BUCKET):
        assert bucket["name"].startswith(("sd-local-sd-", "my-team-sd-dev-sd-", "my-team-sd-prod-sd-"))


def test_what_holds_data_is_protected_in_production_and_nothing_is_elsewhere(graph: Graph, stack: str) -> None:
    protected = {resource["type"] for resource in graph.values() if resource.get("protect")}

    assert protected == ({BUCKET, DATABASE} if stack == "prod" else set())


def test_no_secret_is_configured_so_that_none_can_leak(graph: Graph) -> None:
    secret_marker = "4dabf18193072939515e22adb298388d"

    assert secret_marker not in str([resource["inputs"] for resource in graph.values()])


def test_every_resource_is_known_to_a_preview(evaluate: Callable[..., Graph]) -> None:
    """What is made inside an `apply` shows only once its values are known: knowing the digests must bring nothing new."""
    unknown, known = set(evaluate("dev")), set(evaluate("dev", images="prebuilt", imageDigests=DIGESTS))

    assert known <= unknown


def test_functions_leave_their_images_in_our_registry_and_are_built_as_our_account(graph: Graph, stack: str) -> None:
    (registry,) = _of(graph, "gcp:artifactregistry/repository:Repository")

    for function in _of(graph, FUNCTION).values():
        assert registry in function["propertyDependencies"]["buildConfig"]
        assert f"sd-{stack}-build@" in function["inputs"]["buildConfig"]["serviceAccount"]


def test_no_function_has_a_service_s_name(graph: Graph) -> None:
    called = [resource["inputs"]["name"] for resource in _of(graph, SERVICE, FUNCTION).values()]

    assert len(set(called)) == len(called)


def test_an_environment_can_run_exactly_what_another_has_tested(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("prod", images="prebuilt", imageDigests=DIGESTS)

    runs = {service["template"]["containers"][0]["image"] for service in inputs_of(graph, SERVICE)}

    assert runs == {DIGESTS["portal"], DIGESTS["upload"]}
    assert not inputs_of(graph, "docker:index/image:Image")


def test_a_budget_that_is_spent_reaches_the_function_that_pauses_intake(graph: Graph, stack: str) -> None:
    budgets = inputs_of(graph, "gcp:billing/budget:Budget")
    heard = [subscription for subscription in _of(graph, SUBSCRIPTION).values() if "intake" in str(subscription["dependencies"])]

    assert len(budgets) == (0 if stack == "local" else 1)
    assert heard
