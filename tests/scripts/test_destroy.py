"""A small stack comes up on a real local cloud, and goes: asked for, protected, killed half way, begun again."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import client
from local.iam.principals import OWNER
from scripts.destroy import Recorded, Refused, refuse_locked
from scripts.stack import Engine
from scripts.target import Target

REPOSITORY = Path(__file__).parents[2]
PROJECT = """
    name: sd-for-designers
    runtime: python
    config:
      protectData: {type: boolean, default: true}
"""
STACK = """
    config:
      gcp:project: sd-local
      gcp:region: us-central1
      sd-for-designers:protectData: %s
"""
PROGRAM = """
    import pulumi
    import pulumi_gcp as gcp

    protected = pulumi.Config().require_bool("protectData")
    labels = {"app": "sd-for-designers", "stack": "local"}
    options = pulumi.ResourceOptions(protect=protected)
    pictures = gcp.storage.Bucket(
        "pictures",
        name="sd-local-sd-local-pictures",
        location="us-central1",
        uniform_bucket_level_access=True,
        force_destroy=not protected,
        labels=labels,
        opts=options,
    )
    gcp.storage.BucketObject("readme", bucket=pictures.name, name="readme", content="hello")
    database = gcp.firestore.Database(
        "documents",
        name="sd-local",
        location_id="us-central1",
        type="FIRESTORE_NATIVE",
        deletion_policy="PREVENT" if protected else "DELETE",
        delete_protection_state="DELETE_PROTECTION_ENABLED" if protected else "DELETE_PROTECTION_DISABLED",
        opts=options,
    )
"""
# what a job leaves: a model, and an endpoint for it
JOURNEY = """
    from google.cloud import aiplatform_v1 as vertex, storage
    from jobs import names
    from jobs.methods import Method

    parent, labels = "projects/sd-local/locations/us-central1", names.labels("local", "j1", 1, Method.DREAMBOOTH)
    options = {"api_endpoint": "us-central1-aiplatform.googleapis.com"}
    container = {"image_uri": "us-docker.pkg.dev/p/r/server@sha256:" + "0" * 64}
    model = {"display_name": "Teapot", "artifact_uri": "gs://models/j1", "container_spec": container, "labels": labels}
    wanted = {"parent": parent, "model": model, "model_id": names.model("j1", 1)}
    vertex.ModelServiceClient(client_options=options).upload_model(request=wanted).result(timeout=10)
    wanted = {"parent": parent, "endpoint": {"display_name": "Teapot", "labels": labels}, "endpoint_id": names.endpoint("j1")}
    vertex.EndpointServiceClient(client_options=options).create_endpoint(request=wanted).result(timeout=10)
    storage.Client(project="sd-local").bucket("sd-local-sd-local-pictures").blob("raw/j1/1").upload_from_string(b"a picture")
"""
SEEN = """
    import json
    from google.cloud import firestore, storage
    from scripts.target import Target
    from scripts.vertex_objects import KINDS, Vertex

    target = Target.read("local")
    clients = Vertex.of(target.parent, target.region, 0)
    print(json.dumps({
        "vertex": [found.id for kind in KINDS for found in kind.found(clients)],
        "buckets": [bucket.name for bucket in storage.Client(project="sd-local").list_buckets()],
        "documents": [document.path for name in ("intake", "jobs")
                      for document in firestore.Client(project="sd-local", database="sd-local").collection(name).list_documents()],
    }))
