"""Signatures that Google makes for an account, and the links that they are good for, with Google's own client."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.gateway.server import Upstream
from local.gateway.signers import Signers
from local.iam.apis import ASKS_ITSELF
from local.iam.bindings import Binding
from local.iam.server import Iam
from local.layout import Layout
from local.storage.server import StorageServer
from tests.local.gateway.cloud import ACCOUNT, PROJECT, TestCloud, workload_of
from tests.local.gateway.workload import Workload

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRANGER = "start@sd-local.iam.gserviceaccount.com"
BUCKET, NAME, DATA = "models", "runs/j/a1/model/unet/weights ü.safetensors", b"weights" * 1000
SIGNING = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{ACCOUNT}:signBlob"


class Cloud(TestCloud):
    """With Storage and what IAM allows."""

    def __init__(self, root: Any) -> None:
        layout = Layout(root)
        self.iam = Iam(layout, PROJECT)
        super().__init__(root)
        self.storage = StorageServer(layout, self.ports, Signers(layout).public_key, PROJECT, self.iam)
        served = {"storage.googleapis.com": Upstream(http=self.storage.address, api=ASKS_ITSELF)}
        self.gateway = type(self.gateway)(layout, self.ports, self.tokens, PROJECT, served, self.iam)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    await asyncio.gather(cloud.gateway.start(), cloud.storage.start())
    member = f"serviceAccount:{ACCOUNT}"
    await cloud.iam.bind(Binding("sign", "roles/iam.serviceAccountTokenCreator", member, f"projects/sd-local/serviceAccounts/{ACCOUNT}"))
    await cloud.iam.bind(Binding("read", "roles/storage.objectViewer", member, f"projects/_/buckets/{BUCKET}"))
    cloud.storage.store.put_bucket(BUCKET, {})
    async with aiohttp.ClientSession() as session:
        path = f"http://{cloud.storage.address}/upload/storage/v1/b/{BUCKET}/o"
        async with session.post(path, params={"uploadType": "media", "name": NAME}, data=DATA) as made:
            assert made.status == 200
    yield cloud
    await asyncio.gather(cloud.gateway.stop(), cloud.storage.stop())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workload(cloud: Cloud) -> AsyncIterator[Workload]:
    async with workload_of(cloud) as workload:
        yield workload


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger(cloud: Cloud) -> AsyncIterator[Workload]:
    async with workload_of(cloud, STRANGER) as workload:
        yield workload


def link(name: str, method: str = "GET", seconds: int = 60) -> str:
    """As the upload service makes it."""
    import datetime

    from google.cloud import storage

    from services.upload.weights import AccountSigner

    blob = storage.Client(project="sd-local").bucket(BUCKET).blob(name)
    return str(
        blob.generate_signed_url(
            version="v4",
            expiration=datetime.timedelta(seconds=seconds),
            method=method,
            credentials=AccountSigner(),
            response_disposition='attachment; filename="weights.safetensors"',
        )
    )


def sign(account: str, body: dict[str, Any], project: str = "-") -> tuple[int, Any]:
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    url = f"https://iamcredentials.googleapis.com/v1/projects/{project}/serviceAccounts/{account}:signBlob"
    answer = AuthorizedSession(google.auth.default()[0]).post(url, json=body)
    return answer.status_code, answer.json()


async def fetch(cloud: Cloud, url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """As a browser of the laptop does, which was sent on to where Storage stands."""
    here = url.replace("https://storage.googleapis.com", f"http://{cloud.storage.links_address}")
    async with aiohttp.ClientSession() as session, session.request(method, here, headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


async def test_a_link_that_an_account_signs_is_good_for_a_browser(cloud: Cloud, workload: Workload) -> None:
    url = await workload(link, NAME)

    status, body, headers = await fetch(cloud, url)

    assert url.startswith(f"https://storage.googleapis.com/{BUCKET}/runs/")
    assert (status, body) == (200, DATA)
    assert headers["Content-Disposition"] == 'attachment; filename="weights.safetensors"'


async def test_a_link_is_good_for_a_part_of_a_file(cloud: Cloud, workload: Workload) -> None:
    status, body, _ = await fetch(cloud, await workload(link, NAME), Range="bytes=0-6")

    assert (status, body) == (206, b"weights")


async def test_a_link_is_good_for_its_method_and_file_only(cloud: Cloud, workload: Workload) -> None:
    url = await workload(link, NAME)

    wrong_method, told, _ = await fetch(cloud, url, "DELETE")
    wrong_file, _, _ = await fetch(cloud, url.replace("/a1/", "/a2/"))

    assert (wrong_method, wrong_file) == (403, 403)
    assert b"<Code>SignatureDoesNotMatch</Code>" in told
    assert b"<StringToSign>GOOG4-RSA-SHA256" in told
    assert b"<CanonicalRequest>DELETE" in told


async def test_a_link_ends(cloud: Cloud, workload: Workload) -> None:
    url = await workload(link, NAME, "GET", 1)
    await asyncio.sleep(1.2)

    status, told, _ = await fetch(cloud, url)

    assert status == 400
    assert b"<Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Details>Request signature expired at: " in told


async def test_without_a_signature_nobody_gets_in_there(cloud: Cloud) -> None:
    path = f"https://storage.googleapis.com/{BUCKET}/{NAME}"

    plain, told, _ = await fetch(cloud, path)
    forged, _, _ = await fetch(cloud, path, **{"X-Local-Principal": ACCOUNT})
    through_json, _, _ = await fetch(cloud, f"https://storage.googleapis.com/storage/v1/b/{BUCKET}/o")

    assert (plain, forged, through_json) == (403, 403, 403)
    assert b"Anonymous caller does not have storage.objects.get access" in told


async def test_a_link_is_worth_what_its_signer_may_do(cloud: Cloud, workload: Workload) -> None:
    url = await workload(link, NAME)
    await cloud.iam.suspend("read")

    status, told, _ = await fetch(cloud, url)

    await cloud.iam.restore("read")
    assert status == 403
    assert f"{ACCOUNT} does not have storage.objects.get access".encode() in told


async def test_nobody_signs_for_an_account_without_leave(stranger: Workload) -> None:
    status, body = await stranger(sign, ACCOUNT, {"payload": "aGVsbG8="})

    assert (status, body["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert body["error"]["message"] == "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist)."
    assert body["error"]["details"][0]["metadata"]["permission"] == "iam.serviceAccounts.signBlob"


async def test_nobody_signs_for_themselves_without_leave(stranger: Workload) -> None:
    status, _ = await stranger(sign, STRANGER, {"payload": "aGVsbG8="})

    assert status == 403


async def test_a_signature_is_that_of_the_account(cloud: Cloud, workload: Workload) -> None:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    status, body = await workload(sign, ACCOUNT, {"payload": base64.b64encode(b"hello").decode()})

    pem = Signers(cloud.layout).public_key(ACCOUNT)
    assert status == 200
    assert pem
    key = serialization.load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(base64.b64decode(body["signedBlob"]), b"hello", padding.PKCS1v15(), hashes.SHA256())
    assert len(body["keyId"]) == 40


@pytest.mark.parametrize("body", [{}, {"payload": ""}, {"payload": "!"}, {"payload": 1}])
async def test_a_payload_that_is_none_is_refused(workload: Workload, body: dict[str, Any]) -> None:
    status, answer = await workload(sign, ACCOUNT, body)

    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_the_project_of_an_account_is_a_dash(workload: Workload) -> None:
    status, _ = await workload(sign, ACCOUNT, {"payload": "aGVsbG8="}, "sd-local")

    assert status == 400


async def test_an_address_names_no_file(tmp_path: Any) -> None:
    signers = Signers(Layout(tmp_path))

    await asyncio.to_thread(signers.sign, "../../outside", b"x")

    assert [path.parent.name for path in tmp_path.rglob("*.pem")] == ["accounts"]
    assert signers.public_key("somebody@else") is None
