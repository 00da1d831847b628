import stat
from pathlib import Path

import jwt
import pytest
from google.auth import jwt as google_jwt

from local.gateway.tokens import Refused, Tokens, stable_number
from local.layout import Layout

ACCOUNT = "start@sd-local.iam.gserviceaccount.com"
AUDIENCE = "http://127.0.0.1:4711"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(Layout(tmp_path_factory.mktemp("cloud")))


def test_an_access_token_names_its_account(tokens: Tokens) -> None:
    assert tokens.principal(tokens.access_token(ACCOUNT)) == ACCOUNT


def test_an_identity_token_names_its_account_to_its_audience_only(tokens: Tokens) -> None:
    token = tokens.identity_token(ACCOUNT, AUDIENCE)

    assert tokens.verify_identity_token(token, AUDIENCE) == ACCOUNT
    with pytest.raises(Refused, match=r"not good for http://127\.0\.0\.1:4712"):
        tokens.verify_identity_token(token, "http://127.0.0.1:4712")


def test_neither_kind_of_token_passes_for_the_other(tokens: Tokens) -> None:
    with pytest.raises(Refused):
        tokens.principal(tokens.identity_token(ACCOUNT, "https://googleapis.com/"))
    with pytest.raises(Refused):
        tokens.verify_identity_token(tokens.access_token(ACCOUNT), "https://googleapis.com/")


@pytest.mark.parametrize("token", ["", "owner", "a.b.c", "ya29.something"])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(Refused):
        tokens.principal(token)


def test_a_token_of_another_cloud_is_refused(tokens: Tokens, tmp_path: Path) -> None:
    other = Tokens(Layout(tmp_path))

    with pytest.raises(Refused):
        tokens.principal(other.access_token(ACCOUNT))


def test_an_unsigned_token_is_refused(tokens: Tokens) -> None:
    claims = jwt.decode(tokens.access_token(ACCOUNT), options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"typ": "at+jwt"})

    with pytest.raises(Refused):
        tokens.principal(unsigned)


def test_google_auth_reads_identity_tokens_with_the_published_certificate(tokens: Tokens) -> None:
    claims = google_jwt.decode(tokens.identity_token(ACCOUNT, AUDIENCE), certs=tokens.google_certs(), audience=AUDIENCE)

    assert (claims["iss"], claims["email"], claims["email_verified"]) == ("https://accounts.google.com", ACCOUNT, True)


def test_google_auth_reads_assertions_with_the_published_key(tokens: Tokens) -> None:
    audience = "/projects/100000000001/locations/us-central1/services/portal"

    claims = google_jwt.decode(tokens.iap_assertion("ada@example.com", audience), certs=tokens.iap_keys(), audience=audience)

    assert (claims["iss"], claims["email"]) == ("https://cloud.google.com/iap", "ada@example.com")
    assert claims["sub"] == f"accounts.google.com:{stable_number('ada@example.com')}"
    assert "hd" not in claims


def test_published_jwks_hold_the_same_keys(tokens: Tokens) -> None:
    token = tokens.identity_token(ACCOUNT, AUDIENCE)
    jwk = jwt.PyJWKSet.from_dict(tokens.google_jwks())[jwt.get_unverified_header(token)["kid"]]

    assert jwt.decode(token, jwk, algorithms=["RS256"], audience=AUDIENCE)["email"] == ACCOUNT
    assert [key["kid"] for key in tokens.iap_jwks()["keys"]] == list(tokens.iap_keys())


def test_a_restart_keeps_keys_and_tokens(tmp_path: Path) -> None:
    before = Tokens(Layout(tmp_path))

    after = Tokens(Layout(tmp_path))

    assert after.principal(before.access_token(ACCOUNT)) == ACCOUNT
    assert (after.google_certs(), after.iap_keys()) == (before.google_certs(), before.iap_keys())


def test_only_the_owner_can_read_the_keys(tmp_path: Path) -> None:
    Tokens(Layout(tmp_path))

    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}
