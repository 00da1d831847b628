"""Every grant of the table is taken away once, and the step of the journey that needs it fails: none is missing, none is too many."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from infra.access import DESIGNERS, FORGET, GRANTS, WAKE, Agent, Grant, Resource, Workload
from infra.bindings import title
from jobs import names
from jobs.documents import new_id, now
from jobs.job import TERMINAL, State
from local import client as cloud
from local.iam.principals import OWNER
from local.iam.refusals import Refusal, file_of, listed
from local.layout import Layout
from services.upload.client import Client, Failed, pictures_in
from services.upload.wire import JobDetail
from tests.e2e.conftest import PICTURES, ROOT, System, engine, until

DESIGNER = "grace@example.com"
SWEEP = "/schedules/sd-local-sweep"
PATIENCE_S = 300.0
# a step that was refused has ended by then, one that was not is past the state it was in
SETTLED_S = 2.0
NUMBER = "100000000001"
AGENTS = {
    Agent.IAP: f"service-{NUMBER}@gcp-sa-iap.iam.gserviceaccount.com",
    Agent.PUBSUB: f"service-{NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com",
    Agent.MONITORING: f"service-{NUMBER}@gcp-sa-monitoring-notification.iam.gserviceaccount.com",
    Agent.BUDGETS: "billing-budget-alert@system.gserviceaccount.com",
}
BADGE = pictures_in(PICTURES / "badge")


@dataclass
class Journey:
    """What the steps share: the system, a designer, and one job of hers that is ready."""

    system: System
    grace: Client
    ready: JobDetail
    bindings: dict[str, list[str]]
    # whether the account whose grant is away has been refused by now
    refused: Callable[[], bool] = bool

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """As the portal's page does it."""
        token = self.system.token(DESIGNER)()
        headers = {"Authorization": f"Bearer {token}", "X-Requested-With": "XMLHttpRequest", "Idempotency-Key": new_id()}
        return requests.request(method, f"{self.system.portal}{path}", headers=headers, timeout=60, allow_redirects=False, **options)

    def uploaded(self) -> JobDetail:
        job = self.grace.create("Access", "circle", preset="quick")
        self.grace.upload(job.id, BADGE)
        return job


# A step walks a part of the journey and says how that ended.
Step = Callable[[Journey], str]


