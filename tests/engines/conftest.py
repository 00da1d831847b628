import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# the provider's threads outlive a fork; without this, gRPC writes a warning about each child into the test's output
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from tests.engines.folder_cloud import FolderCloud, serve
from tests.engines.stacks import Cli, Embedded, Stack, cli_is_present

# without the CLI, test_hand_over.py says in the report that half of the scenarios did not run
ENGINES: dict[str, type[Stack]] = {"embedded": Embedded, **({"cli": Cli} if cli_is_present() else {})}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[FolderCloud, int]]:
    cloud, port, stop = serve(tmp_path / "cloud")
    yield cloud, port
    stop()


@pytest.fixture(params=list(ENGINES))
def stack(request: pytest.FixtureRequest, tmp_path: Path, served: tuple[FolderCloud, int]) -> Stack:
    return ENGINES[request.param](tmp_path, *served)


@pytest.fixture
def embedded(tmp_path: Path, served: tuple[FolderCloud, int]) -> Embedded:
    return Embedded(tmp_path, *served)
