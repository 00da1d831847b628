import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from google.api_core.exceptions import BadRequest, Forbidden, InvalidArgument, MethodNotImplemented, NotFound, Unknown
from google.cloud.devtools import cloudbuild_v1
from google.cloud.devtools.cloudbuild_v1 import Build

from tests.local.build.conftest import ACCOUNT, BUCKET, DOCKERFILE, IMAGE, PLACE, TAG, Shop, order

Built = Callable[[Build], Awaitable[Build]]
Client = cloudbuild_v1.CloudBuildClient
FILES = {"Dockerfile": DOCKERFILE, "main.py": "print('hello')"}
SLOW = {"Dockerfile": 'FROM a\nRUN python -c "import time; time.sleep(30)"\n'}
FAILURE = Build.FailureInfo.FailureType


async def submitted(client: Client, asked: Build) -> str:
    operation = await asyncio.to_thread(client.create_build, request={"parent": PLACE, "build": asked})
    return str(operation.metadata.build.id)


async def refusal(client: Client, asked: Build) -> str:
    with pytest.raises((InvalidArgument, BadRequest)) as refused:
        await submitted(client, asked)
    return str(refused.value)


async def test_a_build_answers_the_digest_of_an_image_that_can_be_started(shop: Shop, built: Built) -> None:
    shop.put(FILES)

    build = await built(order())

    image = shop.images.image(f"{IMAGE}@{build.results.images[0].digest}")
    assert build.status is Build.Status.SUCCESS
    assert build.results.images[0].name == TAG
    assert (image.command, (image.root / "app/main.py").read_text()) == (("python", "main.py"), "print('hello')")


async def test_the_same_sources_give_the_same_digest(shop: Shop, built: Built) -> None:
    shop.put(FILES)
    first = await built(order())

    second = await built(order())

    assert first.id != second.id
    assert first.results.images[0].digest == second.results.images[0].digest


async def test_the_operation_ends_with_the_build(shop: Shop, client: Client) -> None:
    shop.put(FILES)

    operation = await asyncio.to_thread(client.create_build, request={"parent": PLACE, "build": order()})
    build = await asyncio.to_thread(operation.result, timeout=20)

    assert build.results.images[0].digest.startswith("sha256:")


async def test_the_operation_of_a_failed_build_is_an_error(shop: Shop, client: Client) -> None:
    shop.put({**FILES, "Dockerfile": "FROM a\nCOPY nothing /\n"})

    operation = await asyncio.to_thread(client.create_build, request={"parent": PLACE, "build": order()})

    with pytest.raises(Unknown, match="Dockerfile:2: COPY of nothing"):
        await asyncio.to_thread(operation.result, timeout=20)


async def test_the_path_without_a_location_is_the_global_one(shop: Shop, client: Client) -> None:
    shop.put(FILES)

    operation = await asyncio.to_thread(client.create_build, request={"project_id": "sd-local", "build": order()})
    build = await asyncio.to_thread(client.get_build, request={"project_id": "sd-local", "id": operation.metadata.build.id})

    assert build.name.startswith("projects/100000000001/locations/global/builds/")


async def test_a_broken_dockerfile_fails_with_its_line_and_no_path_of_this_machine(shop: Shop, built: Built) -> None:
    shop.put({**FILES, "Dockerfile": "FROM a\nRUN python -c \"print('out of luck'); raise SystemExit(3)\"\n"})

    build = await built(order())

    assert (build.status, build.failure_info.type_) == (Build.Status.FAILURE, FAILURE.USER_BUILD_STEP)
    assert re.search(r"(?s)failed: Dockerfile:2: .*exit code 3.*out of luck", build.failure_info.detail)
    assert str(shop.layout.root) not in build.failure_info.detail


async def test_a_source_that_is_not_there_fails_the_build(built: Built) -> None:
    build = await built(order("missing.tar.gz"))

    assert (build.status, build.failure_info.type_) == (Build.Status.FAILURE, FAILURE.FETCH_SOURCE_FAILED)
    assert f"gs://{BUCKET}/missing.tar.gz" in build.failure_info.detail


async def test_an_archive_cannot_leave_its_folder(shop: Shop, built: Built) -> None:
    shop.put({**FILES, "../outside.txt": "x"})

    build = await built(order())

    assert build.failure_info.type_ is FAILURE.FETCH_SOURCE_FAILED
    assert not list(shop.layout.root.rglob("outside.txt"))


