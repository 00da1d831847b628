"""What docs/operations.md says can be run on the local stack, runs there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, System

PAGE = Path("docs/operations.md").read_text()
HERE = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", HERE, ids=lambda block: block.splitlines()[0].split(" --")[0].rpartition("/")[2])
def test_a_block_of_the_operations_page_runs_on_the_local_stack(system: System, block: str) -> None:
    own = block.replace("--stack local", f"--stack local --root {ROOT}")

    done = subprocess.run(["bash", "-euo", "pipefail", "-c", own], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_the_page_has_blocks_that_run_here_and_marks_the_others() -> None:
    fences = re.findall(r"^```(\S.*)$", PAGE, re.MULTILINE)

    assert len(HERE) >= 2
    assert set(fences) == {"sh", "sh cloud"}
