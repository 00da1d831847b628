import ast
import json
import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from infra.operations.alerts import RUNBOOKS, alerts
from infra.operations.signals import PIPELINE_FAILED, SIGNALS, Signal
from services.upload.app import _OPEN
from tests.infra.conftest import ROOT, Graph, inputs_of
from tests.infra.log_filter import entry, matches

ALERT, METRIC = "gcp:monitoring/alertPolicy:AlertPolicy", "gcp:logging/metric:Metric"
CHANNEL, BUDGET = "gcp:monitoring/notificationChannel:NotificationChannel", "gcp:billing/budget:Budget"
# who prints through which folders
PRINTED_BY = {
    **dict.fromkeys(("sd-dev-start", "sd-dev-sweep", "sd-dev-intake"), ("services/trigger", "jobs")),
    "sd-dev-upload": ("services/upload", "jobs"),
}
PAGES = sorted(page for page in (ROOT / RUNBOOKS).glob("*.md") if page.name != "README.md")
SECTIONS = ["What it means", "What to look at", "What to do", "When it is over"]


def policies(graph: Graph) -> dict[str, dict[str, Any]]:
    return {urn.rpartition("::")[2]: resource["inputs"] for urn, resource in graph.items() if resource["type"] == ALERT}


def log_filters(graph: Graph) -> dict[str, str]:
    return {
        name: condition["conditionMatchedLog"]["filter"]
        for name, policy in policies(graph).items()
        for condition in policy["conditions"]
        if "conditionMatchedLog" in condition
    }


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def logged(*folders: str) -> dict[str, bool]:
    """What the code says to the log, and whether it asks for someone's attention."""
    said: dict[str, bool] = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log" and isinstance(node.args[0], ast.Constant):
                said[node.args[0].value] = any(keyword.arg == "alert" for keyword in node.keywords)
    return said


def services_in(filter: str) -> set[str]:
    return set(re.findall(r"sd-dev-\w+", filter)) & PRINTED_BY.keys()


# the query language itself, on which the other tests lean


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ('severity>=ERROR AND jsonPayload.message="stuck"', True),
        ("severity>=CRITICAL", False),
        ('jsonPayload.message=("a" OR "stuck")', True),
        ('jsonPayload.jobId:* AND NOT jsonPayload.state="ready"', True),
        ("jsonPayload.gone:*", False),
        ('resource.labels.service_name=~"^sd-.*-sweep$"', True),
        # OR binds tighter than AND, unlike nearly everywhere else
        ('jsonPayload.message="stuck" OR jsonPayload.message="x" AND jsonPayload.message="y"', False),
    ],
)
def test_a_filter_is_read_as_cloud_logging_reads_it(filter: str, found: bool) -> None:
    line = {"severity": "ERROR", "message": "stuck", "time": "2026-05-20T10:00:00Z", "jobId": "j1", "state": "training"}

    assert matches(filter, entry(line, service_name="sd-test-sweep")) is found


# signals


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_a_signal_looks_for_what_the_code_says(signal: Signal) -> None:
    filter = signal.of("dev")
    messages = set(re.findall(r'"([^"]+)"', " ".join(re.findall(r"jsonPayload\.message=(\([^)]*\)|\"[^\"]*\")", filter))))
    folders = [folder for service in services_in(filter) for folder in PRINTED_BY[service]] or ["jobs"]

    assert messages or signal is PIPELINE_FAILED
    assert messages <= logged(*folders).keys()


def test_whatever_asks_for_attention_gets_it(graph_of: Callable[[str], Graph]) -> None:
    filters = log_filters(graph_of("dev")).values()
    asking = {(service, message) for service, folders in PRINTED_BY.items() for message, asks in logged(*folders).items() if asks}
    by_nobody = {
        (service, message)
        for service, message in asking
        if not any(matches(filter, entry({"severity": "ERROR", "message": message}, service_name=service)) for filter in filters)
    }
    heard = {message for _, message in asking - by_nobody}

    assert {message for _, message in by_nobody} - heard == set()
    assert len(heard) >= 8


