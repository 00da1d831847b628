"""Google's tokens, signed by keys of this machine: what workloads, pushes and signed-in people show to one another."""

import hashlib
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from local.gateway import certificates, keys
from local.layout import Layout

HOUR_S = 3600
ASSERTION_S = 600
# IAP lets its clock differ from ours by this much
SKEW_S = 30

GOOGLE = "https://accounts.google.com"
IAP = "https://cloud.google.com/iap"
_API = "https://googleapis.com/"
# marks access tokens, so that no identity token passes for one
_ACCESS_TYPE = "at+jwt"


class Refused(Exception):
    """A token that is not ours, is over, or is meant for somebody else."""


class Tokens:
    def __init__(self, layout: Layout) -> None:
        folder = layout.folder("keys")
        self._rsa = keys.rsa_key(folder / "google.pem")
        self._ec = keys.ec_key(folder / "iap.pem")
        self._rsa_id = keys.key_id(self._rsa.public_key())
        self._ec_id = keys.key_id(self._ec.public_key())
        self._certificate = certificates.self_signed(folder / "google.crt", self._rsa)

    def access_token(self, account: str) -> str:
        """What a metadata server gives out: good for one hour, for every API."""
        return self._google({"email": account, "aud": _API}, account, {"typ": _ACCESS_TYPE})

    def principal(self, access_token: str) -> str:
        """The e-mail address of the account that it was issued to. Raises Refused."""
        if self._header(access_token).get("typ") != _ACCESS_TYPE:
            raise Refused("This is not an access token of the local cloud. Its metadata servers give them out.")
        return str(self._claims(access_token, _API)["email"])

    def identity_token(self, account: str, audience: str) -> str:
        return self._google({"email": account, "email_verified": True, "aud": audience, "azp": stable_number(account)}, account, {})

    def verify_identity_token(self, token: str, audience: str) -> str:
        """The e-mail address that it was issued for. Raises Refused."""
        if self._header(token).get("typ") == _ACCESS_TYPE:
            raise Refused("This is an access token. An identity token is needed here.")
        return str(self._claims(token, audience)["email"])

    def iap_assertion(self, email: str, audience: str) -> str:
        now = int(time.time())
        claims = {
            "iss": IAP,
            "aud": audience,
            "sub": f"accounts.google.com:{stable_number(email)}",
            "email": email,
            "iat": now - SKEW_S,
            "exp": now + ASSERTION_S,
        }
        return jwt.encode(claims, self._ec, algorithm="ES256", headers={"kid": self._ec_id})

    def google_certs(self) -> dict[str, str]:
        """What https://www.googleapis.com/oauth2/v1/certs answers: an x509 certificate for each key id."""
        return {self._rsa_id: self._certificate.public_bytes(Encoding.PEM).decode()}

    def google_jwks(self) -> dict[str, Any]:
        """The same key as https://www.googleapis.com/oauth2/v3/certs answers it."""
        key = RSAAlgorithm.to_jwk(self._rsa.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._rsa_id, "alg": "RS256", "use": "sig"}]}

    def iap_keys(self) -> dict[str, str]:
        """What https://www.gstatic.com/iap/verify/public_key answers."""
        return {self._ec_id: keys.public_pem(self._ec.public_key())}

    def iap_jwks(self) -> dict[str, Any]:
        """The same key as https://www.gstatic.com/iap/verify/public_key-jwk answers it."""
        key = ECAlgorithm.to_jwk(self._ec.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._ec_id, "alg": "ES256", "use": "sig"}]}

    def _google(self, claims: dict[str, Any], account: str, header: dict[str, Any]) -> str:
        now = int(time.time())
        whole = {"iss": GOOGLE, "sub": stable_number(account), "iat": now, "exp": now + HOUR_S, **claims}
        return jwt.encode(whole, self._rsa, algorithm="RS256", headers={"kid": self._rsa_id, **header})

    def _header(self, token: str) -> dict[str, Any]:
        try:
            return jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise Refused(f"The token cannot be read ({error}).") from error

    def _claims(self, token: str, audience: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                self._rsa.public_key(),
                algorithms=["RS256"],
                audience=audience,
                issuer=GOOGLE,
                leeway=10,
                options={"require": ["exp", "iat", "sub", "email"]},
            )
        except jwt.InvalidTokenError as error:
            raise Refused(f"The token is not good for {audience} ({error}).") from error


def stable_number(email: str) -> str:
    """21 digits, as Google's account ids have; the same for the same address, everywhere and always."""
    return "1" + str(int(hashlib.sha256(email.lower().encode()).hexdigest(), 16))[-20:]
