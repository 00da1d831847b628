"""`python -m tests.bench.unguarded --root FOLDER`: the local cloud in which nobody is refused, to measure what refusing costs."""

import argparse
import asyncio
import time
from pathlib import Path

from local import daemon
from local.cloud import LocalCloud
from local.iam.needs import EVERYBODY


async def serve(root: Path) -> None:
    """Until it is told to stop."""
    told = asyncio.create_task(daemon.until_told())
    cloud = LocalCloud(root, lambda line: None, time.monotonic(), EVERYBODY)
    try:
        await cloud.start()
        await told
    finally:
        await cloud.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    root = parser.parse_args().root.resolve()
    with daemon.guarded(root):
        asyncio.run(serve(root))


if __name__ == "__main__":
    main()
