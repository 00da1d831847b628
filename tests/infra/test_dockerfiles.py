"""How the images are made: pinned, in stages, as nobody in particular."""

import re
import subprocess
from pathlib import Path

import pytest

from infra.containers import FOLDERS
from local.run.dockerfile import Instruction, parse, words_of
from tests.infra.conftest import ROOT

PINNED = re.compile(r"[a-z]+:\d+\.\d+\.\d+-[\w.-]+@sha256:[0-9a-f]{64}")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
PYTHON_IMAGES = [name for name, folder in FOLDERS.items() if folder != "frontend"]


@pytest.fixture(params=FOLDERS)
def dockerfile(request: pytest.FixtureRequest) -> Path:
    return ROOT / FOLDERS[request.param] / "Dockerfile"


def bases(steps: list[Instruction]) -> list[list[str]]:
    return [words_of(step.value) for step in steps if step.name == "FROM"]


def last_stage(steps: list[Instruction]) -> list[Instruction]:
    begin = max(number for number, step in enumerate(steps) if step.name == "FROM")
    return steps[begin + 1 :]


def test_a_dockerfile_is_lint_clean(dockerfile: Path) -> None:
    done = subprocess.run([ROOT / ".venv/bin/hadolint", dockerfile], capture_output=True, text=True, check=False)

    assert done.stdout == ""
    assert done.returncode == 0


def test_a_base_is_pinned_by_digest_with_its_version_named(dockerfile: Path) -> None:
    seen: set[str] = set()
    for base, *name in bases(parse(dockerfile)):
        assert base in seen or PINNED.fullmatch(base), f"{base} moves"
        seen |= set(name[1:])


def test_what_builds_an_image_is_in_another_stage_than_what_runs(dockerfile: Path) -> None:
    steps = parse(dockerfile)

    assert len(bases(steps)) >= 2
    assert not [step for step in last_stage(steps) if re.search(r"\b(pip install|npm (ci|install)|apt-get)\b", step.value)]
    assert [step for step in last_stage(steps) if step.name == "COPY" and "--from=" in step.value]


def test_an_image_runs_as_a_fixed_user_who_is_not_root(dockerfile: Path) -> None:
    users = [step.value for step in last_stage(parse(dockerfile)) if step.name == "USER"]

    assert len(users) == 1
    assert re.fullmatch(r"[1-9]\d{3,}(:[1-9]\d{3,})?", users[0])


def test_an_image_starts_by_words_and_not_through_a_shell_of_dockers(dockerfile: Path) -> None:
    """A shell in between would keep SIGTERM to itself."""
    commands = [step.value for step in last_stage(parse(dockerfile)) if step.name == "CMD"]

    assert len(commands) == 1
    assert commands[0].startswith("[")


def test_all_python_images_stand_on_one_base() -> None:
    used = {bases(parse(ROOT / FOLDERS[name] / "Dockerfile"))[0][0] for name in PYTHON_IMAGES}

    assert len(used) == 1


@pytest.mark.parametrize("name", PYTHON_IMAGES)
def test_packages_are_installed_from_a_lock_with_hashes(name: str) -> None:
    folder = ROOT / FOLDERS[name]
    lock = (folder / "requirements.txt").read_text()
    asked = re.findall(r"^[A-Za-z0-9._-]+", (folder / "requirements.in").read_text(), re.MULTILINE)

    assert "--require-hashes" in (folder / "Dockerfile").read_text()
    assert {word.lower() for word in asked} <= {pin.lower() for pin, _ in PIN.findall(lock)}
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\w)", lock.strip()))


@pytest.mark.parametrize("name", PYTHON_IMAGES)
def test_an_image_has_the_versions_that_were_tested_on_the_laptop(name: str) -> None:
    tested = PIN.findall((ROOT / "requirements-dev.txt").read_text())
    shipped = PIN.findall((ROOT / FOLDERS[name] / "requirements.txt").read_text())

    # CUDA's packages are on no laptop's list; some of the others are there once for each Python version
    known = {package for package, _ in tested}
    assert [(package, version) for package, version in shipped if package in known and (package, version) not in tested] == []
