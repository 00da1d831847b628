"""A stack goes from one engine to the other and back, and neither finds anything to change."""

from pathlib import Path

import pytest

from tests.engines.folder_cloud import FolderCloud
from tests.engines.stacks import Cli, Embedded, Stack, cli_is_present

PROGRAM = """
    folder = Folder("pictures", ResourceOptions(version="1.2.3"), location="us", token=Output.secret("swordfish"))
    group = Group("albums")
    inner = File("list", ResourceOptions(parent=group), folder=folder.path, content="one")
    File("bundle", folder=folder.path, source=pulumi.AssetArchive({"a": pulumi.StringAsset("x")}))
    group.register_outputs({"where": inner.path})
    pulumi.export("path", folder.path)
    pulumi.export("word", Output.secret("swordfish"))
"""


@pytest.fixture
def both(tmp_path: Path, served: tuple[FolderCloud, int]) -> dict[str, Stack]:
    if not cli_is_present():
        pytest.skip("Pulumi's CLI is not on PATH: every scenario ran under the embedded engine only, and nothing could be handed over")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    return {"embedded": Embedded(tmp_path / "a", *served), "cli": Cli(tmp_path / "b", *served)}


@pytest.mark.parametrize(("giver", "taker"), [("embedded", "cli"), ("cli", "embedded")])
def test_the_other_engine_finds_nothing_to_change(both: dict[str, Stack], giver: str, taker: str) -> None:
    first, second = both[giver], both[taker]
    first.up(PROGRAM)
    second.program(PROGRAM)

    second.hand_over(first.export())

    preview = second.preview("--expect-no-changes")
    again = second.up(None, "--expect-no-changes")
    assert preview.code == 0, preview.text
    assert again.changes() == {}
    assert second.outputs() == first.outputs()
    assert second.destroy().code == 0
    assert first.cloud.things("Folder") == first.cloud.things("File") == {}
