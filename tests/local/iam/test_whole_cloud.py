"""Google's own clients before the whole local cloud: what a workload may do is what its bindings give."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local import client
from local.cloud import LocalCloud
from local.iam.bindings import Binding
from local.iam.principals import OWNER
from local.iam.refusals import file_of, listed
from local.interfaces import SubscriptionSpec
from tests.local.gateway.workload import Workload
from tests.local.iam.conftest import UPLOAD

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

DATABASE = "projects/sd-local/databases/sd-local"
OWN_DATABASE = f'resource.name == "{DATABASE}"'
PUBSUB_AGENT = "service-100000000001@gcp-sa-pubsub.iam.gserviceaccount.com"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalCloud]:
    cloud = LocalCloud(tmp_path_factory.mktemp("cloud") / ".local", print, time.monotonic())
    try:
        await cloud.start()
        await cloud.firestore.put_database("sd-local")
        await cloud.firestore.put_database("other")
        await cloud.pubsub.put_topic("jobs")
        cloud.storage.store.put_bucket("models", {})
        yield cloud
    finally:
        await cloud.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upload(cloud: LocalCloud) -> AsyncIterator[Workload]:
    workload = Workload(await cloud.gateway.environment(UPLOAD))
    yield workload
    await asyncio.to_thread(workload.end)


async def bind(cloud: LocalCloud, role: str, place: str, condition: str = "", account: str = UPLOAD) -> str:
    identity = f"{place}/{role}/serviceAccount:{account}"
    await cloud.iam.bind(Binding(identity, role, f"serviceAccount:{account}", place, condition))
    return identity


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def clean(cloud: LocalCloud) -> AsyncIterator[None]:
    yield
    for row in cloud.iam.rows():
        await cloud.iam.unbind(row["id"])


def attempt(function: Any) -> tuple[str, str]:
    """The kind of the answer, and what a refusal says."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        function()
    except GoogleAPICallError as error:
        return type(error).__name__, str(error)
    return "done", ""


def documents(database: str, verb: str) -> tuple[str, str]:
    from google.cloud import firestore

    found = firestore.Client(database=database).collection("jobs").document("one")
    acts = {
        "set": lambda: found.set({"state": "ready"}),
        "create": lambda: found.create({"state": "ready"}),
        "update": lambda: found.update({"state": "over"}),
        "delete": found.delete,
        "get": found.get,
        "list": lambda: list(firestore.Client(database=database).collection("jobs").stream()),
    }
    return attempt(acts[verb])


@pytest.mark.parametrize(
    ("verb", "permission"),
    [("set", "create"), ("create", "create"), ("update", "update"), ("delete", "delete"), ("get", "get"), ("list", "get")],
)
async def test_documents_are_refused_in_firestores_words(upload: Workload, verb: str, permission: str) -> None:
    kind, words = await upload(documents, "sd-local", verb)

    assert kind in {"PermissionDenied", "Forbidden"}
    assert "Missing or insufficient permissions." in words
    assert f"datastore.entities.{permission}" in words
    assert DATABASE in words


async def test_a_condition_keeps_an_account_to_its_own_database(cloud: LocalCloud, upload: Workload) -> None:
    await bind(cloud, "roles/datastore.user", "projects/sd-local", OWN_DATABASE)

    own = [await upload(documents, "sd-local", verb) for verb in ("set", "update", "get", "list", "delete")]
    kind, words = await upload(documents, "other", "set")

    assert own == [("done", "")] * 5
    assert (kind, "databases/other" in words) == ("PermissionDenied", True)


async def test_a_reader_reads_and_does_not_write(cloud: LocalCloud, upload: Workload) -> None:
    await bind(cloud, "roles/datastore.viewer", "projects/sd-local")

    assert [(await upload(documents, "sd-local", verb))[0] for verb in ("get", "list", "create")] == ["done", "done", "PermissionDenied"]


def misdirected() -> tuple[str, str]:
    """One database in the header that routes requests, another in the request."""
    from google.cloud.firestore_v1.services.firestore import FirestoreClient

    found = FirestoreClient()
    header = (("x-goog-request-params", "name=projects/sd-local/databases/sd-local"),)
    name = "projects/sd-local/databases/other/documents/jobs/one"
    return attempt(lambda: found.get_document(request={"name": name}, metadata=header))


async def test_the_request_counts_and_not_its_routing_header(cloud: LocalCloud, upload: Workload) -> None:
    await bind(cloud, "roles/datastore.user", "projects/sd-local", OWN_DATABASE)

    kind, words = await upload(misdirected)

    assert (kind, "databases/other" in words) == ("PermissionDenied", True)


def smuggled() -> tuple[str, str]:
    """A commit to one database of a document in another."""
    from google.cloud.firestore_v1.services.firestore import FirestoreClient

    found = FirestoreClient()
    name = "projects/sd-local/databases/other/documents/jobs/one"
    request = {"database": "projects/sd-local/databases/sd-local", "writes": [{"update": {"name": name}}]}
    return attempt(lambda: found.commit(request=request))


