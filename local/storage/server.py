"""Cloud Storage as a part of the local cloud."""

from aiohttp import web

from local.iam.needs import EVERYBODY, Guard
from local.layout import LOOPBACK, Layout, Ports, Project
from local.storage.calls import PublicKey, Service
from local.storage.edge import HOST, application
from local.storage.store import Store

_PROJECT = Project()


class StorageServer:
    """`public_key` answers the PEM of a service account's RSA public key; without it signed URLs are refused.

    At `address` programs of this machine are let in, and the gateway says whom it lets through. At `links_address` stands what anybody
    finds at storage.googleapis.com: there a signed URL proves itself, and nothing else gives a right.
    """

    def __init__(
        self,
        layout: Layout,
        ports: Ports,
        public_key: PublicKey | None = None,
        project: Project = _PROJECT,
        guard: Guard = EVERYBODY,
    ) -> None:
        self.store = Store(layout.folder("storage"), project)
        self.address = f"{LOOPBACK}:{ports.get('storage')}"
        self.links_address = f"{LOOPBACK}:{ports.get('storage-links')}"
        self._port, self._links_port = ports.get("storage"), ports.get("storage-links")
        self._service = Service(self.store, public_key, guard)
        self._runners: list[web.AppRunner] = []

    async def start(self) -> None:
        await self._listen(application(self._service), self._port)
        await self._listen(application(self._service, HOST), self._links_port)

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        self.store.close()

    async def _listen(self, app: web.Application, port: int) -> None:
        # bodies are stored as they come: what is sent compressed stays compressed
        runner = web.AppRunner(app, access_log=None, auto_decompress=False, max_line_size=1 << 15, shutdown_timeout=2.0)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, port, reuse_address=True).start()
