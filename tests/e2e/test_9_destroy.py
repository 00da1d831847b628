"""The end, after everything else: broken off twice, refused once, and then nothing is left, of what jobs made neither."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from jobs import names
from jobs.job import State
from services.upload.client import Failed, pictures_in
from services.upload.wire import JobDetail
from tests.e2e.conftest import PICTURES, ROOT, System, act, local, until

DESTROY = [sys.executable, "-m", "scripts.destroy", "--stack", "local", "--root", str(ROOT), "--yes"]
DEPLOY_BY_HAND = """
    import sys
    from google.cloud import aiplatform_v1 as vertex

    parent = "projects/sd-local/locations/us-central1"
    endpoints = vertex.EndpointServiceClient(client_options={"api_endpoint": "us-central1-aiplatform.googleapis.com"})
    made = endpoints.create_endpoint(parent=parent, endpoint={"display_name": "a trial"}, endpoint_id="by-hand").result(timeout=30)
    machine = {"machine_spec": {"machine_type": "n1-standard-4"}, "min_replica_count": 1, "max_replica_count": 1}
    model = {"id": "1", "model": f"{parent}/models/{sys.argv[1]}", "dedicated_resources": machine}
    model["service_account"] = "sd-local-serving@sd-local.iam.gserviceaccount.com"
    endpoints.deploy_model(endpoint=made.name, deployed_model=model, traffic_split={"0": 100}).result(timeout=120)
"""
UNDEPLOY_BY_HAND = """
    from google.cloud import aiplatform_v1 as vertex

    endpoints = vertex.EndpointServiceClient(client_options={"api_endpoint": "us-central1-aiplatform.googleapis.com"})
    name = "projects/sd-local/locations/us-central1/endpoints/by-hand"
    endpoints.undeploy_model(endpoint=name, deployed_model_id="1").result(timeout=60)
    endpoints.delete_endpoint(name=name).result(timeout=60)
"""
SEEN = """
    import json
    from google.cloud import firestore, storage
    from scripts.target import Target
    from scripts.vertex_objects import KINDS, Vertex

    target = Target.read("local")
    clients, database = Vertex.of(target.parent, target.region, 0), firestore.Client(project="sd-local", database="sd-local")
    kept = ("intake", "jobs", "uploads", "outbox", "generations")
    print(json.dumps({
        "vertex": [found.id for kind in KINDS for found in kind.found(clients)],
        "buckets": [bucket.name for bucket in storage.Client(project="sd-local").list_buckets()],
        "documents": [document.path for name in kept for document in database.collection(name).list_documents()],
    }))
"""


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that brought this stack up takes it down."""
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "pulumi").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join(path))


@pytest.fixture(scope="module")
def training(system: System, pennant: "Future[JobDetail]") -> JobDetail:
    """A job whose run is under way when the end comes."""
    pennant.result()
    client = system.client("grace@example.com")
    job = client.create("Never to be finished", "circle")
    client.upload(job.id, pictures_in(PICTURES / "badge"))
    client.submit(job.id)
    assert until(lambda: client.job(job.id).state is State.TRAINING, 120)
    return job


def destroy() -> subprocess.CompletedProcess[str]:
    return subprocess.run(DESTROY, check=False, capture_output=True, text=True)


def killed_at(words: str) -> str:
    """What it had printed until, at these words, it was killed with all that it had started."""
    printed = ""
    with subprocess.Popen(DESTROY, stdout=subprocess.PIPE, text=True, start_new_session=True) as program:
        for line in program.stdout or ():
            printed += line
            if words in line:
                os.killpg(program.pid, signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL, printed
    return printed


def recorded() -> int:
    state = json.loads((ROOT / "state" / "local.json").read_text())
    return len(state["deployment"].get("resources", []))


def test_a_destroy_that_is_killed_while_runs_end_has_closed_the_door(system: System, training: JobDetail) -> None:
    before = recorded()

    printed = killed_at("pipeline run 1 of")

    assert "intake is paused" in printed
    assert recorded() == before
    with pytest.raises(Failed, match="this environment is being shut down"):
        system.client().create("Too late", "circle")


def test_a_model_that_somebody_serves_elsewhere_stays_and_stops_the_destroy(system: System, pennant: "Future[JobDetail]") -> None:
    model = names.model(pennant.result().id, 1)
    act(DEPLOY_BY_HAND, model)
    before = recorded()

    refused = destroy()

    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert f"model {model}: it is deployed to" in refused.stdout
    assert f"gcloud ai models delete {model}" in refused.stdout
    assert "Pulumi's destroy is not run" in refused.stdout
    assert (recorded(), system.client("grace@example.com").job(pennant.result().id).state) == (before, State.RETIRED)
    status = json.loads(local("status", "--json"))["vertex"]
    assert [endpoint["displayName"] for endpoint in status["endpoints"]] == ["a trial"]
    assert (status["pipelineJobs"], status["customJobs"]) == ([], [])


def test_a_destroy_that_is_killed_while_pulumi_deletes_is_begun_again_and_leaves_nothing(system: System) -> None:
    ports = json.loads((ROOT / "cloud" / "ports.json").read_text()).values()
    act(UNDEPLOY_BY_HAND)
    killed_at(" deleted (")
    assert recorded() > 0

    done = destroy()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing of the stack is left" in done.stdout
    assert recorded() == 0
    assert until(lambda: not _processes_of(str(ROOT.resolve())))
    assert [port for port in ports if _open(port)] == []
    assert _untracked() == []


def test_what_comes_back_after_the_end_is_empty() -> None:
    local("start")
    seen = json.loads(act(SEEN))
    records = json.loads((ROOT / "provider" / "records.json").read_text())

    again = destroy()

    assert seen == {"vertex": [], "buckets": [], "documents": []}
    assert [found for found in records.values() if found] == []
    assert (again.returncode, recorded()) == (0, 0), again.stdout + again.stderr


def _processes_of(folder: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and (folder in " ".join(process.cmdline()) or process.cwd().startswith(folder)):
                found.append(process.pid)
    return found


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _untracked() -> list[str]:
    git = shutil.which("git") or "git"
    status = subprocess.run([git, "status", "--porcelain", "--untracked-files"], capture_output=True, text=True, check=True).stdout
    return [line for line in status.splitlines() if line.startswith("??") and "tests/" not in line]