async def test_an_image_that_no_step_made_fails_the_push(shop: Shop, built: Built) -> None:
    shop.put(FILES)

    build = await built(order(images=[f"{IMAGE}:other"]))

    assert build.failure_info.type_ is FAILURE.PUSH_IMAGE_NOT_FOUND


async def test_a_step_that_is_no_docker_build_is_refused_by_name(shop: Shop, built: Built) -> None:
    shop.put(FILES)

    build = await built(order(steps=[{"name": "ubuntu", "args": ["make"]}]))

    assert "not ubuntu make" in build.failure_info.detail


async def test_the_build_account_is_asked_for_what_google_asks_it_for(shop: Shop, built: Built) -> None:
    shop.put(FILES)

    await built(order())

    assert {question for question in shop.asked if question[0] == ACCOUNT} == {
        (ACCOUNT, "storage.objects.get", f"projects/_/buckets/{BUCKET}/objects/source.tar.gz"),
        (ACCOUNT, "logging.logEntries.create", "projects/sd-local"),
        (ACCOUNT, "artifactregistry.repositories.uploadArtifacts", "projects/sd-local/locations/us-central1/repositories/sd-dev"),
    }


@pytest.mark.parametrize(
    ("permission", "kind"),
    [
        ("storage.objects.get", FAILURE.FETCH_SOURCE_FAILED),
        ("artifactregistry.repositories.uploadArtifacts", FAILURE.PUSH_NOT_AUTHORIZED),
    ],
)
async def test_a_missing_permission_fails_the_build_and_is_named(shop: Shop, built: Built, permission: str, kind: object) -> None:
    shop.put(FILES)
    shop.denied.add(permission)

    build = await built(order())

    assert build.failure_info.type_ is kind
    assert ACCOUNT in build.failure_info.detail
    assert permission in build.failure_info.detail


@pytest.mark.parametrize("permission", ["cloudbuild.builds.create", "iam.serviceAccounts.actAs"])
async def test_whoever_orders_a_build_needs_to_be_allowed_to(shop: Shop, client: Client, permission: str) -> None:
    shop.denied.add(permission)

    with pytest.raises(Forbidden, match=f"Permission '{permission}' denied on resource"):
        await submitted(client, order())


async def test_a_build_of_an_own_account_must_say_where_its_log_goes(client: Client) -> None:
    assert "CLOUD_LOGGING_ONLY" in await refusal(client, order(options={}))


async def test_a_build_without_an_account_of_its_own_is_refused(client: Client) -> None:
    assert "service_account is not set" in await refusal(client, order(service_account=""))


async def test_a_build_without_steps_is_refused(client: Client) -> None:
    assert "at least one build step" in await refusal(client, order(steps=[]))


async def test_an_unknown_build_is_not_found(client: Client) -> None:
    with pytest.raises(NotFound):
        await asyncio.to_thread(client.get_build, request={"name": f"{PLACE}/builds/none"})


async def test_what_is_not_served_says_so(client: Client) -> None:
    with pytest.raises(MethodNotImplemented, match="not served by the local Cloud Build"):
        await asyncio.to_thread(client.list_build_triggers, request={"parent": PLACE, "project_id": ""})


async def test_a_cancelled_build_ends(shop: Shop, client: Client) -> None:
    shop.put(SLOW)
    key = await submitted(client, order())

    cancelled = await asyncio.to_thread(client.cancel_build, request={"name": f"{PLACE}/builds/{key}"})

    assert cancelled.status is Build.Status.CANCELLED


async def test_a_build_that_takes_too_long_is_ended(shop: Shop, built: Built) -> None:
    shop.put(SLOW)

    build = await built(order(timeout={"seconds": 1}))

    assert build.status is Build.Status.TIMEOUT


async def test_builds_outlive_the_daemon_and_those_under_way_are_ended(shop: Shop, client: Client, built: Built) -> None:
    shop.put(FILES)
    done = await built(order())
    shop.put(SLOW)
    open_build = await submitted(client, order())
    await shop.build.stop()

    shop.build = shop.again()
    await shop.build.start()
    found = await asyncio.to_thread(client.list_builds, request={"parent": PLACE})

    assert {build.id: build.status for build in found} == {done.id: Build.Status.SUCCESS, open_build: Build.Status.INTERNAL_ERROR}
