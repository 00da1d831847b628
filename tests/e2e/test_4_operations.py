"""What the people who run it see: repetition without effect, one job's trace, restart, and an end without remains."""

import base64
import json
from concurrent.futures import Future, ThreadPoolExecutor

import requests

from jobs import names
from jobs.message import Submitted
from scripts.trace import show
from services.upload.wire import JobDetail
from tests.e2e.conftest import ROOT, System, engine, local, until


def test_an_up_without_a_change_changes_nothing(system: System) -> None:
    summary = engine("up", "--yes", "--expect-no-changes")["changeSummary"]

    assert set(summary) == {"same"}


def test_a_refresh_finds_no_drift(system: System) -> None:
    assert set(engine("refresh", "--preview-only")["changeSummary"]) == {"same"}


def test_no_secret_lies_open_in_the_state(system: System) -> None:
    state = (ROOT / "state" / "local.json").read_text()

    assert '"plaintext"' not in state
    assert (ROOT / "keys" / "passphrase").read_text() not in state


def test_the_trace_shows_a_job_across_all_parts_in_order(pennant: "Future[JobDetail]") -> None:
    trace = show(pennant.result().id, ROOT / "logs")

    moments = [
        "job created",
        "upload settled",
        "state=uploaded",
        "pipeline run created",
        "state=queued",
        "training job started",
        "state=ready",
    ]
    places = [trace.find(moment) for moment in moments]

    assert -1 not in places, trace
    assert places == sorted(places)


def test_twenty_deliveries_of_one_message_start_one_run(system: System, pennant: "Future[JobDetail]") -> None:
    job = pennant.result()
    message = Submitted(job.id, 1)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _push(system, message.data(), message.attributes()), range(20)))

    runs = [run for run in json.loads(local("status", "--json"))["vertex"]["pipelineJobs"] if names.pipeline(job.id, 1) in run["name"]]
    assert set(answers) <= {200, 204}
    assert len(runs) == 1


def test_a_poisoned_message_is_dropped_and_said(system: System) -> None:
    answer = _push(system, b"poison", {})

    assert answer in {200, 204}
    assert until(lambda: "message dropped" in "".join(path.read_text() for path in (ROOT / "logs").glob("*start*.log")))


def _push(system: System, data: bytes, attributes: dict[str, str]) -> int:
    """As the push subscription delivers it."""
    (start,) = [row["uri"] for row in json.loads(local("status", "--json"))["functions"] if row["name"] == "sd-local-start"]
    token = system.token("sd-local-push@sd-local.iam.gserviceaccount.com", start)()
    message = {"data": base64.b64encode(data).decode(), "attributes": attributes, "messageId": "1"}
    body = {"message": message, "subscription": "projects/sd-local/subscriptions/sd-local-start"}
    return requests.post(start, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code


def test_everything_comes_back_after_a_restart(system: System, pennant: "Future[JobDetail]") -> None:
    local("stop")
    local("start")
    # the models load anew, all at once; until then the service says to try again
    assert until(lambda: all(endpoint["ready"] for endpoint in json.loads(local("status", "--json"))["vertex"]["endpoints"]), 180)

    grace = system.client("grace@example.com")
    again = grace.job(pennant.result().id)
    made = grace.generate(again.id, "a photo of a sks triangle", seed=1, count=1)

    assert again.result == pennant.result().result
    assert grace.download(made.pictures[0].url or "").startswith(b"\x89PNG")