async def test_a_commit_reaches_no_other_database(cloud: LocalCloud, upload: Workload) -> None:
    await bind(cloud, "roles/datastore.user", "projects/sd-local", OWN_DATABASE)

    kind, _ = await upload(smuggled)

    assert kind != "done"


def publish() -> tuple[str, str]:
    from google.cloud import pubsub_v1

    return attempt(lambda: pubsub_v1.PublisherClient().publish("projects/sd-local/topics/jobs", b"x").result(timeout=20))


async def test_publishing_takes_a_binding_on_the_topic(cloud: LocalCloud, upload: Workload) -> None:
    refused = await upload(publish)
    await bind(cloud, "roles/pubsub.publisher", "projects/sd-local/topics/jobs")
    allowed = await upload(publish)

    assert refused[0] == "PermissionDenied"
    assert "User not authorized to perform this action." in refused[1]
    assert "pubsub.topics.publish" in refused[1]
    assert allowed == ("done", "")


def rest(method: str, url: str, body: str = "") -> tuple[int, Any]:
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    answer = AuthorizedSession(google.auth.default()[0]).request(method, url, data=body, headers={"Content-Type": "application/json"})
    return answer.status_code, answer.json() if "json" in answer.headers["Content-Type"] else answer.text


async def test_rest_is_refused_with_the_same_details(cloud: LocalCloud, upload: Workload) -> None:
    url = "https://pubsub.googleapis.com/v1/projects/sd-local/topics/jobs:publish"
    status, body = await upload(rest, "POST", url, '{"messages": [{"data": "eA=="}]}')
    await bind(cloud, "roles/pubsub.publisher", "projects/sd-local/topics/jobs")
    allowed, _ = await upload(rest, "POST", url, '{"messages": [{"data": "eA=="}]}')

    (detail,) = body["error"]["details"]
    assert (status, allowed) == (403, 200)
    assert detail["metadata"] == {"permission": "pubsub.topics.publish", "resource": "projects/sd-local/topics/jobs"}


async def test_a_method_that_no_table_has_is_denied_by_name(cloud: LocalCloud, upload: Workload) -> None:
    await bind(cloud, "roles/pubsub.admin", "projects/sd-local")

    status, body = await upload(rest, "GET", "https://pubsub.googleapis.com/v1/projects/sd-local/schemas")

    assert status == 403
    assert "GET /v1/projects/sd-local/schemas of pubsub.googleapis.com" in body["error"]["message"]


async def test_the_project_is_told_to_whoever_may_see_it(cloud: LocalCloud, upload: Workload) -> None:
    url = "https://cloudresourcemanager.googleapis.com/v3/projects/sd-local"
    refused, _ = await upload(rest, "GET", url)
    await bind(cloud, "roles/browser", "projects/sd-local")
    allowed, _ = await upload(rest, "GET", url)

    assert (refused, allowed) == (403, 200)


def objects(verb: str, name: str = "a.txt") -> tuple[str, str]:
    from google.cloud import storage

    blob = storage.Client().bucket("models").blob(name)
    acts = {"write": lambda: blob.upload_from_string("hello"), "read": blob.download_as_bytes, "delete": blob.delete}
    return attempt(acts[verb])


async def test_objects_are_refused_in_storages_words(cloud: LocalCloud, upload: Workload) -> None:
    kind, words = await upload(objects, "write")
    await bind(cloud, "roles/storage.objectUser", "projects/_/buckets/models")
    allowed = [await upload(objects, verb) for verb in ("write", "write", "read", "delete")]

    assert kind == "Forbidden"
    assert f"{UPLOAD} does not have storage.objects.create access to the Google Cloud Storage object." in words
    assert allowed == [("done", "")] * 4


async def test_the_laptops_own_user_gets_everywhere(cloud: LocalCloud) -> None:
    workload = Workload(await cloud.gateway.environment(OWNER))
    try:
        done = [await workload(documents, "other", "set"), await workload(publish), await workload(objects, "write")]
    finally:
        await asyncio.to_thread(workload.end)

    assert done == [("done", "")] * 3


async def test_a_binding_is_taken_away_from_the_running_cloud_for_as_long_as_a_test_wants(cloud: LocalCloud, upload: Workload) -> None:
    binding = await bind(cloud, "roles/pubsub.publisher", "projects/sd-local/topics/jobs")
    taken = client.without(cloud.layout.root, binding)

    await asyncio.to_thread(taken.__enter__)
    without, _ = await upload(publish)
    await asyncio.to_thread(taken.__exit__, None, None, None)
    after, _ = await upload(publish)

    assert (without, after) == ("PermissionDenied", "done")
    with pytest.raises(client.UnknownBinding, match="no/such"):
        await asyncio.to_thread(client.without(cloud.layout.root, "no/such").__enter__)


async def test_refusals_are_listed_with_the_role_that_was_lacked(cloud: LocalCloud, upload: Workload) -> None:
    await upload(publish)

    *_, last = listed(file_of(cloud.layout))
    assert (last.principal, last.permission, last.role) == (UPLOAD, "pubsub.topics.publish", "roles/pubsub.publisher")
    assert cloud.status()["refusals"] > 0


