"""What the documentation says is there, is there."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.tree import paths, tree

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))


def files(*patterns: str) -> list[Path]:
    """Of this repository, committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


PAGES = files("*.md")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def readme() -> str:
    assert (ROOT / "README.md").is_file(), "README.md is missing"
    return (ROOT / "README.md").read_text()


def names_of(path: Path) -> set[str]:
    """Functions, methods, classes and constants."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


STATIONS = sorted(set(re.findall(r"`([\w./-]+\.py): (\w+)`", (ROOT / "docs/life-of-a-job.md").read_text())))


@pytest.mark.parametrize(("path", "name"), STATIONS, ids=[f"{path}:{name}" for path, name in STATIONS])
def test_a_station_of_a_jobs_life_is_in_the_code(path: str, name: str) -> None:
    assert (ROOT / path).is_file(), f"docs/life-of-a-job.md names {path}, which is not there"
    assert name in names_of(ROOT / path), f"docs/life-of-a-job.md names {name}, which is not in {path}"


def test_the_life_of_a_job_has_its_stations() -> None:
    assert len(STATIONS) > 10


def test_every_path_of_the_readmes_tree_is_there(readme: str) -> None:
    missing = [path for path in paths(tree(readme)) if not (ROOT / path).exists()]

    assert missing == [], "the README's tree names what is not there"


def test_the_readmes_tree_shows_every_folder(readme: str) -> None:
    shown = {path.split("/")[0] for path in paths(tree(readme))}
    folders = {name.relative_to(ROOT).parts[0] for name in files() if len(name.relative_to(ROOT).parts) > 1}

    assert tree(readme), "the README has no fenced block whose first line is `README.md ...`"
    assert sorted(folders - shown) == [], "the README's tree leaves folders out"


def test_a_tree_is_read_with_its_nested_paths_and_second_columns() -> None:
    readme = """```
README.md               what it does, one picture
Pulumi.dev.yaml Pulumi.prod.yaml    environments on Google Cloud
requirements.txt        what `pulumi up` imports;   requirements-dev.txt  tests and linters
services/upload/        part 1, the API            services/trigger/    part 3, the functions (start, sweep)
local/                  the local cloud; imports nothing of ours: it could be
                        a product of its own
  engine/ provider/     the embedded engine; the provider server, its catalog
Makefile                thin targets
```"""

    assert list(paths(tree(readme))) == [
        *("README.md", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "requirements.txt", "requirements-dev.txt"),
        *("services/upload/", "services/trigger/", "local/", "local/engine/", "local/provider/", "Makefile"),
    ]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_link_into_the_repository_leads_somewhere(page: Path) -> None:
    links = [one or other for one, other in LINK.findall(FENCED.sub("", page.read_text()))]
    inside = [link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]

    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_page_names_only_targets_that_make_has(page: Path) -> None:
    text = page.read_text()
    lines = [
        line.split("#")[0] for _, block in BLOCK.findall(text) for line in re.split(r"\n|&&|;", block) if line.strip().startswith("make ")
    ]
    lines += re.findall(r"`(make [^`\n]+)`", FENCED.sub("", text))
    named = {word for line in lines for word in line.split()[1:] if "=" not in word and not word.startswith("-")}

    assert sorted(named - TARGETS) == []


def test_the_readme_shows_how_to_begin(readme: str) -> None:
    commands = [line.strip() for language, block in BLOCK.findall(readme) if language == "sh" for line in block.splitlines()]

    assert any(line.startswith("make demo") for line in commands), "the README's first commands are in a block marked sh"


def test_help_lists_every_target() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    helped = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    listed = {line.split()[1]: line.split()[2:] for line in helped.splitlines()}

    assert set(" ".join(phony).split()) == TARGETS
    assert sorted(TARGETS - listed.keys()) == [], "`make help` leaves targets out"
    assert all(listed.values())


def _declared() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"])


@pytest.mark.parametrize("key", _declared())
def test_a_configuration_key_says_its_type_and_what_it_means(key: str) -> None:
    assert _declared()[key]["type"] in {"string", "integer", "boolean", "array", "object"}
    assert _declared()[key]["description"].strip()


@pytest.mark.parametrize("stack", sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_a_stack_sets_only_keys_that_are_declared(stack: Path) -> None:
    own = {key.removeprefix("sd-for-designers:") for key in yaml.safe_load(stack.read_text())["config"] if not key.startswith("gcp:")}
    required = {key for key, schema in _declared().items() if "default" not in schema}

    assert own - _declared().keys() == set()
    assert required - own == set()


def test_the_changelog_has_room_for_what_is_not_released() -> None:
    assert re.search(r"^## \[?Unreleased\]?$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_a_surprise_has_a_date_and_at_most_three_lines() -> None:
    entries = re.findall(r"^- .*\n(?:  .*\n)*", (ROOT / "docs/surprises.md").read_text(), re.MULTILINE)

    assert len(entries) > 20
    assert [entry for entry in entries if not re.match(r"- \d{4}-\d\d-\d\d · ", entry) or entry.count("\n") > 3] == []
