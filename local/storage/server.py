"""Cloud Storage as a part of the local cloud."""

from aiohttp import web

from local.iam.needs import EVERYBODY, Guard
from local.layout import LOOPBACK, Layout, Ports, Project
from local.storage.calls import PublicKey, Service
from local.storage.edge import application
from local.storage.store import Store

_PROJECT = Project()


class StorageServer:
    """`public_key` answers the PEM of a service account's RSA public key; without it signed URLs are refused."""

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
        self._port = ports.get("storage")
        self._service = Service(self.store, public_key, guard)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        # bodies are stored as they come: what is sent compressed stays compressed
        self._runner = web.AppRunner(
            application(self._service), access_log=None, auto_decompress=False, max_line_size=1 << 15, shutdown_timeout=2.0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port, reuse_address=True).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        self.store.close()
