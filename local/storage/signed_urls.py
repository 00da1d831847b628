"""Signed URLs, version 4: the URL itself proves that a service account allows the request."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from local.storage.calls import Call, PublicKey
from local.storage.errors import BadSignature, ExpiredUrl, Forbidden, Invalid
from local.storage.routing import decoded

_UNSIGNED = "UNSIGNED-PAYLOAD"
_ALGORITHM = "GOOG4-RSA-SHA256"
_CREDENTIAL = re.compile(r"(?P<account>[^/]+)/(?P<scope>(?P<day>\d{8})/[a-z0-9-]+/storage/goog4_request)")
_LONGEST_S = 7 * 86_400
_SKEW = timedelta(minutes=15)


def is_signed(call: Call) -> bool:
    return any(name.lower() in {"x-goog-signature", "googleaccessid", "signature"} for name in call.query)


def verify(call: Call, public_key: PublicKey | None) -> str:
    """The service account that signed. Raises Forbidden, BadSignature, ExpiredUrl, Invalid."""
    if public_key is None:
        raise Forbidden("Signed URLs cannot be checked: this server was started without the signers' public keys.")
    if call.query.get("X-Goog-Algorithm") != _ALGORITHM:
        raise Forbidden(f"Only signed URLs of version 4 with {_ALGORITHM} are accepted.")
    credential = _CREDENTIAL.fullmatch(call.query.get("X-Goog-Credential", ""))
    signed = call.query.get("X-Goog-SignedHeaders", "").split(";")
    if credential is None or "host" not in signed:
        raise Invalid("The signed URL lacks X-Goog-Credential, or its X-Goog-SignedHeaders lack host.")
    _check_headers(call, signed)
    pem = public_key(credential["account"])
    if pem is None:
        raise Forbidden(f"The signer of the URL, {credential['account']}, is not known here.")
    _check_signature(pem, call, credential["scope"], signed)
    # after the signature: only a genuine date is worth a word about expiry
    _check_time(call, credential["day"])
    return credential["account"]


def _check_headers(call: Call, signed: Sequence[str]) -> None:
    unsigned = [name.lower() for name in call.headers if name.lower().startswith("x-goog-") and name.lower() not in signed]
    if unsigned:
        raise Invalid(f"The request has headers that its URL did not sign: {', '.join(unsigned)}.")
    if call.headers.get("x-goog-content-sha256", _UNSIGNED) != _UNSIGNED:
        raise Invalid("A signed hash of the payload is not supported here: leave x-goog-content-sha256 out.")


def _check_signature(pem: str, call: Call, scope: str, signed: Sequence[str]) -> None:
    canonical = _canonical(call, signed)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    stated = "\n".join([_ALGORITHM, call.query.get("X-Goog-Date", ""), scope, digest])
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise Forbidden("The signer's public key is not an RSA key.")
    try:
        key.verify(bytes.fromhex(call.query.get("X-Goog-Signature", "")), stated.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        raise BadSignature(stated, canonical) from None


def _check_time(call: Call, day: str) -> None:
    try:
        signed_at = datetime.strptime(call.query["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(call.query["X-Goog-Expires"])
    except (KeyError, ValueError):
        raise Invalid("X-Goog-Date or X-Goog-Expires of the signed URL is missing or malformed.") from None
    if not 0 < seconds <= _LONGEST_S or f"{signed_at:%Y%m%d}" != day:
        raise Invalid(f"X-Goog-Expires is {seconds}; 1 to {_LONGEST_S} is allowed, and X-Goog-Date must be of the credential's day.")
    now = datetime.now(UTC)
    if now > signed_at + timedelta(seconds=seconds):
        raise ExpiredUrl(signed_at + timedelta(seconds=seconds))
    if now < signed_at - _SKEW:
        raise Forbidden(f"The signed URL is dated {signed_at}, which is not yet.")


def _canonical(call: Call, signed: Sequence[str]) -> str:
    query = sorted((_quoted(name), _quoted(value)) for name, value in call.query.items() if name != "X-Goog-Signature")
    headers = [f"{name}:{' '.join(','.join(call.headers.getall(name, [''])).split())}\n" for name in signed]
    return "\n".join(
        [
            call.method,
            quote(decoded(call.raw_path), safe="/~"),
            "&".join(f"{name}={value}" for name, value in query),
            "".join(headers),
            ";".join(signed),
            _UNSIGNED,
        ]
    )


def _quoted(text: str) -> str:
    return quote(text, safe="~")
