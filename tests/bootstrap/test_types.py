"""What Google would refuse of a workload identity pool and its provider is refused in the preview."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local.provider.server import serve
from tests.local.provider.engine import CheckFailed, Engine

POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
OIDC = {"issuerUri": "https://token.actions.githubusercontent.com"}
GOOD: dict[str, Any] = {
    "workloadIdentityPoolId": "sd-dev-github",
    "workloadIdentityPoolProviderId": "actions",
    "attributeMapping": {"google.subject": "assertion.sub"},
    "oidc": OIDC,
}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    server, port = await serve(None)
    engine = Engine(port)
    await engine.attach(tmp_path, project="team-designs", region="us-central1")
    yield engine
    await engine.channel.close()
    await server.stop(None)


@pytest.mark.parametrize("name", ["Pool", "gcp-pool", "abc", "a" * 33, "my pool"])
async def test_a_pool_s_id_that_google_would_refuse(engine: Engine, name: str) -> None:
    with pytest.raises(CheckFailed) as refused:
        await engine.check(POOL, "pool", {"workloadIdentityPoolId": name})

    assert refused.value.properties == ["workloadIdentityPoolId"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"attributeMapping": {"attribute.event": "assertion.event_name"}}, "'attributeMapping' must map google.subject"),
        (
            {"attributeMapping": {"google.subject": "assertion.sub", "event": "assertion.event_name"}},
            "attribute.NAME in lower case; 'event'",
        ),
        ({"attributeMapping": {"google.subject": "assertion.sub", "attribute.Event": "x"}}, "'attribute.Event' is none"),
        ({"oidc": {"issuerUri": "http://token.example"}}, "the https URL of an issuer"),
        ({"aws": {"accountId": "123456789012"}}, "aws and oidc conflict"),
        ({"oidc": None}, "exactly one of aws, oidc, saml, x509"),
        ({"attributeCondition": "x" * 4097}, "at most 4096 characters"),
    ],
)
async def test_a_provider_that_google_would_refuse(engine: Engine, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(CheckFailed, match=said):
        await engine.check(PROVIDER, "provider", {name: value for name, value in {**GOOD, **changed}.items() if value is not None})


async def test_a_good_provider_is_taken(engine: Engine) -> None:
    checked = await engine.check(PROVIDER, "provider", GOOD)

    assert checked["oidc"] == OIDC