def open_the_portal(journey: Journey) -> str:
    token = journey.system.token(DESIGNER)()
    return str(requests.get(journey.system.portal, headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code)


def list_the_sheets(journey: Journey) -> str:
    token = journey.system.token(DESIGNER)()
    headers = {"Authorization": f"Bearer {token}", "X-Requested-With": "XMLHttpRequest"}
    return str(requests.get(f"{journey.system.portal}/v1/jobs", headers=headers, timeout=60).status_code)


def send_a_picture(journey: Journey) -> str:
    job = journey.grace.create("Access", "circle")
    try:
        journey.grace.upload(job.id, BADGE[:1])
    except Failed as failed:
        return f"failed with {failed.problem.status}"
    return "stored"


def submit(journey: Journey) -> str:
    """As far as the pipeline's start; the run itself is not waited for."""
    job = journey.uploaded()
    journey.grace.submit(job.id)
    moved = until(lambda: journey.refused() or journey.grace.job(job.id).state is not State.UPLOADED)
    state = journey.grace.job(job.id).state
    journey.grace.cancel(job.id)
    return "started" if moved and state is not State.UPLOADED else "not started"


def develop(journey: Journey) -> str:
    """With a caption, which the trainer is told. A step is tried three times: once that it is refused, its end is not waited for."""
    job = journey.uploaded()
    journey.grace.describe(job.id, journey.grace.job(job.id).uploads[0].id, "on a white wall")
    journey.grace.submit(job.id)
    until(lambda: journey.refused() or journey.grace.job(job.id).state in TERMINAL | {State.READY}, PATIENCE_S)
    time.sleep(SETTLED_S)
    state = journey.grace.job(job.id).state
    if state not in TERMINAL:
        journey.grace.cancel(job.id)
        cloud.ask(ROOT, SWEEP, "POST")  # else its training takes the next one's time for up to a minute
    return state if state is State.READY else f"{state}, and no further"


def look_at_a_sample(journey: Journey) -> str:
    try:
        journey.grace.download(journey.ready.progress.samples[-1].url)
    except Failed as failed:
        return f"failed with {failed.problem.status}"
    return "seen"


def draw(journey: Journey) -> str:
    return _draw(journey, {})


def compare(journey: Journey) -> str:
    """An endpoint keeps the untuned model: one that has just woken has not read it yet."""
    wake(journey)
    return _draw(journey, {"base": True})


def _draw(journey: Journey, more: dict[str, Any]) -> str:
    """As far as the picture; what could not be drawn is delivered again later, when nobody lacks anything."""
    wish = {"prompt": "a photo of a sks circle", "seed": 1, "steps": 1, "count": 1, **more}
    asked = journey.call("POST", f"/v1/models/{journey.ready.id}/generations", json=wish)
    if asked.status_code != 202:
        return f"failed with {asked.status_code}"
    path = f"/v1/generations/{asked.json()['id']}"
    until(lambda: journey.refused() or journey.call("GET", path).json()["state"] in {"done", "failed"}, PATIENCE_S)
    drawn = journey.call("GET", path).json()
    return f"drew {len(drawn['pictures'])}" if drawn["state"] == "done" else f"{drawn['state']}, and no further"


def fetch_weights(journey: Journey) -> str:
    """As far as the link, which Cloud Storage itself answers."""
    listed = journey.call("GET", f"/v1/models/{journey.ready.id}/versions/1/weights")
    return str(journey.call("GET", listed.json()["files"][0]["url"]).status_code)


def wake(journey: Journey) -> str:
    """From asleep, in as many sweeps as that takes."""
    path = f"/v1/models/{journey.ready.id}/deployment"

    def is_now(state: str) -> bool:
        cloud.ask(ROOT, SWEEP, "POST")
        return bool(journey.call("GET", path).json()["state"] == state)

    journey.call("DELETE", path)
    until(lambda: is_now("asleep"), PATIENCE_S)
    journey.call("POST", path)
    until(lambda: is_now("awake") or journey.refused(), PATIENCE_S)
    return str(journey.call("GET", path).json()["state"])


def erase(journey: Journey) -> str:
    """Pictures, weights and a model of a job that was never trained: an owner leaves the latter two."""
    job = journey.uploaded()
    _as(OWNER, _LEAVE_A_MODEL, job.id, journey.system.outputs["modelsBucket"])
    receipt = f"/v1/receipts/{journey.call('DELETE', f'/v1/jobs/{job.id}').json()['id']}"

    def is_done() -> bool:
        cloud.ask(ROOT, SWEEP, "POST")
        return bool(journey.call("GET", receipt).json()["state"] == "done")

    until(lambda: is_done() or journey.refused(), PATIENCE_S)
    return str(journey.call("GET", receipt).json()["state"])


def sweep(journey: Journey) -> str:
    """With a message that is owed: nobody could publish it when its job was submitted. One repair that fails does not stop the others."""
    job = journey.uploaded()
    with ExitStack() as taken:
        for binding in journey.bindings[title(_OWING)]:
            taken.enter_context(cloud.without(ROOT, binding))
        journey.grace.submit(job.id)
    _as(OWNER, _LONG_AGO, names.outbox(job.id, 1))
    result = cloud.ask(ROOT, SWEEP, "POST")
    journey.grace.cancel(job.id)
    return str(result["text"])


def hear_of_the_budget(journey: Journey) -> str:
    """As Google's billing says it. What was not delivered while a grant was away may still come: an operator's word stands against it."""
    _as(OWNER, _FORGET_THE_PAUSE)
    said = _as(AGENTS[Agent.BUDGETS], _PUBLISH, "projects/sd-local/topics/sd-local-budget")
    if said != "published":
        return said
    until(lambda: journey.refused() or _as(OWNER, _PAUSED) == "True")
    paused = _as(OWNER, _PAUSED) == "True"
    subprocess.run([sys.executable, "-m", "scripts.intake", "open", "--root", str(ROOT)], check=True, stdout=subprocess.DEVNULL)
    return "paused" if paused else "not paused"


def ask_whether_it_is_up(journey: Journey) -> str:
    return _as(AGENTS[Agent.MONITORING], _CALL, journey.system.outputs["uploadService"])


def build_a_function(journey: Journey) -> str:
    return str(cloud.ask(ROOT, "/functions/sd-local-start/build", "POST")["text"])


def bury(journey: Journey) -> str:
    """Whether Pub/Sub buries at all is what its agent's grants decide."""
    return _as(OWNER, _BURIES, *(f"projects/sd-local/subscriptions/sd-local-{name}" for name in ("start", "generations", "intake")))


def _as(account: str, program: str, *arguments: str) -> str:
    environment = {"PATH": "/usr/bin:/bin", **cloud.environment(ROOT, account)}
    call = [sys.executable, "-c", program, *arguments]
    return subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout.strip()


_DOCUMENTS = """
import sys
from datetime import UTC, datetime, timedelta
from google.cloud import firestore
documents = firestore.Client(project="sd-local", database="sd-local")
"""
_LONG_AGO = f"""{_DOCUMENTS}
created = datetime.now(UTC) - timedelta(hours=1)
documents.collection("outbox").document(sys.argv[1]).update({{"created": created}})
"""
_PAUSED = f"""{_DOCUMENTS}
print((documents.collection("intake").document("state").get().to_dict() or {{}}).get("paused", False))
"""
_FORGET_THE_PAUSE = f"""{_DOCUMENTS}
documents.collection("intake").document("state").delete()
"""
_PUBLISH = """
import json, sys
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import pubsub_v1
notice = {
    "budgetDisplayName": "sd-local", "costAmount": 600.0, "costIntervalStart": "2020-01-01T00:00:00Z", "budgetAmount": 500.0,
    "budgetAmountType": "SPECIFIED_AMOUNT", "alertThresholdExceeded": 1.0, "currencyCode": "EUR",
}
about = {"billingAccountId": "0", "budgetId": "0", "schemaVersion": "1.0"}
try:
    pubsub_v1.PublisherClient().publish(sys.argv[1], json.dumps(notice).encode(), **about).result(20)
    print("published")
except GoogleAPICallError as error:
    print(type(error).__name__)
"""
_LEAVE_A_MODEL = """
import sys
from google.cloud import aiplatform_v1 as vertex
from google.cloud import storage
job, bucket = sys.argv[1:]
storage.Client(project="sd-local").bucket(bucket).blob(f"runs/{job}/a1/model/weights").upload_from_string(b"weights")
models = vertex.ModelServiceClient(client_options={"api_endpoint": "us-central1-aiplatform.googleapis.com"})
model = vertex.Model(display_name=job, container_spec=vertex.ModelContainerSpec(image_uri="nothing"))
parent = "projects/sd-local/locations/us-central1"
request = vertex.UploadModelRequest(parent=parent, model_id=f"sdfd-{job}-a1", model=model)
models.upload_model(request=request, timeout=30).result(30)
"""
_CALL = """
import sys
import requests
from google.auth.transport.requests import Request
from google.oauth2.id_token import fetch_id_token
token = fetch_id_token(Request(), sys.argv[1])
print(requests.get(sys.argv[1] + "/readyz", headers={"Authorization": "Bearer " + token}, timeout=30).status_code)
"""
_BURIES = """
import sys
from google.cloud import pubsub_v1
subscriber = pubsub_v1.SubscriberClient()
found = [subscriber.get_subscription(subscription=name, timeout=30) for name in sys.argv[1:]]
print(*("buries" if each.dead_letter_policy.dead_letter_topic else "keeps" for each in found))
"""


STEPS: dict[tuple[str, Resource] | str, Step] = {
    DESIGNERS: open_the_portal,
    Agent.IAP: open_the_portal,
    Workload.PORTAL: list_the_sheets,
    (Workload.UPLOAD, Resource.UPLOADS): send_a_picture,
    (Workload.UPLOAD, Resource.DATABASE): list_the_sheets,
    (Workload.UPLOAD, Resource.JOBS): submit,
    (Workload.UPLOAD, Resource.GENERATIONS): draw,
    (Workload.UPLOAD, Resource.PROJECT): draw,
    (Workload.UPLOAD, Resource.UPLOAD_ACCOUNT): fetch_weights,
    (Workload.PUSH, Resource.UPLOAD_SERVICE): draw,
    (Workload.PUSH, Resource.START_FUNCTION): submit,
    (Workload.PUSH, Resource.INTAKE_FUNCTION): hear_of_the_budget,
    Workload.START: submit,
    Workload.PIPELINE: develop,
    Workload.TRAINER: develop,
    Workload.SERVING: develop,
    (Workload.SERVING, Resource.BASE_MODEL): compare,
    Workload.SCHEDULER: sweep,
    Workload.SWEEP: sweep,
    (Workload.SWEEP, Resource.SERVING_ACCOUNT): wake,
    (Workload.SWEEP, Resource.UPLOADS): erase,
    (Workload.SWEEP, Resource.MODELS): erase,
    Agent.PUBSUB: bury,
    Agent.BUDGETS: hear_of_the_budget,
    Workload.INTAKE: hear_of_the_budget,
    Agent.MONITORING: ask_whether_it_is_up,
    Workload.BUILD: build_a_function,
}

# one account has several roles on the project
BY_ROLE: dict[str, Step] = {WAKE: wake, FORGET: erase}


def step_of(grant: Grant) -> Step:
    if grant.principal == Workload.UPLOAD and grant.resource is Resource.MODELS:
        return draw if grant.role.endswith("objectUser") else look_at_a_sample
    return BY_ROLE.get(grant.role) or STEPS.get((grant.principal, grant.resource)) or STEPS[grant.principal]


# A cloud without cmek has no key, and a log that is not written stops nothing: the cloud says that it is withheld.
WITHOUT_LOGS = [grant for grant in GRANTS if grant.role.endswith("logWriter")]
_OWING = next(grant for grant in GRANTS if grant.principal == Workload.UPLOAD and grant.resource is Resource.JOBS)
NEEDED = [grant for grant in GRANTS if grant.resource is not Resource.KEY and grant not in WITHOUT_LOGS]


@pytest.fixture(scope="module")
def journey(system: System, pennant: "Future[JobDetail]") -> Iterator[Journey]:
    found = Journey(system, system.client(DESIGNER), pennant.result(), _bindings())
    yield found
    assert wake(found) == "awake"  # others draw with it later


def _bindings() -> dict[str, list[str]]:
    """The cloud's ids of the bindings of each grant; a grant to several members has several."""
    found: dict[str, list[str]] = {}
    for resource in engine("export")["deployment"]["resources"]:
        found.setdefault(resource["urn"].rpartition("::")[2].rstrip("-0123456789"), []).append(resource.get("id", ""))
    return found


@pytest.fixture(scope="module")
def whole(journey: Journey) -> Callable[[Step], str]:
    """How a step ends while nobody lacks anything."""
    ends: dict[Step, str] = {develop: journey.ready.state}
    return lambda step: ends.setdefault(step, ends.get(step) or step(journey))


def account_of(grant: Grant) -> str:
    if grant.principal == DESIGNERS:
        return DESIGNER
    return (
        AGENTS.get(Agent(grant.principal)) or ""
        if grant.principal in set(Agent)
        else f"sd-local-{grant.principal}@sd-local.iam.gserviceaccount.com"
    )


def refusals_since(moment: str, grant: Grant) -> list[Refusal]:
    return [each for each in listed(file_of(Layout(ROOT))) if each.time >= moment and each.principal == account_of(grant)]


@pytest.mark.parametrize("grant", NEEDED, ids=title)
def test_without_it_the_step_that_needs_it_fails(grant: Grant, journey: Journey, whole: Callable[[Step], str]) -> None:
    step = step_of(grant)
    expected = whole(step)

    moment = now().isoformat(timespec="milliseconds")
    journey = replace(journey, refused=lambda: grant.permission in {each.permission for each in refusals_since(moment, grant)})
    with ExitStack() as taken:
        for binding in journey.bindings[title(grant)]:
            taken.enter_context(cloud.without(ROOT, binding))
        ended = step(journey)

    sys.stdout.write(f"{title(grant)}: {step.__name__} ends '{ended}' instead of '{expected}'\n")
    refused = {each.permission for each in refusals_since(moment, grant)}
    assert step is sweep or ended != expected
    assert step is bury or grant.permission in refused


def test_with_all_of_them_every_step_goes_through(journey: Journey, whole: Callable[[Step], str]) -> None:
    ends = {step.__name__: whole(step) for step in {step_of(grant) for grant in NEEDED}}

    assert ends == {
        "open_the_portal": "200",
        "list_the_sheets": "200",
        "send_a_picture": "stored",
        "submit": "started",
        "develop": State.READY,
        "look_at_a_sample": "seen",
        "draw": "drew 1",
        "compare": "drew 1",
        "fetch_weights": "302",
        "sweep": "200 OK",
        "wake": "awake",
        "erase": "done",
        "hear_of_the_budget": "paused",
        "ask_whether_it_is_up": "200",
        "build_a_function": "DONE",
        "bury": "buries buries buries",
    }
