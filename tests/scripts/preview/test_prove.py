"""The trial on a local cloud: a real one, for a small program that has no portal, so that each stage that can fail does."""

from collections import Counter
from pathlib import Path

import pytest

from scripts.preview.proof import Failure, Proof, proof_section
from scripts.preview.prove import prove
from scripts.preview.section import Line, Section, Weight
from tests.scripts.preview.repository import Repository

LOCAL = "config:\n  gcp:project: sd-local\n  gcp:region: us-central1\n"


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.write("Pulumi.local.yaml", LOCAL)
    repository.commit("Bucket('prints')")
    return repository


def tried(project: Repository, body: str) -> Section:
    project.program(body)
    return prove(project.folder, "main", project.folder)


def texts(section: Section, weight: Weight) -> list[str]:
    return [line.text for line in section.lines if line.weight is weight]


def table(section: Section) -> str:
    return next(line.more for line in section.lines if line.weight is Weight.FOLDED)


def test_a_change_that_its_own_update_refuses_fails_there_and_base_came_up(project: Repository) -> None:
    found = tried(project, "Bucket('prints')\nTopic('goog-news')")

    (alarm,) = texts(found, Weight.ALARM)
    assert alarm.startswith("**It fails** at “This change, as an update to that”: ")
    assert "goog-news" in alarm
    assert "| BASE comes up on it |" in table(found)


def test_a_head_that_breaks_shows_its_line(project: Repository) -> None:
    found = tried(project, "Bucket('prints')\nraise ValueError('no more prints')")

    (alarm,) = texts(found, Weight.ALARM)
    assert "__main__.py:3: ValueError: no more prints" in alarm


def test_what_the_update_did_is_said_when_the_journey_fails_after_it(project: Repository) -> None:
    found = tried(project, "Bucket('prints', versioning={'enabled': True})\nTopic('news')")

    assert texts(found, Weight.ALARM) == [
        "**It fails** at “A designer uploads pictures”: the stack has no output portal, iapAudience: nobody could find the portal"
    ]
    assert "Before that, the update did its work: 1 created, 1 updated, 2 unchanged." in texts(found, Weight.NOTE)


def test_nothing_of_the_trial_stays_but_the_logs_of_a_failure(project: Repository) -> None:
    tried(project, "raise ValueError('no more prints')")

    assert not (project.folder / ".local/preview/prove").exists()
    assert list((project.folder / ".local/preview/trees").iterdir()) == []
    assert (project.folder / "preview-files/logs/cloud.log").exists()


def test_a_base_that_fails_is_not_blamed_on_the_change(repository: Repository) -> None:
    repository.write("Pulumi.local.yaml", LOCAL)
    repository.commit("raise ValueError('never worked')")

    found = tried(repository, "Bucket('prints')")

    (alarm,) = texts(found, Weight.ALARM)
    assert "BASE comes up on it" in alarm
    assert "it may not be at fault" in alarm


def test_a_trial_that_worked_says_so_in_a_line_and_shows_its_pictures() -> None:
    proof = Proof({"cloud": 2.0, "base": 8.0, "update": 2.5}, Counter(create=1, update=2, same=170), (0.0, 1.0))
    proof.result, proof.portal = "preview-files/before-after.png", "preview-files/portal.png"

    found = proof_section(proof, "main")

    assert found.lines[0] == Line(
        "It works: `main` came up on a fresh local cloud, then this change as an update to it (1 created, 2 updated, 170 unchanged), "
        "then one job from pictures to pictures; 12 s."
    )
    assert [line.more for line in found.lines[1:3]] == [
        "![Result](preview-files/before-after.png)",
        "![Portal](preview-files/portal.png)",
    ]


def test_a_log_cannot_end_the_block_that_shows_it() -> None:
    proof = Proof(failure=Failure("update", "it ended\n````\n<b>free</b>"))

    more = proof_section(proof, None).lines[0].more

    assert more.count("````") == 2


def test_a_machine_without_a_browser_has_tried_it_all_the_same() -> None:
    found = proof_section(Proof(no_portal="none of chromium is installed here"), Path("main").name)

    assert texts(found, Weight.ALARM) == []
    assert any("no picture of the portal" in text for text in texts(found, Weight.NOTE))
