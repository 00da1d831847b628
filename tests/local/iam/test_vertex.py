"""Vertex AI asks IAM over both transports, with the request as its methods see it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import Forbidden
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform_v1 as vertex

from local.iam import needs
from local.iam import vertex as table
from local.iam.server import Iam
from local.interfaces import ContainerSpec
from local.layout import Layout, Ports
from local.vertex.logged import Logged
from local.vertex.server import VertexServer
from tests.local.iam.conftest import PROJECT, UPLOAD, Grant
from tests.local.vertex.script_containers import ScriptContainers

PARENT = "projects/sd-local/locations/us-central1"
PIPELINE = "pipeline@sd-local.iam.gserviceaccount.com"
P = "projects/sd-local"
JOB = vertex.CustomJob(
    display_name="job",
    job_spec={"worker_pool_specs": [{"replica_count": 1, "container_spec": {"image_uri": "image"}}], "service_account": PIPELINE},
)


@pytest.fixture
async def server(tmp_path: Path, iam: Iam) -> AsyncIterator[VertexServer]:
    layout = Layout(tmp_path)
    (tmp_path / "images").mkdir()
    server = VertexServer(layout, Ports(layout), PROJECT, ScriptContainers(tmp_path / "images"), iam)
    await server.start()
    yield server
    await server.stop()


class Named(grpc.UnaryUnaryClientInterceptor):
    """Says who calls, as the gateway does."""

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(details._replace(metadata=[*(details.metadata or ()), ("x-local-principal", UPLOAD)]), request)


@pytest.fixture(params=["rest", "grpc"])
def jobs(server: VertexServer, request: pytest.FixtureRequest) -> Any:
    kind = vertex.JobServiceClient
    if request.param == "grpc":
        channel = grpc.intercept_channel(grpc.insecure_channel(server.grpc_address), Named())
        return kind(transport=kind.get_transport_class("grpc")(channel=channel))
    options = ClientOptions(api_endpoint=f"http://{server.http_address}")
    client = kind(transport="rest", credentials=AnonymousCredentials(), client_options=options)
    client.transport._session.headers["X-Local-Principal"] = UPLOAD
    return client


def test_every_method_that_is_served_is_in_the_table(server: VertexServer) -> None:
    served = {method.name for method in server._methods()._methods}

    assert served - table.METHODS.keys() - table.FREE == set()


async def test_a_refusal_names_the_permission_and_the_resource(jobs: Any) -> None:
    with pytest.raises(Forbidden) as refused:
        await asyncio.to_thread(jobs.list_custom_jobs, parent=PARENT)

    words = f"Permission 'aiplatform.customJobs.list' denied on resource '//aiplatform.googleapis.com/{PARENT}' (or it may not exist)."
    assert refused.value.message.endswith(words)
    assert refused.value.reason == "IAM_PERMISSION_DENIED"
    assert refused.value.metadata == {"permission": "aiplatform.customJobs.list", "resource": PARENT}


async def test_a_job_may_be_made_only_by_whoever_may_act_as_its_account(jobs: Any, grant: Grant) -> None:
    await grant("roles/aiplatform.user", P)
    with pytest.raises(Forbidden) as refused:
        await asyncio.to_thread(jobs.create_custom_job, parent=PARENT, custom_job=JOB)
    await grant("roles/iam.serviceAccountUser", f"{P}/serviceAccounts/{PIPELINE}")
    made = await asyncio.to_thread(jobs.create_custom_job, parent=PARENT, custom_job=JOB)

    assert f"You do not have permission to act as service_account: {PIPELINE}" in refused.value.message
    assert refused.value.metadata["permission"] == "iam.serviceAccounts.actAs"
    assert made.name.startswith("projects/100000000001/")


@pytest.mark.parametrize(
    ("method", "request_", "actor"),
    [
        ("CreatePipelineJob", {"pipelineJob": {"serviceAccount": PIPELINE}}, PIPELINE),
        ("CreatePipelineJob", {"pipelineJob": {}}, "100000000001-compute@developer.gserviceaccount.com"),
        ("CreateCustomJob", {"customJob": {"jobSpec": {"serviceAccount": PIPELINE}}}, PIPELINE),
        ("CreateCustomJob", {"customJob": {"jobSpec": {}}}, ""),
        ("DeployModel", {"deployedModel": {"serviceAccount": PIPELINE}}, PIPELINE),
        ("DeployModel", {"deployedModel": {}}, ""),
    ],
)
def test_whoever_makes_something_run_as_an_account_needs_leave_for_it(method: str, request_: dict[str, Any], actor: str) -> None:
    asked = table.needs(PROJECT, method, PARENT, request_)

    assert [need.resource.name for need in asked[1:]] == ([f"{P}/serviceAccounts/{actor}"] if actor else [])


async def test_the_logs_of_a_job_are_withheld_from_an_account_that_may_write_none(tmp_path: Path, iam: Iam, grant: Grant) -> None:
    class Seen:
        async def start(self, spec: ContainerSpec) -> Any:
            return spec

    logged: Any = Logged(Seen(), PROJECT, iam)  # type: ignore[arg-type]

    before = await logged.start(ContainerSpec("job", "image", UPLOAD))
    await grant("roles/logging.logWriter", P)
    after = await logged.start(ContainerSpec("job", "image", UPLOAD))

    assert f"{UPLOAD} lacks logging.logEntries.create" in before.unlogged
    assert after.unlogged == ""
    assert not iam.allows("nobody@sd-local.iam.gserviceaccount.com", needs.logging(PROJECT))
