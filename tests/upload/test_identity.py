import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.upload.app import create_app
from services.upload.identity import KeysUnavailable, MissingAudience, Refused, Verifier
from tests.upload import cloud
from tests.upload.conftest import Service

LONG_AGO, FAR_OFF = 946684800, 4102444800


@pytest.fixture
def verifier(provider: cloud.IdentityProvider) -> Verifier:
    return Verifier(cloud.AUDIENCE, provider.url)


def test_an_assertion_of_the_provider_names_the_user(verifier: Verifier, provider: cloud.IdentityProvider) -> None:
    user = verifier.user(provider.assertion("ada@example.com"))

    assert (user.id, user.email) == ("accounts.google.com:ada@example.com", "ada@example.com")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "/projects/1/locations/us-central1/services/other"},
        {"aud": None},
        {"iss": "https://accounts.google.com"},
        {"iss": None},
        {"exp": LONG_AGO + 600, "iat": LONG_AGO},
        {"iat": FAR_OFF},
        {"sub": ""},
        {"sub": None},
        {"email": None},
        {"email": ""},
    ],
    ids=str,
)
def test_a_claim_that_does_not_fit_is_refused(verifier: Verifier, provider: cloud.IdentityProvider, changes: dict[str, object]) -> None:
    claims = {key: value for key, value in provider.claims(**changes).items() if value is not None}

    with pytest.raises(Refused):
        verifier.user(provider.signed(claims))


def forgeries(provider: cloud.IdentityProvider) -> dict[str, str]:
    head, body, signature = provider.assertion().split(".")
    other = ec.generate_private_key(ec.SECP256R1())
    rsa_key = rsa.generate_private_key(65537, 2048)
    kid = {"kid": provider.key_id}
    unsigned = jwt.encode(provider.claims(), None, "none", headers=kid)
    mallory = provider.assertion("mallory@example.com").split(".")[1]
    return {
        "nothing": "",
        "garbage": "abc",
        "three parts of garbage": "a.b.c",
        "no algorithm": unsigned,
        "a shared secret": jwt.encode(provider.claims(), "x" * 64, "HS256", headers=kid),
        "another key of the same id": jwt.encode(provider.claims(), other, "ES256", headers=kid),
        "another algorithm": jwt.encode(provider.claims(), rsa_key, "RS256", headers=kid),
        "an unknown key": provider.signed(provider.claims(), "k9"),
        "another body": f"{head}.{mallory}.{signature}",
        "a cut signature": f"{head}.{body}.{signature[:-4]}",
        "letters outside ASCII": f"{head}.{body}.ü",
    }


@pytest.mark.parametrize("kind", list(forgeries(cloud.IdentityProvider())))
def test_a_forgery_is_refused(verifier: Verifier, provider: cloud.IdentityProvider, kind: str) -> None:
    with pytest.raises(Refused):
        verifier.user(forgeries(provider)[kind])


def test_keys_are_fetched_once_for_many_assertions(verifier: Verifier, provider: cloud.IdentityProvider) -> None:
    before = provider.fetched

    for _ in range(20):
        verifier.user(provider.assertion())

    assert provider.fetched == before + 1


def test_without_the_provider_nobody_gets_in(provider: cloud.IdentityProvider) -> None:
    verifier = Verifier(cloud.AUDIENCE, f"http://127.0.0.1:{cloud.free_port()}/")

    with pytest.raises(KeysUnavailable):
        verifier.user(provider.assertion())


def test_without_an_audience_the_service_does_not_start(service: Service) -> None:
    from dataclasses import replace

    with pytest.raises(MissingAudience):
        create_app(replace(service.parts.settings, iap_audience=""))


def test_the_same_key_of_another_caller_is_another_job(service: Service) -> None:
    mine = service.create(key="one")

    service.email = "eve@example.com"

    assert service.create(key="one").json["id"] != mine.json["id"]
