"""The portal's own checks, and what it must agree on with the rest of the repository."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from jobs.settings import PortalSettings

FRONTEND = Path(__file__).parents[2] / "frontend"


def npm(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    assert (FRONTEND / "node_modules").is_dir(), "run `make setup`, which installs the portal's packages"
    env = {**os.environ, "PYTHON": sys.executable, "NO_COLOR": "1", **settings}
    return subprocess.run(["npm", "run", "--silent", *arguments], cwd=FRONTEND, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("check", ["lint", "typecheck", "unused", "test"])
def test_the_portal_passes_its_own_checks(check: str) -> None:
    done = npm(check)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_first_visit_and_no_page_weighs_more_than_it_may(tmp_path: Path) -> None:
    built = npm("build", "--", "--outDir", str(tmp_path))
    done = npm("size", DIST=str(tmp_path))

    assert built.returncode == 0, built.stdout + built.stderr
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_generated_has_not_drifted() -> None:
    done = npm("generate", "--", "--check")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lock_names_versions_and_no_hosts() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    lock = (FRONTEND / "package-lock.json").read_text()

    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version) for kind in ("dependencies", "devDependencies") for version in package[kind].values()
    )
    packages = json.loads(lock)["packages"]
    optional = {name for each in packages.values() for name in each.get("optionalDependencies", {})}

    assert {f"node_modules/{name}" for name in optional} <= packages.keys(), "run `npm run lock`"
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 100


def test_the_server_needs_nothing_but_node() -> None:
    imports = {
        name
        for module in (FRONTEND / "server").glob("*.js")
        for name in re.findall(r'^import .*?from "(.+?)";|^import "(.+?)";', module.read_text(), re.MULTILINE)
        for name in name
        if name
    }

    assert imports
    assert all(name.startswith(("node:", "./")) for name in imports), imports


def test_the_server_reads_the_settings_that_infra_writes() -> None:
    text = (FRONTEND / "server" / "settings.js").read_text()

    assert {item.name.upper() for item in fields(PortalSettings)} <= set(re.findall(r"env\.([A-Z_]+)", text))
