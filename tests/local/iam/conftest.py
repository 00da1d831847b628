"""The local cloud's IAM by itself, and one that stands before real servers."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from local.iam.bindings import Binding
from local.iam.server import Iam
from local.layout import Layout, Project

PROJECT = Project()
UPLOAD = "upload@sd-local.iam.gserviceaccount.com"
Grant = Callable[..., Awaitable[str]]


@pytest.fixture
def iam(tmp_path: Path) -> Iam:
    return Iam(Layout(tmp_path), PROJECT)


@pytest.fixture
def grant(iam: Iam) -> Grant:
    """Binds as the provider does; answers the binding's id."""

    async def bound(role: str, place: str, member: str = f"serviceAccount:{UPLOAD}", condition: str = "") -> str:
        identity = f"{place}/{role}/{member}/{condition}"
        await iam.bind(Binding(identity, role, member, place, condition))
        return identity

    return bound
