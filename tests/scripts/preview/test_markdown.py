"""A comment that somebody else's names cannot break, and that always fits."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from scripts.preview import look as looking
from scripts.preview.escape import code, defused, defused_block, fenced
from scripts.preview.look import Preview, StackPreview
from scripts.preview.markdown import LONGEST, comment
from scripts.preview.report import Report, report
from scripts.preview.section import Line, Section, Weight
from scripts.preview.terminal import show
from tests.scripts.preview.repository import Repository

NASTY = "a|b` <!-- @octocat #12 <img src=x> `` ``` <b> __main__"
PARSER = MarkdownIt("commonmark").enable("table")


def rendered(text: str) -> str:
    return str(PARSER.render(text))


def outside_code(text: str) -> str:
    return re.sub(r"<code[^>]*>.*?</code>", "", rendered(text), flags=re.DOTALL)


def preview(repository: Repository, body: str, *stacks: str) -> Preview:
    repository.program(body)
    return looking.look(repository.folder, "main", stacks)


def nothing_but(section: Section) -> list[Callable[[StackPreview], Section]]:
    return [lambda _: section]


@pytest.mark.parametrize("text", [NASTY, "`", "``", "a`b", "`a", "", "\n\n", "<!--", "\x1b[31m"])
def test_code_is_code_whatever_it_holds(text: str) -> None:
    found = rendered(f"x {code(text)} y")

    assert found.count("<code>") == 1
    assert "<!--" not in found
    assert found.startswith("<p>x <code>")
    assert found.endswith("</code> y</p>\n")


def test_what_is_not_code_opens_no_tag_and_pings_nobody() -> None:
    text = defused("**a <!-- @octocat #12 <img src=x> <b> __main__** and ada@example.com in `<!-- @ada` with ` and @bob")

    assert not re.search(r"<(!--|img|b>)", outside_code(text))
    assert not re.search(r"@octocat|@bob|#12", text)
    assert "ada@example.com" in text
    assert "`<!-- @ada`" in text
    assert "__main__" in re.sub(r"<[^>]+>", "", rendered(text))


def test_what_a_stray_tick_makes_code_is_not_touched() -> None:
    text = defused(f"**{NASTY}** and `then`")

    assert not re.search(r"<!--|<img|<b>|@octocat", outside_code(text))


def test_a_fence_that_was_left_open_is_closed() -> None:
    assert defused_block("```text\n<!-- @ada") == "```text\n<!-- @ada\n```"
    assert defused_block("```diff\n- a\n```\n<!--") == "```diff\n- a\n```\n&lt;!--"


def test_a_fence_is_longer_than_those_within() -> None:
    assert fenced("```\n@ada\n````", "diff") == "`````diff\n```\n@ada\n````\n`````"


def test_names_of_other_people_break_neither_table_nor_list(repository: Repository) -> None:
    repository.commit("pass")
    loud = Section("Verdict", (Line(NASTY, Weight.ALARM, NASTY),), figure=NASTY)
    body = f"Bucket({NASTY!r}, name='team-a', website={{'mainPageSuffix': {NASTY!r}}})\nTopic({NASTY!r}, name='jobs')"

    text = comment(report(preview(repository, body, "dev"), sections=nothing_but(loud)))

    shown = outside_code(text.partition("\n")[2])
    assert not re.search(r"<!--|<img|<b>|@octocat", shown)
    assert len(re.findall(r"<t[dh]\b", rendered(text))) == 2 * 8
    assert "**create** `` ``" not in text
    assert "compared with" in shown


def test_a_comment_fits_whatever_changes_and_names_what_it_leaves_out(repository: Repository) -> None:
    buckets = "for n in range(900): Bucket(f'bucket-{n}', website={'mainPageSuffix': f'old {n} ' + 'page ' * 9})"
    repository.commit(f"{buckets}\nBucket('kept')")
    found = report(preview(repository, buckets.replace("old", "new"), "dev"), sections=nothing_but(Section("Verdict")))

    text = comment(found)

    assert 50_000 < len(text) <= LONGEST
    assert "**delete** `kept`" in text
    assert re.search(r"\d+ more did not fit here and are in `preview.json`: `update bucket-\d+`, ", text)
    assert "compared with" in text.splitlines()[-1]


def test_very_long_lines_and_blocks_are_cut_and_say_so(repository: Repository) -> None:
    repository.commit("pass")
    lines = tuple(Line(f"`n{n}` word {n} " + "word " * 2000, Weight.ALARM, fenced("line of it\n" * 9000 + f"{n}")) for n in range(30))

    text = comment(report(preview(repository, "pass", "dev"), sections=nothing_but(Section("Verdict", lines))))

    assert len(text) <= LONGEST
    assert "characters more" in text
    assert "did not fit here" in text
    assert "compared with" in outside_code(text)


def test_what_stacks_say_alike_is_said_once_with_their_own_names_left_open(repository: Repository) -> None:
    repository.write("Pulumi.prod.yaml", "config:\n  gcp:project: team-prod\n")
    repository.commit('Bucket("pictures", labels={"a": pulumi.get_stack()}, website={"notFoundPage": "no"})')

    body = 'Bucket("pictures", website={"notFoundPage": f"at-{pulumi.get_stack()}", "mainPageSuffix": "same"})'
    text = comment(report(preview(repository, body, "dev", "prod")))

    assert text.count("website.notFoundPage") == 1
    assert "`no` → `at-{stack}`" in text
    assert text.count("website.mainPageSuffix") == 1


def test_stacks_that_differ_are_told_apart(repository: Repository) -> None:
    repository.write("Pulumi.prod.yaml", "config:\n  gcp:project: team-prod\n")
    repository.commit("pass")

    text = comment(report(preview(repository, 'if pulumi.get_stack() == "prod": Topic("jobs")', "dev", "prod")))

    assert "- `prod`: **create** `jobs` (pubsub.Topic)" in text


def test_lines_that_differ_in_their_first_name_alone_are_one(repository: Repository) -> None:
    repository.commit("pass")
    section = Section("Verdict", tuple(Line(f"**`{name}` goes.**", Weight.ALARM) for name in ("a", "b", "c")))

    text = comment(report(preview(repository, "pass", "dev"), sections=nothing_but(section)))

    assert "> - **`a` goes.** Likewise `b`, `c`." in text


def test_a_program_that_is_broken_is_shown_by_its_own_line_and_none_of_ours(repository: Repository) -> None:
    repository.commit("pass")

    text = comment(report(preview(repository, "x = 1\nBucket(nothing)", "dev")))

    assert text.splitlines()[2] == "## Preview: the program does not evaluate"
    assert "__main__.py:3" in text.replace("\\_", "_")
    assert "NameError: name 'nothing' is not defined" in text
    assert "Traceback" not in text
    assert "local/engine" not in text


def test_nothing_secret_is_in_anything_that_is_written(repository: Repository, tmp_path: Path) -> None:
    repository.commit('Bucket("pictures", website={"mainPageSuffix": Output.secret("swordfish")})')
    found = report(preview(repository, 'Bucket("pictures", website={"mainPageSuffix": Output.secret("tunafish")})', "dev"))

    texts = (comment(found), screen(found))

    assert not any(fish in text for fish in ("swordfish", "tunafish") for text in texts)
    assert "another value, which is secret" in texts[0]


def test_what_somebody_else_has_made_stands_before_the_footer(repository: Repository) -> None:
    repository.commit("pass")

    text = comment(report(preview(repository, "pass", "dev")), included="### Google\n\n- fine <!--\n")

    assert "### Google\n\n- fine &lt;!--\n\n<sub>" in text


def test_a_terminal_shows_the_worst_and_what_changes_without_marks(repository: Repository) -> None:
    repository.commit('Bucket("pictures", location="us")')
    found = report(preview(repository, 'Bucket("pictures", location="eu")\nTopic("\\x1b[31mred", name="jobs")', "dev"))

    text = screen(found)

    assert text.splitlines()[0] == "data is at stake"
    assert "replace  pictures (storage.Bucket), because of location, holds data" in text
    assert "location: us → eu" in text
    assert "\x1b" not in text
    assert "`" not in text


def test_a_trial_that_failed_is_an_alarm_of_all_stacks(repository: Repository) -> None:
    repository.commit("pass")
    trial = Section("Tried on a local cloud", (Line("**It fails** at “The job trains”: no", Weight.ALARM), Line("Before that, 1 created.")))

    found = report(preview(repository, "pass", "dev"), [trial])

    text = comment(found)
    assert "## Preview: 1 alarm\n\n> [!CAUTION]\n> - **It fails** at “The job trains”: no\n" in text
    assert "### Tried on a local cloud\n\n- Before that, 1 created.\n" in text
    assert screen(found).splitlines()[0] == "1 alarm"
    assert "! It fails at “The job trains”: no" in screen(found)


def test_a_stack_that_is_broken_hides_no_alarm_of_another(repository: Repository) -> None:
    repository.write("Pulumi.prod.yaml", "config:\n  gcp:project: team-prod\n")
    repository.commit('Bucket("pictures")')

    text = screen(report(preview(repository, 'if pulumi.get_stack() == "prod": raise ValueError("no")', "dev", "prod")))

    assert text.splitlines()[0] == "the program does not evaluate in prod"
    assert "prod: __main__.py:2\n  ValueError: no\n" in text
    assert "! dev: pictures (a bucket) is deleted" in text
    assert text.count("ValueError") == 1


def test_a_terminal_leaves_out_what_a_new_stack_makes_and_what_follows_from_a_replacement(repository: Repository) -> None:
    database = """
        documents = thing("gcp:firestore/database:Database", "documents", None,
                          {"name": "documents", "locationId": "us-central1", "type": "FIRESTORE_NATIVE"})
        database = documents.id.apply(lambda id: "documents")
        thing("gcp:firestore/field:Field", "expires", None, {"database": database, "collection": "uploads", "field": "expires"})
    """
    repository.commit(database)
    moved = screen(report(preview(repository, database.replace("us-central1", "eur3"), "dev")))
    repository.write("Pulumi.prod.yaml", "config:\n  gcp:project: team-prod\n")

    new = screen(report(preview(repository, database, "prod"), sections=nothing_but(Section("Verdict"))))

    assert "replace  documents" in moved
    assert "expires" not in moved
    assert moved.splitlines()[-1] == "… and 1 more in preview.md"
    assert new.splitlines()[0] == "all of it is new, and no alarm"
    assert "documents" not in new
    assert new.splitlines()[-1] == "… and 2 more in preview.md"


def test_the_command_writes_both_files_and_tells_by_its_exit_code(repository: Repository) -> None:
    repository.commit('Bucket("pictures")')
    command = ["env", f"PYTHONPATH={Path(__file__).parents[3]}", sys.executable, "-m", "scripts.preview"]

    codes = []
    for body, flags in (
        ('Bucket("pictures")\nTopic("jobs")', ["--base", "main"]),
        ("nothing", ["--base", "main"]),
        ("pass", ["--base", "lost"]),
    ):
        repository.program(body)
        done = subprocess.run([*command, *flags], cwd=repository.folder, capture_output=True, text=True, check=False)
        codes.append((done.returncode, "\x1b" in done.stdout))

    assert codes == [(0, False), (1, False), (2, False)]
    assert "does not evaluate" in (repository.folder / "preview.md").read_text()
    assert json.loads((repository.folder / "preview.json").read_text())["stacks"][0]["broken"]


def screen(found: Report) -> str:
    shown = StringIO()
    show(found, Console(width=100, file=shown, highlight=False))
    return shown.getvalue()
