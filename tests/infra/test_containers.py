"""The three ways in which a stack gets its images, evaluated for real."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.access import GRANTS, Workload
from infra.bindings import title
from infra.checks import CONTAINERS
from infra.containers import FOLDERS
from infra.context import Context
from scripts.cloud_build import _order
from tests.infra.conftest import ROOT, Graph, inputs_of

DOCKER, COMMAND, SERVICE = "docker:index/image:Image", "command:local:Command", "gcp:cloudrunv2/service:Service"
DIGESTS = {name: f"us-central1-docker.pkg.dev/my-team-sd-dev/sd-dev/{name}@sha256:{number:064x}" for number, name in enumerate(CONTAINERS)}

COMPILED = "::compiled-pipeline"

Evaluate = Callable[..., Graph]


def named(graph: Graph, kind: str) -> dict[str, dict[str, Any]]:
    return {urn.rpartition("::")[2]: resource for urn, resource in graph.items() if resource["type"] == kind}


def test_docker_builds_each_image_from_the_repository_for_the_platform_of_cloud_run(evaluate: Evaluate) -> None:
    graph = evaluate("dev", images="docker")

    images = {image["build"]["dockerfile"]: image["build"] for image in inputs_of(graph, DOCKER)}
    assert set(images) == {f"{folder}/Dockerfile" for folder in FOLDERS.values()}
    assert {(build["context"], build["platform"]) for build in images.values()} == {(".", "linux/amd64")}
    assert inputs_of(graph, COMMAND) == []


@pytest.mark.parametrize("images", ["docker", "cloud-build"])
def test_services_run_images_by_the_digest_that_their_build_answers(evaluate: Evaluate, images: str) -> None:
    graph = evaluate("dev", images=images)
    builds = named(graph, DOCKER) | named(graph, COMMAND)

    for name, service in named(graph, SERVICE).items():
        made = [build["urn"] for logical, build in builds.items() if logical.startswith(f"{name}-")]
        assert made
        assert set(made) <= set(service["propertyDependencies"]["template"])


def test_cloud_build_runs_anew_for_a_changed_context_and_for_nothing_else(evaluate: Evaluate) -> None:
    commands = named(evaluate("dev", images="cloud-build"), COMMAND)

    contexts = {f"{name}-build": Context(ROOT, Path(folder, "Dockerfile")) for name, folder in FOLDERS.items()}
    assert {name: command["inputs"]["triggers"] for name, command in commands.items()} == {
        name: [context.digest()] for name, context in contexts.items()
    }


def test_the_command_of_a_build_is_the_same_on_every_machine(evaluate: Evaluate) -> None:
    commands = inputs_of(evaluate("dev", images="cloud-build"), COMMAND)

    assert {shlex.split(command["create"])[0] for command in commands} == {".venv/bin/python"}
    assert not any(str(ROOT) in str(command) for command in commands)


def test_a_build_in_the_cloud_is_ordered_in_words_that_the_script_knows(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    command = named(evaluate("dev", images="cloud-build"), COMMAND)["trainer-build"]
    _, _, module, *options = shlex.split(command["inputs"]["create"])
    monkeypatch.setattr("sys.argv", [module, *options])

    order = _order()

    assert (module, order.dockerfile) == ("scripts.cloud_build", Path("images/trainer/Dockerfile"))
    assert (order.project, order.region, order.bucket) == ("my-team-sd-dev", "us-central1", "my-team-sd-dev-sd-dev-sources")
    assert order.account == "sd-dev-build@my-team-sd-dev.iam.gserviceaccount.com"
    assert order.image == "us-central1-docker.pkg.dev/my-team-sd-dev/sd-dev/trainer"


def test_a_build_in_the_cloud_waits_until_its_account_may_read_and_push(evaluate: Evaluate) -> None:
    wanted = {title(grant) for grant in GRANTS if grant.principal is Workload.BUILD}

    for command in named(evaluate("dev", images="cloud-build"), COMMAND).values():
        assert wanted <= {urn.rpartition("::")[2] for urn in command["dependencies"]}


def test_docker_does_not_wait_for_bindings_that_it_has_no_use_for(evaluate: Evaluate) -> None:
    for image in named(evaluate("dev", images="docker"), DOCKER).values():
        assert not [urn for urn in image["dependencies"] if "Access" in urn]


def test_prebuilt_images_are_taken_as_they_are_and_nothing_is_built(evaluate: Evaluate) -> None:
    graph = evaluate("dev", images="prebuilt", imageDigests=DIGESTS)

    running = {name: service["inputs"]["template"]["containers"][0]["image"] for name, service in named(graph, SERVICE).items()}
    assert inputs_of(graph, DOCKER) == inputs_of(graph, COMMAND) == []
    assert running == {name: DIGESTS[name] for name in ("portal", "upload")}


def test_a_pipeline_of_prebuilt_images_can_be_read_before_anything_is_brought_up(evaluate: Evaluate) -> None:
    names = {
        images: [resource["inputs"]["name"] for urn, resource in evaluate("dev", images=images, **more).items() if urn.endswith(COMPILED)]
        for images, more in (("docker", {}), ("prebuilt", {"imageDigests": DIGESTS}))
    }

    assert not names["docker"][0].startswith("dreambooth/")
    assert names["prebuilt"][0].startswith("dreambooth/")
