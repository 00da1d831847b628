from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from local.interfaces import Cloud
from local.provider.server import serve
from local.provider.wire import Unknown
from tests.local.provider.engine import CheckFailed, Engine

TOPIC = "gcp:pubsub/topic:Topic"


async def test_cancel_ends_nothing_and_engines_attach_again(engine: Engine) -> None:
    await engine.stub.Cancel(Empty())

    configured = await engine.attach(project="sd-local")
    topic = await engine.create(TOPIC, "uploads")

    assert configured.acceptSecrets
    assert configured.supportsPreview
    assert topic.id.startswith("projects/sd-local/topics/uploads-")


async def test_two_providers_of_one_program_keep_their_own_settings(preview: Engine) -> None:
    other = Engine(preview.port)
    await other.attach(project="shop-dev", region="us-east1")

    here = await preview.preview(TOPIC, "uploads")
    there = await other.preview(TOPIC, "uploads")

    assert here["project"] == "shop-prod"
    assert there["project"] == "shop-dev"
    await other.channel.close()


async def test_a_stack_of_another_project_is_refused(cloud: Cloud) -> None:
    server, port = await serve(cloud)
    engine = Engine(port)

    with pytest.raises(CheckFailed) as refused:
        await engine.attach(project="shop-prod")

    assert "the local cloud is project 'sd-local' alone" in refused.value.reasons[0]
    await engine.channel.close()
    await server.stop(None)


async def test_a_changed_configuration_replaces_no_resource(preview: Engine) -> None:
    answer = await preview.stub.DiffConfig(provider_pb2.DiffRequest())

    assert list(answer.replaces) == []


async def test_data_sources_answer_for_this_project(engine: Engine) -> None:
    agent = await engine.invoke("gcp:storage/getProjectServiceAccount:getProjectServiceAccount")
    project = await engine.invoke("gcp:organizations/getProject:getProject", projectId="sd-local")
    client = await engine.invoke("gcp:organizations/getClientConfig:getClientConfig")

    assert agent["member"] == "serviceAccount:service-100000000001@gs-project-accounts.iam.gserviceaccount.com"
    assert project["number"] == "100000000001"
    assert client["region"] == "us-central1"


async def test_a_projects_number_is_unknown_without_a_cloud(preview: Engine) -> None:
    project = await preview.invoke("gcp:organizations/getProject:getProject")

    assert project["projectId"] == "shop-prod"
    assert isinstance(project["number"], Unknown)


async def test_an_unknown_data_source_is_named(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.invoke("gcp:dns/getKeys:getKeys")

    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "gcp:dns/getKeys:getKeys" in refused.value.details()


async def test_a_program_elsewhere_has_its_own_relative_paths(cloud: Cloud, tmp_path: Path) -> None:
    server, port = await serve(cloud)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    engine = Engine(port)
    await engine.attach(tmp_path, project="sd-local")

    checked = await engine.check("docker:index/image:Image", "portal", {"imageName": "eu-docker.pkg.dev/a/b/c"})

    assert checked["build"]["dockerfile"] == "Dockerfile"
    assert checked["build"]["platform"] == "linux/amd64"
    await engine.channel.close()
    await server.stop(None)
