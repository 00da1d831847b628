from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import jwt
import pytest
import pytest_asyncio
from aiohttp import web
from google.auth import jwt as google_jwt

from local.gateway import iap
from local.gateway.iap import Iap
from local.gateway.tokens import Tokens
from local.iam.bindings import Binding
from local.iam.server import Iam
from local.layout import LOOPBACK, Layout, Project

AUDIENCE = "/projects/100000000001/locations/us-central1/services/portal"
SIGN_IN = "projects/sd-local/iap_web/cloud_run-us-central1/services/portal"
NOT_A_BROWSERS = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(Layout(tmp_path))


@pytest_asyncio.fixture
async def iam(tmp_path: Path) -> Iam:
    """One that lets everybody of a domain in."""
    iam = Iam(Layout(tmp_path), Project())
    await iam.bind(Binding("designers", "roles/iap.httpsResourceAccessor", "domain:example.com", SIGN_IN))
    return iam


@pytest_asyncio.fixture
async def browser(tmp_path: Path, tokens: Tokens, iam: Iam) -> AsyncIterator[aiohttp.ClientSession]:
    """A client with a cookie jar, before a service that answers with the assertion it was given."""
    proxy = Iap(Layout(tmp_path), tokens, Project(), iam)

    async def service(request: web.Request) -> web.StreamResponse:
        admitted = await proxy.admit(request, AUDIENCE)
        return web.Response(text=admitted) if isinstance(admitted, str) else admitted

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    origin = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(origin, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session
    await runner.cleanup()


async def sign_in(browser: aiohttp.ClientSession, email: str, target: str = "/jobs", **headers: str) -> aiohttp.ClientResponse:
    form = {"email": email, "continue": target}
    return await browser.post("/_iap/sign-in", data=form, headers=headers, allow_redirects=False)


async def test_a_stranger_is_sent_to_sign_in_and_back(browser: aiohttp.ClientSession) -> None:
    answer = await browser.get("/jobs?state=ready&x=%2F", allow_redirects=False)

    assert answer.status == 302
    assert answer.headers["Location"] == "/_iap/sign-in?continue=" + quote("/jobs?state=ready&x=/", safe="")
    assert answer.headers["X-Goog-IAP-Generated-Response"] == "true"


async def test_a_script_without_a_session_gets_401_and_no_redirect(browser: aiohttp.ClientSession) -> None:
    answer = await browser.get("/v1/jobs", headers=NOT_A_BROWSERS, allow_redirects=False)

    assert answer.status == 401
    assert "Location" not in answer.headers


async def test_the_service_gets_an_assertion_of_who_signed_in(browser: aiohttp.ClientSession, tokens: Tokens) -> None:
    signed_in = await sign_in(browser, " Ada@Example.com ")
    answer = await browser.get("/jobs", headers=NOT_A_BROWSERS)

    assert (signed_in.status, signed_in.headers["Location"]) == (303, "/jobs")
    claims = google_jwt.decode(await answer.text(), certs=tokens.iap_keys(), audience=AUDIENCE)
    assert (claims["email"], claims["iss"]) == ("ada@example.com", "https://cloud.google.com/iap")


async def test_the_session_is_for_this_site_and_for_no_script(browser: aiohttp.ClientSession) -> None:
    cookie = (await sign_in(browser, "ada@example.com")).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=43200" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize("key", [b"another key, as long as a real one", None])
async def test_a_session_that_is_not_ours_is_no_session(browser: aiohttp.ClientSession, key: bytes | None) -> None:
    algorithm = "HS256" if key else "none"
    forged = jwt.encode({"email": "ada@example.com", "exp": 9999999999}, key, algorithm=algorithm)

    answer = await browser.get("/jobs", cookies={iap.SESSION: forged}, headers=NOT_A_BROWSERS, allow_redirects=False)

    assert answer.status == 401


async def test_signing_out_ends_the_session(browser: aiohttp.ClientSession) -> None:
    await sign_in(browser, "ada@example.com")

    left = await browser.get("/_iap/sign-out", allow_redirects=False)
    answer = await browser.get("/jobs", headers=NOT_A_BROWSERS, allow_redirects=False)

    assert (left.status, left.headers["Location"], answer.status) == (302, "/_iap/sign-in", 401)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example.com/",
        "//evil.example.com",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "javascript:alert(1)",
        "",
        "/\t/evil.example.com",
        "/_iap/sign-out",
    ],
)
async def test_a_link_to_sign_in_leads_to_no_other_site(browser: aiohttp.ClientSession, target: str) -> None:
    answer = await sign_in(browser, "ada@example.com", target)

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example.com"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_site_cannot_sign_somebody_in(browser: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    answer = await sign_in(browser, "mallory@example.com", **headers)

    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.com", "<script>@x.com", "ada@example", "a" * 5000 + "@example.com"])
