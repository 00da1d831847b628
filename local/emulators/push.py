"""Push deliveries: the emulator calls this relay, which calls the endpoint as Google does, with the subscription's OIDC token."""

import json
import logging
import secrets
from collections.abc import Mapping

import aiohttp
from aiohttp import web

from local.interfaces import Identity, SubscriptionSpec
from local.layout import LOOPBACK

_LOG = logging.getLogger(__name__)

# what Pub/Sub takes for an acknowledgement; the emulator would deliver again after a 202
_ACKNOWLEDGED = frozenset({200, 201, 202, 204})
# a message is at most 10 MB, a third more in base64
_LARGEST_BODY = 16 << 20
_USER_AGENT = "CloudPubSub-Google"


class PushRelay:
    """`subscriptions` is read at each delivery: a changed endpoint or account holds from the next message on."""

    def __init__(self, port: int, identity: Identity, subscriptions: Mapping[str, SubscriptionSpec]) -> None:
        self._port, self._identity, self._subscriptions = port, identity, subscriptions
        # only the emulator knows it, so that no other process has its calls signed
        self._word = secrets.token_urlsafe(16)
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_post(f"/{self._word}/{{subscription}}", self._deliver)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        self._client: aiohttp.ClientSession | None = None

    def url(self, subscription: str) -> str:
        return f"http://{LOOPBACK}:{self._port}/{self._word}/{subscription}"

    async def start(self) -> None:
        self._client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers={"User-Agent": _USER_AGENT})
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
        if self._client:
            await self._client.close()

    async def _deliver(self, request: web.Request) -> web.Response:
        spec = self._subscriptions.get(request.match_info["subscription"])
        if spec is None or spec.push_endpoint is None:
            return web.Response(status=404, text="This subscription pushes no longer.\n")
        body = await request.read()
        status, problem = await self._call(spec, spec.push_endpoint, body)
        if status in _ACKNOWLEDGED:
            _LOG.debug("pushed message %s of %s", _message_id(body), spec.name)
            return web.Response(status=200)
        _LOG.warning("message %s of %s was not taken by %s: %s", _message_id(body), spec.name, spec.push_endpoint, problem)
        return web.Response(status=status, text=f"{problem}\n")

    async def _call(self, spec: SubscriptionSpec, endpoint: str, body: bytes) -> tuple[int, str]:
        """The endpoint's status and, if that is no acknowledgement, what went wrong."""
        assert self._client is not None  # noqa: S101 - deliveries come after start
        # without the threshold aiohttp rounds up to whole seconds
        limit = aiohttp.ClientTimeout(total=spec.ack_deadline_s, ceil_threshold=spec.ack_deadline_s + 1)
        headers = {"Content-Type": "application/json", **self._authorization(spec, endpoint)}
        try:
            async with self._client.post(endpoint, data=body, headers=headers, timeout=limit, allow_redirects=False) as answer:
                text = (await answer.content.read(300)).decode(errors="replace").strip()
                return answer.status, f"{answer.status} {text}"
        except TimeoutError:
            return 504, f"no answer within the acknowledgement deadline of {spec.ack_deadline_s} s"
        except aiohttp.ClientError as error:
            return 502, str(error)

    def _authorization(self, spec: SubscriptionSpec, endpoint: str) -> dict[str, str]:
        if spec.push_account is None:
            return {}
        token = self._identity.identity_token(spec.push_account, spec.push_audience or endpoint)
        return {"Authorization": f"Bearer {token}"}


def _message_id(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"]["messageId"])
    except (ValueError, KeyError, TypeError):
        return "without an id"
