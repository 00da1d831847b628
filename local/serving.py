"""A server of the local cloud's own, on a port of the loopback."""

from aiohttp import web

from local.layout import LOOPBACK


class Server:
    """`grace_s` is how long `stop` waits for requests that are under way."""

    def __init__(self, app: web.Application, port: int, grace_s: float = 0.5) -> None:
        self._port = port
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=grace_s)

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