def test_a_failed_run_is_seen_as_vertex_ai_logs_it(graph_of: Callable[[str], Graph]) -> None:
    """The resource and its labels are documented, the payload is not: so nothing is asked of the payload."""
    line = {"severity": "ERROR", "state": "PIPELINE_STATE_FAILED"}
    failed = entry(line, "aiplatform.googleapis.com/PipelineJob", location="us-central1", pipeline_job_id="sdfd-j1-a1")
    foreign = entry(line, "aiplatform.googleapis.com/PipelineJob", location="us-central1", pipeline_job_id="nightly-report")
    ours = entry({"severity": "INFO", "message": "job moved", "state": "failed", "jobId": "j1"}, "ml_job")

    heard = [matches(log_filters(graph_of("dev"))["pipeline-failed"], each) for each in (failed, ours, foreign)]

    assert heard == [True, True, False]


@pytest.mark.parametrize(
    ("method", "url", "latency", "heard"),
    [
        ("PUT", "https://x/v1/jobs/j/uploads/u", "21.5s", True),
        ("GET", "https://x/v1/jobs", "20.1s", True),
        ("PUT", "https://x/v1/jobs/j/uploads/u", "12.0s", False),
        ("GET", "https://x/v1/jobs/j/events", "280.0s", False),
        ("POST", "https://x/push/generations", "90.0s", False),
    ],
)
def test_a_slow_request_is_told_and_a_stream_that_lasts_is_not(
    graph_of: Callable[[str], Graph], method: str, url: str, latency: str, heard: bool
) -> None:
    request = {"requestMethod": method, "requestUrl": url, "latency": latency}
    line = {**entry({}, service_name="sd-dev-upload"), "httpRequest": request, "logName": "projects/p/logs/run.googleapis.com%2Frequests"}

    assert matches(log_filters(graph_of("dev"))["upload-slow"], line) is heard


def test_every_signal_is_a_metric_with_few_series(graph: Graph, stack: str) -> None:
    metrics = {metric["name"]: metric for metric in inputs_of(graph, METRIC)}

    assert set(metrics) == {signal.metric(stack) for signal in SIGNALS}
    for metric in metrics.values():
        labels = {label["key"] for label in metric["metricDescriptor"]["labels"]}
        assert labels == set(metric["labelExtractors"])
        assert not labels & {"job", "jobId", "endpoint", "owner"}


# alerts


@pytest.mark.parametrize(
    "what",
    [
        "dead-letters",
        "dead-letters-wait",
        "messages-wait",
        "portal-errors",
        "upload-errors",
        "upload-slow",
        "upload-down",
        "function-errors",
        "sweep-silent",
        "pipeline-failed",
        "job-stuck",
        "prints-failed",
        "erasure-late",
        "endpoint-idle",
        "intake-paused",
        "objective-burns",
    ],
)
def test_what_goes_wrong_is_told(graph: Graph, what: str) -> None:
    policy = policies(graph)[what]

    assert policy["enabled"]
    assert policy["conditions"]
    assert policy["notificationChannels"]


@pytest.mark.parametrize("service", ["portal", "upload"])
def test_each_service_that_designers_reach_tells_of_its_own_errors(graph: Graph, stack: str, service: str) -> None:
    (condition,) = policies(graph)[f"{service}-errors"]["conditions"]
    threshold = condition["conditionThreshold"]

    assert threshold["filter"] == threshold["denominatorFilter"] + ' AND metric.labels.response_code_class="5xx"'
    assert f'resource.labels.service_name="sd-{stack}-{service}"' in threshold["denominatorFilter"]


def test_an_alert_on_the_log_has_a_limit_and_ends_by_itself(graph: Graph) -> None:
    for name in log_filters(graph):
        strategy = policies(graph)[name]["alertStrategy"]
        assert int(strategy["notificationRateLimit"]["period"][:-1]) >= 300
        assert int(strategy["autoClose"][:-1]) >= 1800
        assert len(policies(graph)[name]["conditions"]) == 1


