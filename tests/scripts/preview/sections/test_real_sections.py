"""The sections on this repository's own program, with a handful of changes at once."""

from pathlib import Path

import pytest

from scripts.preview.look import Preview
from scripts.preview.section import Section
from scripts.preview.sections import ALL, access, cost, images, pipeline, policy, verdict
from scripts.preview.sections.sources import with_sources
from tests.scripts.preview.patches import PATCHES, Edit, Patch
from tests.scripts.preview.program import copied, previewed
from tests.scripts.preview.sections.graphs import alarms, texts

_SEVERAL = Patch(
    "Several at once",
    (
        *PATCHES["new-grant"].edits,
        *PATCHES["pipeline-step"].edits,
        *PATCHES["trainer-source"].edits,
        Edit("infra/app.py", '"max_instance_count": 5', '"max_instance_count": 9'),
        Edit("infra/data.py", '"models": Kept(versions=3)', '"models": Kept(versions=4)'),
    ),
    stacks=("dev",),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Section]:
    copy = copied(tmp_path_factory.mktemp("copy") / "of")

    def asked(preview: Preview) -> dict[str, Section]:
        stack = with_sources(preview).stacks[0]
        return {section.title: section for section in (ask(stack) for ask in ALL)}

    return previewed(copy, copy.parent / "patched", _SEVERAL, asked)


def test_the_verdict_counts(found: dict[str, Section]) -> None:
    assert texts(found[verdict.TITLE])[0].startswith("1 created, ")
    assert alarms(found[verdict.TITLE]) == []


def test_the_new_grant_is_one_sentence(found: dict[str, Section]) -> None:
    assert texts(found[access.TITLE]) == ["`trainer` can now read, write and delete objects in `uploads` (`roles/storage.objectUser`)."]


def test_images_are_told_by_the_files_that_changed(found: dict[str, Section]) -> None:
    said = texts(found[images.TITLE])

    assert [text.partition(" is built anew")[0] for text in said] == ["Image `pipeline`", "Image `trainer`"]
    assert "`images/pipeline/announce.py`" in said[0]
    assert "`images/trainer/train.py` changed" in said[1]


def test_the_new_step_is_drawn(found: dict[str, Section]) -> None:
    lines = found[pipeline.TITLE].lines

    assert lines[0].text == "Pipeline `dreambooth`: steps added: `announce`."
    assert '["+ Announce"]' in lines[0].more


def test_more_instances_cost_more(found: dict[str, Section]) -> None:
    assert found[cost.TITLE].figure.endswith("at worst")
    assert "`upload`: 5 instances" in " ".join(texts(found[cost.TITLE]))


def test_no_rule_is_broken(found: dict[str, Section]) -> None:
    assert texts(found[policy.TITLE]) == []


def test_no_secret_and_no_place_of_this_machine_is_said(found: dict[str, Section], tmp_path: Path) -> None:
    whole = "".join(f"{line.text}{line.more}" for section in found.values() for line in section.lines)

    assert "[secret]" not in whole
    assert str(tmp_path.parents[1]) not in whole