async def command(cloud: LocalCloud, *words: str) -> str:
    call = [sys.executable, "-m", "local", *words, "--root", str(cloud.layout.root)]
    done = await asyncio.to_thread(subprocess.run, call, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


async def test_the_command_line_lists_bindings_and_refusals(cloud: LocalCloud, upload: Workload) -> None:
    binding = await bind(cloud, "roles/datastore.user", "projects/sd-local", OWN_DATABASE)
    await cloud.iam.suspend(binding)
    await upload(publish)

    bindings, refusals = await command(cloud, "bindings"), await command(cloud, "refusals")

    assert f"{binding}  if {OWN_DATABASE}  (suspended)" in bindings
    assert f"{UPLOAD}  pubsub.topics.publish  projects/sd-local/topics/jobs  (roles/pubsub.publisher has it)" in refusals.splitlines()[-1]


class Queue:
    """Pub/Sub's emulator as a neighbour sees it, without the gateway and its questions."""

    def __init__(self, cloud: LocalCloud, session: aiohttp.ClientSession) -> None:
        self._base, self._session = f"http://{cloud.pubsub.address}/v1/projects/sd-local", session

    async def call(self, path: str, **body: Any) -> Any:
        async with self._session.post(f"{self._base}/{path}", json=body) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def take(self, subscription: str) -> list[str]:
        found = await self.call(f"subscriptions/{subscription}:pull", maxMessages=10, returnImmediately=True)
        return [received["ackId"] for received in found.get("receivedMessages", [])]

    async def buried(self, attempts: int) -> bool:
        """Whether a message that is always handed back gets to the dead-letter topic."""
        await self.call("topics/doomed:publish", messages=[{"data": "eA=="}])
        for _ in range(attempts):
            if taken := await self.take("doomed"):
                await self.call("subscriptions/doomed:modifyAckDeadline", ackIds=taken, ackDeadlineSeconds=0)
            if await self.take("inbox"):
                return True
            await asyncio.sleep(0.05)
        return False


@pytest.mark.parametrize("missing", ["roles/pubsub.publisher", "roles/pubsub.subscriber"])
async def test_dead_letters_are_buried_only_if_googles_agent_may(cloud: LocalCloud, missing: str) -> None:
    places = {"roles/pubsub.publisher": "topics/dead", "roles/pubsub.subscriber": "subscriptions/doomed"}
    for topic in ("doomed", "dead"):
        await cloud.pubsub.put_topic(topic)
    await cloud.pubsub.put_subscription(SubscriptionSpec("inbox", "dead"))
    await cloud.pubsub.put_subscription(SubscriptionSpec("doomed", "doomed", dead_letter_topic="dead"))
    bindings = {role: await bind(cloud, role, f"projects/sd-local/{place}", account=PUBSUB_AGENT) for role, place in places.items()}
    await cloud.iam.suspend(bindings[missing])

    async with aiohttp.ClientSession() as session:
        without = await Queue(cloud, session).buried(40)
        told = await cloud.pubsub.subscription("doomed")
        await cloud.iam.restore(bindings[missing])
        after = await Queue(cloud, session).buried(200)
    for subscription in ("doomed", "inbox"):
        await cloud.pubsub.delete_subscription(subscription)

    assert (without, after) == (False, True)
    assert told == SubscriptionSpec("doomed", "doomed", dead_letter_topic="dead")


async def test_what_was_granted_through_the_provider_holds_after_a_restart(cloud: LocalCloud, tmp_path: Path) -> None:
    """A new daemon on the same records knows the same bindings."""
    from local.cloud import _granted
    from local.provider.records import Records

    file = tmp_path / "records.json"
    records = Records(file)
    place = {"project": "sd-local", "member": "serviceAccount:Upload@sd-local.iam.gserviceaccount.com"}
    condition = {"title": "only-sd-local", "expression": OWN_DATABASE}
    role = "projects/sd-local/roles/predict"
    records.put("gcp:projects/iAMCustomRole:IAMCustomRole", role, {"name": role, "permissions": ["aiplatform.endpoints.predict"]})
    records.put("gcp:projects/iAMMember:IAMMember", "one", {**place, "role": role})
    records.put("gcp:projects/iAMMember:IAMMember", "two", {**place, "role": "roles/datastore.user", "condition": condition})
    records.put("gcp:storage/bucketIAMMember:BucketIAMMember", "three", {**place, "bucket": "models", "role": "roles/storage.objectUser"})

    roles, bindings = _granted(file)

    assert roles == [(role, ["aiplatform.endpoints.predict"])]
    member = "serviceAccount:upload@sd-local.iam.gserviceaccount.com"
    assert set(bindings) == {
        Binding("one", role, member, "projects/sd-local"),
        Binding("two", "roles/datastore.user", member, "projects/sd-local", OWN_DATABASE),
        Binding("three", "roles/storage.objectUser", member, "projects/_/buckets/models"),
    }