def test_an_alert_about_a_job_names_it(graph: Graph) -> None:
    for name in ("job-stuck", "dead-letters", "endpoint-idle", "pipeline-failed", "prints-failed", "erasure-late"):
        policy = policies(graph)[name]
        assert policy["conditions"][0]["conditionMatchedLog"]["labelExtractors"] == {"job": "EXTRACT(jsonPayload.jobId)"}
        assert "${log.extracted_label.job}" in policy["documentation"]["content"]


def test_filters_name_only_parts_that_the_stack_has(graph: Graph, stack: str) -> None:
    kinds = (
        "cloudrunv2/service:Service",
        "cloudfunctionsv2/function:Function",
        "pubsub/subscription:Subscription",
        "logging/metric:Metric",
    )
    made = {str(resource["inputs"]["name"]) for resource in graph.values() if resource["type"].endswith(kinds)}
    watching = [resource["inputs"] for resource in graph.values() if resource["type"].startswith(("gcp:monitoring", "gcp:logging"))]

    named = {name for text in texts(watching) for name in re.findall(rf'(?:"|user/)(sd-{stack}-[\w-]+)', text.replace('\\"', '"'))}

    assert named
    assert named - made == set()


def test_a_duration_is_one_that_cloud_monitoring_takes(graph: Graph) -> None:
    for policy in policies(graph).values():
        for condition in policy["conditions"]:
            for kind in ("conditionThreshold", "conditionAbsent"):
                if kind in condition:
                    assert int(condition[kind]["duration"][:-1]) % 60 == 0
            if "conditionAbsent" in condition:
                assert int(condition["conditionAbsent"]["duration"][:-1]) >= 120


@pytest.mark.parametrize("operators", [[], ["a@example.com"], [f"{name}@example.com" for name in "abcdefg"]])
def test_each_operator_has_a_channel_and_every_alert_and_the_budget_use_them(evaluate: Callable[..., Graph], operators: list[str]) -> None:
    graph = evaluate("dev", operators=operators)

    assert [channel["labels"]["email_address"] for channel in inputs_of(graph, CHANNEL)] == operators
    assert {len(policy["notificationChannels"]) for policy in policies(graph).values()} == {len(operators)}
    # Google takes no more than five for a budget
    assert len(inputs_of(graph, BUDGET)[0]["allUpdatesRule"]["monitoringNotificationChannels"]) == min(5, len(operators))


# runbooks


def test_every_alert_leads_to_its_runbook(graph: Graph) -> None:
    for name, policy in policies(graph).items():
        (page,) = re.findall(rf"{RUNBOOKS}/[\w-]+\.md", policy["documentation"]["content"])
        assert (ROOT / page).is_file(), f"alert {name} leads to {page}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_says_what_to_see_what_to_do_and_when_it_is_over(page: Path) -> None:
    text = page.read_text()
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))

    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert "gcloud " in commands
    assert len(text.splitlines()) <= 60, "at three in the morning nobody reads more"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_is_there_for_an_alert_and_listed(page: Path, graph_of: Callable[[str], Graph]) -> None:
    linked = " ".join(policy["documentation"]["content"] for policy in policies(graph_of("dev")).values())

    assert f"{page.name}" in linked
    assert f"({page.name})" in (ROOT / RUNBOOKS / "README.md").read_text()


def test_the_list_of_runbooks_names_every_alert() -> None:
    listed = (ROOT / RUNBOOKS / "README.md").read_text()

    assert [alert.name for alert in alerts("dev") if f"`{alert.name}`" not in listed] == []


# what designers may expect


def test_the_upload_service_is_asked_where_it_answers_without_a_designer(graph: Graph) -> None:
    (check,) = inputs_of(graph, "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig")
    http = check["httpCheck"]

    assert http["path"] in _OPEN
    assert http["path"] != "/healthz", "Google's front end keeps it to itself"
    assert http["serviceAgentAuthentication"] == {"type": "OIDC_TOKEN"}
    assert http["useSsl"]


