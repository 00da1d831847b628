"""The gateway: the proxy that workloads use, the servers behind it that speak for Google, and each workload's identity."""

import asyncio
from collections.abc import Mapping

from local.gateway import upstreams
from local.gateway.authorization import Authorization
from local.gateway.certificates import Authority
from local.gateway.grpc_front import GrpcFront
from local.gateway.http_front import HttpFront
from local.gateway.metadata import MetadataServer
from local.gateway.own_answers import OwnAnswers, PublicAnswers
from local.gateway.signers import Signers
from local.gateway.tokens import Tokens
from local.gateway.tunnel import Tunnel
from local.gateway.upstreams import Upstream
from local.iam.needs import EVERYBODY, Guard
from local.layout import LOOPBACK, Layout, Ports, Project

__all__ = ["Gateway", "Upstream"]

_RESOURCE_MANAGER = "cloudresourcemanager.googleapis.com"
_GET_PROJECT = "/google.cloud.resourcemanager.v3.Projects/GetProject"
_NOT_SERVED = ""


class Gateway:
    """Satisfies `interfaces.Identity`."""

    def __init__(
        self, layout: Layout, ports: Ports, tokens: Tokens, project: Project, served: Mapping[str, Upstream], guard: Guard = EVERYBODY
    ) -> None:
        self._ports, self._tokens, self._project, self._served = ports, tokens, project, served
        authority = Authority(layout)
        self.ca = authority.ca
        self._no_gcloud = layout.folder("gcloud")
        self._leaf = authority.leaf(upstreams.certificate_names(served))
        own = OwnAnswers(project, Signers(layout))
        authorization = Authorization(guard)
        self._http = HttpFront(self._leaf, tokens, authorization, PublicAnswers(tokens), own, served)
        self._grpc = self._grpc_fronts(authorization, own)
        self._port = ports.get("gateway")
        self._tunnel = Tunnel(self._port, upstreams.ours, self._route)
        self._metadata: dict[str, MetadataServer] = {}
        self._starting = asyncio.Lock()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        await asyncio.gather(self._http.start(), *(front.start(self._leaf) for front in self._grpc.values()))
        await self._tunnel.start()

    async def stop(self) -> None:
        await self._tunnel.stop()
        await asyncio.gather(*(server.stop() for server in self._metadata.values()), *(front.stop() for front in self._grpc.values()))
        await self._http.stop()

    async def environment(self, account: str) -> Mapping[str, str]:
        """What a workload of `account` needs to reach Google: its metadata server, the proxy, the private CA."""
        async with self._starting:
            if account not in self._metadata:
                server = MetadataServer(account, self._ports.get(f"metadata/{account}"), self._tokens, self._project)
                await server.start()
                self._metadata[account] = server
        metadata, proxy, bundle = self._metadata[account].address, f"http://{self.address}", str(self.ca)
        return {
            "GCE_METADATA_HOST": metadata,
            "GCE_METADATA_IP": metadata,
            "https_proxy": proxy,
            "HTTPS_PROXY": proxy,
            "no_proxy": f"{LOOPBACK},localhost",
            "NO_PROXY": f"{LOOPBACK},localhost",
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
            "NODE_EXTRA_CA_CERTS": bundle,
            # else Google's libraries find the developer's own credentials under HOME before they ask the metadata server
            "CLOUDSDK_CONFIG": str(self._no_gcloud),
        }

    def identity_token(self, account: str, audience: str) -> str:
        return self._tokens.identity_token(account, audience)

    def verify_identity_token(self, token: str, audience: str) -> str:
        """The e-mail address that it was issued for. Raises Refused."""
        return self._tokens.verify_identity_token(token, audience)

    def _grpc_fronts(self, authorization: Authorization, own: OwnAnswers) -> dict[str, GrpcFront]:
        """One for each pattern, since a handler learns the method that was called but not the host."""
        served = {**self._served, _RESOURCE_MANAGER: Upstream(api=own), _NOT_SERVED: Upstream()}
        local = {_RESOURCE_MANAGER: {_GET_PROJECT: own.grpc_project}}
        return {
            pattern: GrpcFront(pattern or "this host", self._tokens, authorization, upstream, local.get(pattern))
            for pattern, upstream in served.items()
        }

    def _route(self, host: str, is_grpc: bool) -> int:
        if not is_grpc:
            return self._http.port
        pattern = upstreams.best_pattern(self._grpc, host)
        return self._grpc[pattern or _NOT_SERVED].port
