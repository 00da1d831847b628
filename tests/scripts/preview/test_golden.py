"""What a reviewer reads of changes of this repository's program. `GOLDEN=write` writes the comments anew: read what has changed in them.

Lines, digests and times are those of the day on which a comment was written: they may be others today.
"""

import os
import re
from pathlib import Path

import pytest

from scripts.preview.look import Preview
from scripts.preview.markdown import LONGEST, comment
from scripts.preview.report import report
from tests.scripts.preview.patches import PATCHES, Patch
from tests.scripts.preview.program import copied, previewed

GOLDEN = Path(__file__).with_name("golden")
PAGE = Path(__file__).parents[3] / "docs" / "preview.md"
QUOTED = re.compile(r"(<!-- comment (?P<name>[\w-]+) -->\n)(?P<text>.*?)\n?(<!-- end of comment -->)", re.DOTALL)
_PASSING = {
    r"\([0-9a-f]{10}\)": "(COMMIT)",
    r"in \d+\.\d s": "in 4.2 s",
    r"(\.py|\.yaml):\d+": r"\1:LINE",
    r"\b[0-9a-f]{12,64}\b": "DIGEST",
}


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("program"))


@pytest.mark.parametrize("name", PATCHES)
def test_the_comment_is_the_one_that_was_read_and_found_good(name: str, copy: Path, tmp_path: Path) -> None:
    patch, golden = PATCHES[name], GOLDEN / f"{name}.md"

    text = previewed(copy, tmp_path / "program", patch, lambda preview: _comment(preview, patch))

    assert len(text) <= LONGEST
    if os.environ.get("GOLDEN") == "write" and not (golden.exists() and _lasting(golden.read_text()) == _lasting(text)):
        golden.write_text(_dateless(text))
    assert _lasting(text) == _lasting(golden.read_text()), f"the comment is another one: read it, then GOLDEN=write ({name})"


def test_there_is_no_comment_of_a_change_that_nobody_makes() -> None:
    assert {path.stem for path in GOLDEN.glob("*.md")} == set(PATCHES)


def test_the_page_shows_comments_as_they_are() -> None:
    page = PAGE.read_text()
    if os.environ.get("GOLDEN") == "write":
        page = QUOTED.sub(lambda found: f"{found[1]}{_quoted(found['name'])}\n{found[4]}", page)
        PAGE.write_text(page)

    shown = {found["name"]: found["text"] for found in QUOTED.finditer(page)}

    assert len(shown) >= 3
    assert shown == {name: _quoted(name) for name in shown}


def _comment(preview: Preview, patch: Patch) -> str:
    return comment(report(preview), patch.stacks)


def _quoted(name: str) -> str:
    """Without its mark, in a quotation: an alert cannot stand in one, but its words can."""
    text = (GOLDEN / f"{name}.md").read_text().strip().partition("\n")[2].strip().replace("[!CAUTION]", "**Caution**")
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _dateless(text: str) -> str:
    for pattern in list(_PASSING)[:2]:
        text = re.sub(pattern, _PASSING[pattern], text)
    return text


def _lasting(text: str) -> str:
    for pattern, instead in _PASSING.items():
        text = re.sub(pattern, instead, text)
    return text
