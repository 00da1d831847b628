"""preview.json is what its schema says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema

from tests.scripts.preview.repository import Repository

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "preview.schema.json").read_text())


def test_the_document_is_as_its_schema_says(repository: Repository) -> None:
    repository.write("Pulumi.prod.yaml", "config:\n  gcp:project: team-prod\n")
    repository.commit('Bucket("pictures", location="us")\nTopic("jobs")\nBucket("kept", ResourceOptions(protect=True))')
    repository.program(
        'Bucket("pictures", location="eu")\nTopic("tasks", name="jobs")\nif pulumi.get_stack() == "prod": raise ValueError("no")'
    )

    done = _preview(repository, "--base", "main")

    found = json.loads((repository.folder / "preview.json").read_text())
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    dev, prod = found["stacks"]
    assert done.returncode == 1
    assert dev["summary"]["replace"] == 1
    assert prod["broken"] == [{"where": "head", "place": "__main__.py:4", "text": "ValueError: no"}]
    assert prod["changes"] == []


def test_the_schema_allows_nothing_that_it_does_not_name(repository: Repository) -> None:
    repository.commit('Bucket("pictures")')
    _preview(repository)
    found = json.loads((repository.folder / "preview.json").read_text())

    found["stacks"][0]["changes"][0]["more"] = 1

    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(found)] == [
        "Additional properties are not allowed ('more' was unexpected)"
    ]


def _preview(repository: Repository, *flags: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "scripts.preview", *flags]
    return subprocess.run(command, cwd=repository.folder, env=environment, capture_output=True, text=True, check=False)
