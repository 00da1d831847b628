"""Who calls: the identity provider's signed header, verified here whatever stands in front of this service."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

ISSUER = "https://cloud.google.com/iap"
KEYS_URL = "https://www.gstatic.com/iap/verify/public_key"
ALGORITHM = "ES256"
HEADER = "X-Goog-IAP-JWT-Assertion"
CLOCK_SKEW_S = 10
_REMEMBERED = 2000
FRESH_S, LAST_RESORT_S, BETWEEN_FETCHES_S, TIMEOUT_S = 3600.0, 6 * 3600.0, 30.0, 5.0


@dataclass(frozen=True)
class User:
    """`id` is the provider's subject, which owns jobs; an address can change hands."""

    id: str
    email: str


class Refused(Exception):
    """The header is missing, or does not prove who calls."""


class KeysUnavailable(Exception):
    """The provider's keys cannot be had now, so nobody can be let in."""


class MissingAudience(Exception):
    """Without an audience a header issued for any other service would pass."""


class Keys:
    """The provider's public keys by id, fetched seldom. An outage of the provider is none of ours for six hours."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._keys: Mapping[str, str] = {}
        self._fetched = self._tried = float("-inf")

    def for_id(self, key_id: str) -> Mapping[str, str]:
        """Raises KeysUnavailable."""
        with self._lock:
            at = time.monotonic()
            stale = at - self._fetched > FRESH_S or key_id not in self._keys
            if stale and at - self._tried > BETWEEN_FETCHES_S:
                self._fetch(at)
            if at - self._fetched > LAST_RESORT_S:
                raise KeysUnavailable(f"the identity provider's keys at {self._url} cannot be read")
            return self._keys

    def _fetch(self, at: float) -> None:
        self._tried = at
        try:
            answer = requests.get(self._url, timeout=TIMEOUT_S)
            answer.raise_for_status()
            self._keys = answer.json()
        except (requests.RequestException, ValueError):
            if not self._keys:
                self._tried = float("-inf")
            return
        self._fetched = at


class Verifier:
    def __init__(self, audience: str, keys_url: str = KEYS_URL) -> None:
        if not audience:
            raise MissingAudience("IAP_AUDIENCE is empty: set it to the audience of the portal's signed header")
        self._audience = audience
        self._keys = Keys(keys_url)
        self._known: dict[str, tuple[User, float]] = {}

    def user(self, assertion: str | None) -> User:
        """Raises Refused and KeysUnavailable."""
        if not assertion:
            raise Refused(f"there is no {HEADER} header")
        user, until = self._known.get(assertion, (None, 0.0))
        if user and time.time() < until:
            return user
        return self._verified(assertion)

    def _verified(self, assertion: str) -> User:
        """A caller sends the same assertion for minutes: it is looked at once, and holds for as long as it says."""
        try:
            header = jwt.decode_header(assertion)
            key_id = str(header.get("kid", ""))
            keys = self._keys.for_id(key_id)
            if header.get("alg") != ALGORITHM or key_id not in keys:
                raise Refused(f"it is not signed by {ALGORITHM} with a key of the identity provider")
            claims = jwt.decode(assertion, certs={key_id: keys[key_id]}, audience=self._audience, clock_skew_in_seconds=CLOCK_SKEW_S)
        except (ValueError, GoogleAuthError) as error:
            raise Refused(str(error)) from error
        user = _user(claims)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[assertion] = user, float(claims["exp"])
        return user


def _user(claims: Mapping[str, object]) -> User:
    if claims.get("iss") != ISSUER:
        raise Refused(f"its issuer is {claims.get('iss')!r}, not {ISSUER}")
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not isinstance(email, str) or not subject or not email:
        raise Refused("it names no subject or no e-mail address")
    return User(subject, email)
