"""Every route of the API, and everybody who should not get through: generated from its description."""

import base64
import hashlib
import hmac
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from jobs.account import Webhook
from services.upload.contract import OPEN
from services.upload.description import FILE, METHODS
from services.upload.identity import HEADER
from services.upload.weights import Weights
from tests.upload import cloud, trained
from tests.upload.conftest import Service
from tests.upload.signing import signer

SPEC = json.loads(FILE.read_text())
EVE = "eve@example.com"
LONG_AGO, FAR_OFF = 946684800, 4102444800
AJAX = {"X-Requested-With": "XMLHttpRequest"}


@dataclass(frozen=True)
class Route:
    name: str
    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def ids(self) -> set[str]:
        return set(re.findall(r"{(\w+)}", self.path))

    def request(self, ids: Mapping[str, Any]) -> dict[str, Any]:
        """As somebody would send it who is allowed to."""
        known = {each["name"]: each for each in self.operation["parameters"] if each["in"] == "header" and each["required"]}
        headers = {**AJAX, **{name: each.get("example") or each["schema"]["example"] for name, each in known.items()}}
        return {"path": self.path.format(**ids), "method": self.method, "headers": headers, **self._body()}

    def _body(self) -> dict[str, Any]:
        content = self.operation.get("requestBody", {}).get("content", {})
        if self.name == "putWebhook":
            return {"json": {"url": "https://1.1.1.1/hook"}}  # a name would have to be looked up
        if "application/json" in content:
            (model,) = content["application/json"]["examples"]
            return {"json": SPEC["components"]["examples"][model]["value"]}
        if "multipart/form-data" in content:
            return {"data": {"images": [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]}}
        return {"data": cloud.picture(0)} if content else {}


ROUTES = [
    Route(operation["operationId"], method.upper(), path, operation)
    for path, operations in SPEC["paths"].items()
    for method, operation in operations.items()
    if method in METHODS
]
GUARDED = [route for route in ROUTES if route.name not in OPEN]
# not for callers, so not in the description; each is tried below
HIDDEN = {"/push/generations", "/openapi.json"}
NOBODYS = dict.fromkeys(["job_id", "model_id", "upload_id", "generation_id", "receipt_id"], "0" * 26) | {
    **{"picture": "before", "file": "a.bin", "number": 1},
    "slug": "not-found",
}


def test_every_route_has_its_row(service: Service) -> None:
    described = {(route.method, re.sub(r"{(\w+)}", "<>", route.path)) for route in ROUTES}
    rules = [rule for rule in service.http.application.url_map.iter_rules() if rule.rule not in HIDDEN and rule.endpoint != "static"]
    served = {(method, re.sub(r"<[^>]+>", "<>", rule.rule)) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}

    assert served == described
    assert {route.name for route in ROUTES} == OPEN | FOREIGN | ALONE.keys(), "say here what another caller may see of it"


def forged(provider: cloud.IdentityProvider) -> Mapping[str, Mapping[str, str]]:
    """Headers that prove nothing."""
    head, body, signature = provider.assertion().split(".")
    eves = provider.assertion(EVE).split(".")[1]
    kid, claims = {"kid": provider.key_id}, provider.claims()
    public = provider.public_pem().encode()
    assertions = {
        "no token": "",
        "garbage": "abc",
        "three parts of garbage": "a.b.c",
        "alg none": jwt.encode(claims, None, "none", headers=kid),
        "HS256 with the public key": _hs256(claims, public, kid),
        "another key of the same id": jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers=kid),
        "an unknown key": provider.signed(claims, "k9"),
        "a tampered payload": f"{head}.{eves}.{signature}",
        "a cut signature": f"{head}.{body}.{signature[:-4]}",
        "expired": provider.assertion(iat=LONG_AGO, exp=LONG_AGO + 600),
        "issued in the future": provider.assertion(iat=FAR_OFF, exp=FAR_OFF + 600),
        "for another audience": provider.assertion(aud="/projects/1/locations/us-central1/services/other"),
        "of another issuer": provider.assertion(iss="https://accounts.google.com"),
        "without an e-mail": provider.signed({name: value for name, value in claims.items() if name != "email"}),
        "without a subject": provider.assertion(sub=""),
    }
    plain = {"X-Goog-Authenticated-User-Email": "accounts.google.com:ada@example.com", "X-Goog-Authenticated-User-Id": "1"}
    bearer = {"Authorization": f"Bearer {provider.assertion()}"}
    signed = {name: {HEADER: assertion} if assertion else {} for name, assertion in assertions.items()}
    return {**signed, "an e-mail that nobody signed": plain, "an assertion in another header": bearer}