"""


class Desk:
    """The folder of a project, from which a person drives its stack `local`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / ".local"
        self.write("Pulumi.yaml", PROJECT)
        self.write("__main__.py", PROGRAM)
        self.protect(False)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(textwrap.dedent(text).lstrip("\n"))

    def protect(self, on: bool) -> None:
        self.write("Pulumi.local.yaml", STACK % str(on).lower())

    def call(self, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=self.folder, env=self._environment(**more), input=typed, check=False, capture_output=True, text=True
        )

    def kill_at(self, words: str, *command: str) -> None:
        """Runs a program until it prints these words, then kills it with all that it has started."""
        program = subprocess.Popen(
            [sys.executable, *command], cwd=self.folder, env=self._environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        with program:
            for line in program.stdout or ():
                if words in line:
                    os.killpg(program.pid, signal.SIGKILL)
        assert program.returncode == -signal.SIGKILL

    def up(self) -> None:
        assert self.call("-m", "local", "start").returncode == 0
        done = self.call("-m", "local.engine", "up", "--stack", "local", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr

    def act(self, program: str) -> str:
        """As the laptop's owner, with Google's clients."""
        done = self.call("-c", textwrap.dedent(program), **client.environment(self.root, OWNER))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def recorded(self) -> list[str]:
        state = json.loads((self.root / "state" / "local.json").read_text())
        return [entry["urn"] for entry in state["deployment"].get("resources", []) if not entry["type"].startswith("pulumi:")]

    def _environment(self, **more: str) -> dict[str, str]:
        # without Pulumi's CLI on the path the embedded engine serves
        path = os.pathsep.join(folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "pulumi").exists())
        return {**Engine(self.root).environment(), "PATH": path, "PYTHONPATH": str(REPOSITORY), **more}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.call("-m", "local", "stop")


DESTROY = ("-m", "scripts.destroy", "--stack", "local")


@pytest.mark.timeout(240)
def test_a_stack_goes_only_once_it_is_unprotected_and_asked_for_and_a_kill_half_way_is_made_good(desk: Desk) -> None:
    desk.protect(True)
    desk.up()
    desk.act(JOURNEY)

    by_its_file = desk.call(*DESTROY, "--yes")
    desk.protect(False)
    by_its_state = desk.call(*DESTROY, "--yes")
    assert (by_its_file.returncode, by_its_state.returncode, len(desk.recorded())) == (2, 2, 3)
    assert "protectData is true in Pulumi.local.yaml" in by_its_file.stderr
    assert "sd-local: protect, deletionPolicy: PREVENT, deleteProtectionState: DELETE_PROTECTION_ENABLED" in by_its_state.stderr
    assert "make up STACK=local" in by_its_state.stderr

    desk.up()
    mistyped = desk.call(*DESTROY, typed="dev\n")
    assert (mistyped.returncode, len(desk.recorded())) == (2, 3)
    assert "1 endpoint, 1 model" in mistyped.stdout
    assert "bucket sd-local-sd-local-pictures" in mistyped.stdout

    desk.kill_at("endpoint 1 of 1", *DESTROY, "--yes")
    assert len(desk.recorded()) == 3

    again = desk.call(*DESTROY, typed="local\n")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "nothing of the stack is left" in again.stdout
    assert desk.recorded() == []
    assert desk.call("-m", "local", "status").returncode == 3

    desk.call("-m", "local", "start")
    assert json.loads(desk.act(SEEN)) == {"vertex": [], "buckets": [], "documents": []}


def test_a_stack_that_does_not_exist_is_said_so_with_those_that_do(desk: Desk) -> None:
    refused = desk.call("-m", "scripts.destroy", "--stack", "prd", "--yes")

    assert refused.returncode == 2
    assert refused.stderr == "there is no Pulumi.prd.yaml; the stacks here are local\n"


def test_prod_is_refused_with_the_steps_that_unprotect_it() -> None:
    command = [sys.executable, *DESTROY[:-1], "prod", "--yes"]

    refused = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)

    assert refused.returncode == 2
    steps = ["sd-for-designers:protectData: false", "make up STACK=prod", "make destroy STACK=prod"]
    assert [step for step in steps if step not in refused.stderr] == []


def test_a_service_that_only_google_protects_is_found_in_the_state() -> None:
    portal = Recorded("urn:…::portal", "gcp:cloudrunv2/service:Service", False, {"name": "sd-dev-portal", "deletionProtection": True})
    target = Target("dev", "p", "us-central1", "", protected=False)

    with pytest.raises(Refused, match=r"sd-dev-portal: deletionProtection: True"):
        refuse_locked(target, [portal])
