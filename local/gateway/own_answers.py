"""Google's small services that the gateway answers itself: public keys, accounts' boundaries and signatures, the project over gRPC."""

import asyncio
import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from local.gateway import responses
from local.gateway.signers import Signers
from local.gateway.tokens import Tokens
from local.iam import apis, needs
from local.iam.needs import Need
from local.layout import Project

_OAUTH = "oauth2.googleapis.com"

_GET_PROJECT = "resourcemanager.projects.get"
_BOUNDARY_PATH = re.compile(r"/v1/projects/-/serviceAccounts/[^/]+/allowedLocations")
_SIGN = "iam.serviceAccounts.signBlob"
_SIGN_PATH = re.compile(r"/v1/projects/(?P<project>[^/]+)/serviceAccounts/(?P<account>[^/:]+):signBlob")


class PublicAnswers:
    """What needs no token: the keys with which others check ours."""

    def __init__(self, tokens: Tokens) -> None:
        self._documents: dict[tuple[str, str], Callable[[], object]] = {
            ("www.googleapis.com", "/oauth2/v1/certs"): tokens.google_certs,
            ("www.googleapis.com", "/oauth2/v3/certs"): tokens.google_jwks,
            ("www.gstatic.com", "/iap/verify/public_key"): tokens.iap_keys,
            ("www.gstatic.com", "/iap/verify/public_key-jwk"): tokens.iap_jwks,
        }

    def answer(self, host: str, path: str) -> web.Response | None:
        if (host, path) in self._documents:
            return responses.public(self._documents[host, path]())
        if host == _OAUTH:
            body = {
                "error": "unsupported_grant_type",
                "error_description": "Here only metadata servers issue tokens: use no key file and no refresh token.",
            }
            return web.json_response(body, status=400)
        if host == "www.gstatic.com":
            return responses.failure(404, f"The local cloud has no {path} on www.gstatic.com, only the keys of IAP.")
        return None


class OwnAnswers:
    """What needs a token. Satisfies `apis.Api`."""

    host = "iamcredentials.googleapis.com"

    def __init__(self, project: Project, signers: Signers) -> None:
        self._project, self._signers = project, signers

    def called(self, method: str, message: bytes) -> Sequence[Need]:
        return [Need(_GET_PROJECT, needs.project(self._project))]

    def requested(self, verb: str, path: str, query: Mapping[str, str], body: bytes) -> Sequence[Need]:
        """An account may always ask for its own boundary."""
        signing = _SIGN_PATH.fullmatch(apis.plain(path))
        return [Need(_SIGN, needs.account(self._project, signing["account"]))] if signing else ()

    def words(self, need: Need) -> str:
        """IAM does not say of which account."""
        return f"Permission '{_SIGN}' denied on resource (or it may not exist)." if need.permission == _SIGN else apis.denied(need)

    async def answer(self, method: str, path: str, body: bytes) -> web.Response:
        """For `host`, over REST."""
        signing = _SIGN_PATH.fullmatch(path)
        if signing and method == "POST":
            return await self._sign(signing["project"], signing["account"], body)
        if _BOUNDARY_PATH.fullmatch(path):
            # "0x0" says that the account may be used everywhere
            return web.json_response({"locations": [], "encodedLocations": "0x0"})
        return responses.failure(501, f"The local cloud does not answer {path} of {self.host}, only signBlob.")

    def grpc_project(self, request: bytes) -> bytes | None:
        """google.cloud.resourcemanager.v3.Projects/GetProject on the wire; None for another project than ours."""
        project = self._project
        if request not in {_text(1, f"projects/{name}") for name in (project.id, project.number)}:
            return None
        active = bytes([4 << 3, 1])
        return _text(1, f"projects/{project.number}") + _text(3, project.id) + active + _text(5, project.id)

    async def _sign(self, project: str, account: str, body: bytes) -> web.Response:
        """In a thread: an account's first signature waits for its key."""
        if project != "-":
            return responses.failure(400, "Request contains an invalid argument: the project of a service account is written as `-` here.")
        try:
            payload = base64.b64decode(json.loads(body)["payload"], validate=True)
        except (ValueError, KeyError, TypeError) as error:
            return responses.failure(400, f"Request contains an invalid argument: payload must be base64 ({error!r}).")
        if not payload:
            return responses.failure(400, "Request contains an invalid argument: payload is empty.")
        key_id, signature = await asyncio.to_thread(self._signers.sign, account, payload)
        return web.json_response({"keyId": key_id, "signedBlob": base64.b64encode(signature).decode()})


def _text(number: int, value: str) -> bytes:
    """A protobuf string field; importing the generated classes would cost half a second for two messages of text."""
    data = value.encode()
    return bytes([number << 3 | 2, len(data)]) + data