def _hs256(claims: Mapping[str, Any], public: bytes, kid: Mapping[str, str]) -> str:
    """By hand: the library refuses to sign with a public key."""

    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    text = f"{encoded(json.dumps({'alg': 'HS256', 'typ': 'JWT', **kid}).encode())}.{encoded(json.dumps(claims).encode())}"
    return f"{text}.{encoded(hmac.new(public, text.encode(), hashlib.sha256).digest())}"


def guarded(answer: Any) -> bool:
    """Whether an answer says what browsers may not do with it."""
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}
    policy = answer.headers.get("Content-Security-Policy", "")
    named = all(answer.headers.get(name) == value for name, value in wanted.items())
    return named and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "Cache-Control" in answer.headers


@pytest.mark.parametrize("kind", forged(cloud.IdentityProvider()))
def test_a_forged_identity_opens_nothing(service: Service, kind: str) -> None:
    headers = forged(service.provider)[kind]

    for route in GUARDED:
        asked = route.request(NOBODYS)
        answer = service.http.open(**{**asked, "headers": {**asked["headers"], **headers}})
        assert (answer.status_code, answer.json["code"]) == (401, "NOT_SIGNED_IN"), route.name
        assert guarded(answer), route.name
    assert _documents(service) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"X-Requested-With": "fetch"},
        {"Content-Type": "text/plain", "Origin": "https://evil.example"},
        {**AJAX, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_another_site_changes_nothing(service: Service, sent: dict[str, str]) -> None:
    for route in GUARDED:
        if route.method != "GET":
            asked = route.request(NOBODYS)
            own = {name: value for name, value in asked["headers"].items() if name not in AJAX}
            answer = service.http.open(**{**asked, "headers": {**own, HEADER: service.provider.assertion(), **sent}})
            assert (answer.status_code, answer.json["code"]) == (403, "CROSS_SITE"), route.name
            assert guarded(answer), route.name
    assert _documents(service) == {}


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_open_to_all_asks_nobody(service: Service, name: str) -> None:
    (route,) = (route for route in ROUTES if route.name == name)

    answer = service.http.open(**route.request(NOBODYS))

    assert (answer.status_code, guarded(answer)) == (200, True)


@dataclass(frozen=True)
class World:
    """What Ada has, of every kind."""

    ids: Mapping[str, Any]
    service: Service

    def ask(self, route: Route, as_: str) -> Any:
        asked = route.request(self.ids)
        return self.service.call(asked.pop("method"), asked.pop("path"), as_=as_, **asked)


@pytest.fixture
def world(service: Service) -> World:
    job_id = trained.job(service)
    trained.weights(service, job_id, model__a__bin=b"weights")
    trained.with_parts(service, weights=Weights(service.objects.bucket(service.parts.settings.models_bucket), signer))
    drawn = trained.drawn(service, job_id, count=1)
    gone = service.create().json["id"]
    receipt = service.call("DELETE", f"/v1/jobs/{gone}").json
    upload = next(each for each in service.parts.uploads.of_job(job_id) if each.file_name == "0.png")
    ids = {"job_id": job_id, "model_id": job_id, "upload_id": upload.id, "generation_id": drawn.id, "receipt_id": receipt["id"]}
    places = {"picture": f"uploads/{upload.id}", "file": "a/bin", "number": 1}
    service.parts.webhooks.put(Webhook("accounts.google.com:ada@example.com", "https://example.com/", "whsec_c2VjcmV0"))
    return World({**ids, **places}, service)


FOREIGN = {route.name for route in GUARDED if route.ids}


def _of_world(world: World, route: Route) -> World:
    """Pictures of a generation are numbered from 0, versions of a model from 1."""
    return World({**world.ids, "number": 0}, world.service) if "generation_id" in route.ids else world


def test_what_is_anothers_is_not_there(world: World) -> None:
    before = _documents(world.service)

    answers = {route.name: _of_world(world, route).ask(route, EVE) for route in GUARDED if route.ids}

    assert {name: (each.status_code, each.json["code"]) for name, each in answers.items()} == dict.fromkeys(FOREIGN, (404, "NOT_FOUND"))
    assert all(map(guarded, answers.values()))
    assert _documents(world.service) == before


def test_it_is_there_for_its_owner(world: World) -> None:
    """Else the test above would tell nothing. Deletions come last, and that of the job last of all."""
    rank = {"GET": 0, "PUT": 1, "PATCH": 2, "POST": 3, "DELETE": 4}
    routes = sorted((route for route in GUARDED if route.ids), key=lambda route: (rank[route.method], -route.path.count("/"), _last(route)))

    for route in routes:
        answer = _of_world(world, route).ask(route, "ada@example.com")
        assert answer.status_code != 404, (route.name, answer.text)
        assert guarded(answer), route.name
        assert route.method != "GET" or answer.status_code in {200, 302}, (route.name, answer.text)


def _last(route: Route) -> bool:
    return route.name == "deleteJob"


def _sees_none(field: str) -> Callable[[World, Any], bool]:
    return lambda _, answer: answer.status_code == 200 and answer.json[field] == []


def _own_job(world: World, answer: Any) -> bool:
    """Ada's key is not Eve's."""
    job_id = answer.json.get("id") or answer.json["jobId"]
    mine = world.ask(next(route for route in ROUTES if route.name == "createJob"), "ada@example.com").json["id"]
    return answer.status_code < 300 and job_id not in {mine, world.ids["job_id"]}


def _ok(_: World, answer: Any) -> bool:
    return bool(answer.status_code < 300 and "ada@" not in answer.text)


# what another caller gets of routes that name nothing of anybody's
ALONE: Mapping[str, Callable[[World, Any], bool]] = {
    "readMe": lambda _, answer: (answer.json["email"], answer.json["openJobs"], answer.json["quota"]["pictures"]["used"]) == (EVE, 0, 0),
    "readConfig": _ok,
    "listJobs": _sees_none("jobs"),
    "listModels": _sees_none("models"),
    "listGenerations": _sees_none("generations"),
    "createJob": _own_job,
    "uploadForm": _own_job,
    "putWebhook": _ok,
    "readWebhook": lambda _, answer: answer.status_code == 404,
    "deleteWebhook": _ok,
    "deleteMyData": lambda _, answer: answer.status_code == 202 and answer.json["receipts"] == [],
}


@pytest.mark.parametrize("name", ALONE)
def test_who_names_nothing_reaches_only_their_own(world: World, name: str) -> None:
    route = next(route for route in GUARDED if route.name == name)
    before = _documents(world.service)

    answer = world.ask(route, EVE)
    after = _documents(world.service)

    assert ALONE[name](world, answer), answer.text
    assert guarded(answer)
    assert {path: after.get(path) for path in before} == before


def test_a_name_of_anothers_in_ones_own_leads_nowhere(world: World) -> None:
    world.service.email = EVE
    mine, theirs = trained.job(world.service), world.ids
    upload, generation = theirs["upload_id"], theirs["generation_id"]
    paths = [f"uploads/{upload}", f"pictures/uploads/{upload}", f"pictures/generations/{generation}/0"]

    answers = [world.service.call("GET", f"/v1/jobs/{mine}/{path}") for path in paths]
    remix = trained.ask(world.service, mine, prompt=None, remixOf=generation)

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert remix.status_code == 422


def pushes(service: Service) -> Iterator[tuple[str, dict[str, str]]]:
    own = trained.push_headers()
    yield "nobody", {}
    yield "a user", {HEADER: service.provider.assertion(), **AJAX}
    yield "a user who knows the account's token", {HEADER: service.provider.assertion(), **own}
    yield "a user's own token", {"Authorization": f"Bearer {service.provider.assertion()}"}
    yield "another account", trained.push_headers("sd-test-portal@sd-test.iam.gserviceaccount.com")
    yield "the account's name as another's prefix", trained.push_headers(f"{cloud.PUSH_ACCOUNT}.evil.example")
    yield "no token", {"Authorization": "Bearer a.b.c"}
    yield "another scheme", {"Authorization": own["Authorization"].replace("Bearer", "Basic")}


def test_only_pubsub_delivers(world: World) -> None:
    wish = trained.ask(world.service, world.ids["job_id"]).json["id"]
    before = _documents(world.service)

    for who, headers in pushes(world.service):
        answer = world.service.http.post("/push/generations", json={"message": {"data": ""}}, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "NOT_SIGNED_IN"), who
        assert guarded(answer), who

    assert _documents(world.service) == before
    assert trained.push(world.service, wish).status_code == 204


def test_the_description_is_for_who_signed_in_or_not_but_tells_nothing_of_anybody(service: Service) -> None:
    answer = service.http.get("/openapi.json")

    assert (answer.status_code, guarded(answer)) == (200, True)
    assert answer.json.keys() == SPEC.keys()


def _documents(service: Service) -> dict[str, Any]:
    """All that is stored, by path."""
    found = {}
    for collection in service.documents.collections():
        for document in collection.stream():
            found[document.reference.path] = document.to_dict()
            for inner in document.reference.collections():
                found |= {each.reference.path: each.to_dict() for each in inner.stream()}
    return found
