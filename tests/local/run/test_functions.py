import io
import stat
import zipfile
from typing import Any

import aiohttp
import pytest

from local.iam.bindings import Binding
from local.interfaces import BuildSpec, FunctionSpec
from local.run.builds import Builds
from local.run.errors import BadArchive, BuildRefused, NotFound, StartFailed
from local.run.functions import CloudFunctions
from tests.local.run.conftest import PROJECT

ACCOUNT = "start@sd-local.iam.gserviceaccount.com"
HTTP = """
import json, os
from jobs import word

def hello(request):
    return json.dumps({"word": word.WORD, "service": os.environ["K_SERVICE"], "mode": os.environ["MODE"], "cwd": os.getcwd()})
"""
EVENT = """
import base64, sys

def on_message(event):
    print("got", base64.b64decode(event.data["message"]["data"]).decode(), event["type"], flush=True)
"""


def zip_of(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        for name, text in files.items():
            zipped.writestr(name, text)
    return data.getvalue()


@pytest.fixture
async def functions(machine: Any) -> CloudFunctions:
    await machine.grant("hello", "allUsers")
    return CloudFunctions(machine.layout, machine.run, machine.images, Builds(machine.layout, PROJECT, machine.iam))


async def test_an_http_function_runs_from_its_archive(functions: CloudFunctions, client: aiohttp.ClientSession) -> None:
    source = zip_of({"main.py": HTTP, "jobs/__init__.py": "", "jobs/word.py": "WORD = 'job'"})

    uri = await functions.put(FunctionSpec("hello", source, "hello", ACCOUNT, {"MODE": "test"}))
    async with client.get(uri) as response:
        said = await response.json(content_type=None)

    assert (said["word"], said["service"], said["mode"]) == ("job", "hello", "test")
    assert "/run/functions/hello/" in said["cwd"]


async def test_a_push_reaches_a_cloudevent_function(functions: CloudFunctions, machine: Any, client: aiohttp.ClientSession) -> None:
    uri = await functions.put(FunctionSpec("hello", zip_of({"main.py": EVENT}), "on_message", ACCOUNT, signature="cloudevent"))
    push = {
        "message": {"data": "am9iLTE=", "messageId": "1", "publishTime": "2026-01-01T00:00:00Z"},
        "subscription": "projects/p/subscriptions/s",
    }

    async with client.post(uri, json=push) as response:
        assert response.status in (200, 204), await response.text()

    assert "got job-1 google.cloud.pubsub.topic.v1.messagePublished" in (machine.layout.root / "logs/hello.log").read_text()


async def test_a_function_that_cannot_be_loaded_says_why(functions: CloudFunctions) -> None:
    with pytest.raises(StartFailed, match="no_such_module"):
        await functions.put(FunctionSpec("hello", zip_of({"main.py": "import no_such_module"}), "hello", ACCOUNT))


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py", "a/../../outside.py", "..\\outside.py"])
async def test_an_archive_cannot_write_outside(functions: CloudFunctions, machine: Any, name: str) -> None:
    with pytest.raises(BadArchive, match="outside"):
        await functions.put(FunctionSpec("hello", zip_of({"main.py": "", name: "x"}), "hello", ACCOUNT))

    assert not list(machine.layout.root.rglob("outside.py"))


async def test_an_archive_with_a_link_is_refused(functions: CloudFunctions) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        link = zipfile.ZipInfo("main.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "/etc/passwd")

    with pytest.raises(BadArchive, match="a link"):
        await functions.put(FunctionSpec("hello", data.getvalue(), "hello", ACCOUNT))


@pytest.mark.parametrize(("data", "text"), [(b"no zip", "zip file"), (zip_of({"other.py": ""}), "no main.py")])
async def test_an_archive_that_is_no_function_is_refused(functions: CloudFunctions, data: bytes, text: str) -> None:
    with pytest.raises(BadArchive, match=text):
        await functions.put(FunctionSpec("hello", data, "hello", ACCOUNT))


async def test_a_new_archive_replaces_the_old_and_a_delete_leaves_nothing(
    functions: CloudFunctions, machine: Any, client: aiohttp.ClientSession
) -> None:
    for word in ("one", "two", "three"):
        uri = await functions.put(
            FunctionSpec("hello", zip_of({"main.py": f"def hello(request):\n    return '{word}'\n"}), "hello", ACCOUNT)
        )
    async with client.get(uri) as response:
        said = await response.text()
    kept = len(list((machine.layout.root / "run/functions/hello").iterdir()))

    await functions.delete("hello")
    await functions.delete("hello")

    assert (said, kept) == ("three", 2)
    assert functions.rows() == []
    assert list((machine.layout.root / "run/functions").iterdir()) == []


BUILD = BuildSpec(
    "build@sd-local.iam.gserviceaccount.com", "sources", "hello.zip", "projects/sd-local/locations/us-central1/repositories/apps"
)
BUILDER = f"serviceAccount:{BUILD.account}"
SOURCE = zip_of({"main.py": HTTP, "jobs/__init__.py": "", "jobs/word.py": "WORD = 'job'"})
NEEDED = {
    "roles/storage.objectViewer": "projects/_/buckets/sources",
    "roles/artifactregistry.writer": BUILD.repository,
    "roles/logging.logWriter": "projects/sd-local",
}


async def grant_all_but(machine: Any, missing: str) -> None:
    for role, place in NEEDED.items():
        if role != missing:
            await machine.iam.bind(Binding(role, role, BUILDER, place))


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("roles/storage.objectViewer", "build@sd-local.iam.gserviceaccount.com does not have storage.objects.get access"),
        ("roles/artifactregistry.writer", 'denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource'),
    ],
)
async def test_a_build_fails_for_want_of_a_grant_and_says_which(machine: Any, functions: CloudFunctions, missing: str, words: str) -> None:
    await grant_all_but(machine, missing)

    with pytest.raises(BuildRefused, match="build of hello failed") as refused:
        await functions.put(FunctionSpec("hello", SOURCE, "hello", "hello@x", build=BUILD))

    assert words in str(refused.value)
    assert words in (machine.layout.root / "logs" / "hello-build.log").read_text()


async def test_a_build_whose_account_may_write_no_logs_goes_on_without_one(machine: Any, functions: CloudFunctions) -> None:
    await grant_all_but(machine, "roles/logging.logWriter")

    await functions.put(FunctionSpec("hello", SOURCE, "hello", "hello@x", build=BUILD))

    log = (machine.layout.root / "logs" / "hello-build.log").read_text()
    assert "does not have permission to write logs to Cloud Logging" in log
    assert "Fetching" not in log


async def test_a_function_is_built_again_to_see_whether_it_still_can_be(machine: Any, functions: CloudFunctions) -> None:
    await grant_all_but(machine, "")
    await functions.put(FunctionSpec("hello", SOURCE, "hello", "hello@x", build=BUILD))

    before = functions.rebuild("hello")
    await machine.iam.unbind("roles/artifactregistry.writer")
    after = functions.rebuild("hello")

    assert (before["ok"], after["ok"]) == (True, False)
    assert "uploadArtifacts" in after["text"]
    with pytest.raises(NotFound, match="nothing"):
        functions.rebuild("nothing")
