"""A local cloud that only holds the emulators, for a test that kills it: prints their process ids and stays."""

import asyncio
import sys
from pathlib import Path

from tests.local.gateway.cloud import running


async def stay(root: Path) -> None:
    async with running(root, firestore=True, pubsub=True, interval_s=1) as cloud:
        await cloud.firestore.put_database("sd-local")
        # the first export is slow, since Java loads classes for it
        await cloud.firestore.save()
        print(cloud.firestore.pid, cloud.pubsub.pid, cloud.firestore.address, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(stay(Path(sys.argv[1])))