def test_the_objective_counts_requests_and_burns_by_two_windows(graph: Graph) -> None:
    (slo,) = inputs_of(graph, "gcp:monitoring/slo:Slo")
    burns = policies(graph)["objective-burns"]

    ratio = slo["requestBasedSli"]["goodTotalRatio"]
    windows = [re.findall(r'"(\d+)s"', condition["conditionThreshold"]["filter"]) for condition in burns["conditions"]]

    assert (slo["goal"], slo["rollingPeriodDays"]) == (0.995, 28)
    assert ratio["badServiceFilter"] == ratio["totalServiceFilter"] + ' AND metric.labels.response_code_class="5xx"'
    assert (burns["combiner"], windows) == ("AND", [["3600"], ["300"]])


# money


def test_a_budget_is_there_only_where_an_account_pays(evaluate: Callable[..., Graph]) -> None:
    with_account, without = evaluate("dev", monthlyBudget=700), evaluate("dev", billingAccount=None)
    (budget,) = inputs_of(with_account, BUDGET)

    rules = [(rule["thresholdPercent"], rule["spendBasis"]) for rule in budget["thresholdRules"]]

    assert budget["amount"] == {"specifiedAmount": {"units": "700"}}
    assert budget["budgetFilter"]["projects"] == ["projects/200000000002"]
    assert rules == [(0.5, "CURRENT_SPEND"), (0.9, "CURRENT_SPEND"), (1, "CURRENT_SPEND"), (1, "FORECASTED_SPEND")]
    assert inputs_of(without, BUDGET) == []
    assert set(with_account) - set(without) == {urn for urn in with_account if "Budget" in urn or urn.endswith("::billingbudgets")}


def test_what_was_spent_is_heard_with_retries_and_dead_letters(graph: Graph, stack: str) -> None:
    (heard,) = [urn for urn in graph if urn.endswith("::hear-of-budget")]
    (topic,) = [urn for urn in graph if urn.endswith("topic:Topic::budget")]
    (function,) = [urn for urn in graph if urn.endswith("function:Function::intake")]
    subscription = graph[heard]["inputs"]

    assert graph[topic]["inputs"]["name"] == f"sd-{stack}-budget"
    assert graph[heard]["propertyDependencies"]["topic"] == [topic]
    assert function in graph[heard]["propertyDependencies"]["pushConfig"]
    assert f"sd-{stack}-push@" in subscription["pushConfig"]["oidcToken"]["serviceAccountEmail"]
    assert subscription["deadLetterPolicy"]["maxDeliveryAttempts"] == 10
    assert subscription["retryPolicy"] == {"minimumBackoff": "10s", "maximumBackoff": "600s"}
    assert subscription["expirationPolicy"] == {"ttl": ""}


# the dashboard


def dashboard(graph: Graph) -> dict[str, Any]:
    (found,) = inputs_of(graph, "gcp:monitoring/dashboard:Dashboard")
    return dict(json.loads(found["dashboardJson"]))


def test_the_dashboard_follows_a_job_s_life(graph: Graph) -> None:
    tiles = dashboard(graph)["mosaicLayout"]["tiles"]

    headers = [tile["widget"]["title"] for tile in tiles if "sectionHeader" in tile["widget"]]

    assert headers == ["Pictures come in", "Jobs are started", "Jobs move, train and become ready", "Models draw, and cost"]


def test_no_tile_of_the_dashboard_covers_another(graph: Graph) -> None:
    layout = dashboard(graph)["mosaicLayout"]
    places = [
        {(x, y) for x in range(tile["xPos"], tile["xPos"] + tile["width"]) for y in range(tile["yPos"], tile["yPos"] + tile["height"])}
        for tile in layout["tiles"]
    ]

    assert not [1 for one, other in combinations(places, 2) if one & other]
    assert {x for place in places for x, _ in place} == set(range(layout["columns"]))


def test_every_signal_is_on_the_dashboard_or_in_an_alert(graph: Graph, stack: str) -> None:
    shown = json.dumps(dashboard(graph))
    alerting = " ".join(log_filters(graph).values())

    assert [s.name for s in SIGNALS if f"user/{s.metric(stack)}" not in shown and s.of(stack) not in alerting] == []