async def test_what_is_no_address_is_asked_for_again(browser: aiohttp.ClientSession, email: str) -> None:
    answer = await sign_in(browser, email)

    page = await answer.text()
    assert answer.status == 400
    assert "is not an e-mail address" in page
    assert "<script>" not in page
    assert "Set-Cookie" not in answer.headers


async def test_the_page_runs_nothing_and_loads_nothing(browser: aiohttp.ClientSession) -> None:
    answer = await browser.get("/_iap/sign-in", params={"continue": '/"><script>alert(1)</script>'})

    page = await answer.text()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


async def test_a_program_with_a_token_for_the_service_is_admitted(browser: aiohttp.ClientSession, tokens: Tokens, iam: Iam) -> None:
    await iam.bind(Binding("e2e", "roles/iap.httpsResourceAccessor", "serviceAccount:e2e@sd-local.iam.gserviceaccount.com", SIGN_IN))
    token = tokens.identity_token("e2e@sd-local.iam.gserviceaccount.com", AUDIENCE)

    answer = await browser.get("/v1/jobs", headers={"Authorization": f"Bearer {token}"})

    claims = google_jwt.decode(await answer.text(), certs=tokens.iap_keys(), audience=AUDIENCE)
    assert claims["email"] == "e2e@sd-local.iam.gserviceaccount.com"


async def test_a_program_with_a_token_for_another_service_is_refused(browser: aiohttp.ClientSession, tokens: Tokens) -> None:
    token = tokens.identity_token("e2e@sd-local.iam.gserviceaccount.com", AUDIENCE + "2")

    answer = await browser.get("/v1/jobs", headers={"Authorization": f"Bearer {token}"}, allow_redirects=False)

    assert answer.status == 401
    assert "Invalid IAP credentials" in await answer.text()


async def test_a_form_that_meets_no_session_is_not_repeated(browser: aiohttp.ClientSession) -> None:
    answer = await browser.post("/v1/jobs?x=1", allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (302, "/_iap/sign-in?continue=%2F")


async def test_whoever_no_binding_lets_in_is_told_so_and_may_be_somebody_else(browser: aiohttp.ClientSession, iam: Iam) -> None:
    await sign_in(browser, "mallory@else.example.org")

    page = await browser.get("/jobs", allow_redirects=False)
    script = await browser.get("/jobs", headers=NOT_A_BROWSERS, allow_redirects=False)

    assert (page.status, script.status) == (403, 403)
    assert "You don’t have access" in await page.text()
    assert "mallory@else.example.org" in await page.text()
    assert "/_iap/sign-out" in await page.text()
    assert "mallory@else.example.org lacks iap.webServiceVersions.accessViaIAP" in await script.text()


async def test_a_program_needs_the_same_binding(browser: aiohttp.ClientSession, tokens: Tokens) -> None:
    inside, outside = (tokens.identity_token(email, AUDIENCE) for email in ("ada@example.com", "ada@example.org"))

    answers = [await browser.get("/jobs", headers={"Authorization": f"Bearer {token}"}) for token in (inside, outside)]

    assert [answer.status for answer in answers] == [200, 403]


async def test_access_ends_with_the_binding_and_not_with_the_session(browser: aiohttp.ClientSession, iam: Iam) -> None:
    await sign_in(browser, "ada@example.com")

    before = await browser.get("/jobs", headers=NOT_A_BROWSERS)
    await iam.unbind("designers")
    after = await browser.get("/jobs", headers=NOT_A_BROWSERS)

    assert (before.status, after.status) == (200, 403)
