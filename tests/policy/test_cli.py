"""The pack under Pulumi's own CLI: what its PulumiPolicy.yaml promises."""

import json
from pathlib import Path

import pytest

from scripts.policy import PACK
from tests.engines.folder_cloud import serve
from tests.engines.stacks import REPOSITORY, Cli, cli_is_present


def test_a_violation_stops_a_preview_unless_the_team_allows_it(tmp_path: Path) -> None:
    if not cli_is_present():
        pytest.skip("Pulumi's CLI is not on PATH: the pack ran over its own protocol only")
    cloud, port, stop = serve(tmp_path / "cloud")
    stack, pack = Cli(tmp_path, cloud, port), str(REPOSITORY / PACK)
    stack.program('Folder("pictures", location="mars")')
    (tmp_path / "settings.json").write_text(json.dumps({"regions": {"regions": ["mars"]}}))

    refused = stack.preview("--policy-pack", pack)
    allowed = stack.preview("--policy-pack", pack, "--policy-pack-config", str(tmp_path / "settings.json"))
    stop()

    assert refused.code != 0
    assert "[mandatory]  regions" in refused.text
    assert "Folder pictures: location is mars; use one of europe-west4, us-central1" in refused.text
    assert allowed.code == 0, allowed.text
