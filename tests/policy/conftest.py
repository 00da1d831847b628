from collections.abc import Iterator

import pytest

from scripts.policy import Pack, running


@pytest.fixture(scope="session")
def pack() -> Iterator[Pack]:
    """The policy pack in its own environment, asked as Pulumi's engine asks it."""
    with running() as found:
        yield found
