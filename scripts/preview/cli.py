"""Pulumi's own command line, and what it said: read from its event log, since its JSON leaves out what the policy pack found."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.preview.graph import Json

_QUIET = {"PULUMI_SKIP_UPDATE_CHECK": "true", "NO_COLOR": "1"}
# as Pulumi's Automation API does it: without the variable there is no such flag
_LOGGED = {"PULUMI_DEBUG_COMMANDS": "true"}
_SUMMARIES = ("preview failed", "update failed", "refresh failed", "an unhandled error occurred: program exited with non-zero exit code")


class NoCli(Exception):
    """The text says what to do."""


@dataclass(frozen=True)
class Operation:
    """`paths` are the properties that differ, as far as they are told; `old` and `new` those of the cloud, before and after."""

    op: str
    urn: str
    paths: tuple[str, ...]
    old: Json
    new: Json


@dataclass(frozen=True)
class Refusal:
    """`urn` is "" where it is about the program as a whole."""

    urn: str
    text: str


@dataclass(frozen=True)
class Violation:
    rule: str
    text: str
    mandatory: bool


@dataclass(frozen=True)
class Answer:
    steps: tuple[Operation, ...]
    outcomes: tuple[Operation, ...]
    refusals: tuple[Refusal, ...]
    violations: tuple[Violation, ...]
    failed: bool


def ask(folder: Path, environment: Mapping[str, str], *words: str) -> Answer:
    """Raises NoCli."""
    if shutil.which("pulumi", path=environment.get("PATH")) is None:
        raise NoCli("Pulumi's CLI is not installed here: https://www.pulumi.com/docs/install")
    with tempfile.TemporaryDirectory(prefix="events-") as scratch:
        log = Path(scratch) / "events.json"
        command = ["pulumi", "--non-interactive", *words, "--event-log", str(log)]
        done = subprocess.run(command, cwd=folder, env={**environment, **_QUIET, **_LOGGED}, capture_output=True, text=True, check=False)
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return answered(events, done.returncode, done.stderr)


def answered(events: Sequence[Json], code: int, stderr: str) -> Answer:
    refusals = tuple(dict.fromkeys(_refusals(events)))
    if code and not refusals and not any("policyEvent" in event for event in events):
        # it did not get as far as the program
        refusals = (Refusal("", stderr.strip().removeprefix("error: ") or f"pulumi ended with exit code {code} and no word"),)
    return Answer(
        tuple(_operation(event["resourcePreEvent"]["metadata"]) for event in events if "resourcePreEvent" in event),
        tuple(_operation(event["resOutputsEvent"]["metadata"]) for event in events if "resOutputsEvent" in event),
        refusals,
        tuple(dict.fromkeys(_violation(event["policyEvent"]) for event in events if "policyEvent" in event)),
        code != 0,
    )


def _refusals(events: Sequence[Json]) -> Iterator[Refusal]:
    for event in events:
        found = event.get("diagnosticEvent", {})
        text = str(found.get("message", "")).strip()
        if found.get("severity") == "error" and not text.startswith(_SUMMARIES):
            yield Refusal(str(found.get("urn", "")), text)


def _violation(event: Json) -> Violation:
    # the first line is the rule's own description
    text = str(event["message"]).strip().partition("\n")[2] or str(event["message"]).strip()
    return Violation(str(event["policyName"]), text, event["enforcementLevel"] == "mandatory")


def _operation(about: Json) -> Operation:
    paths = tuple(about.get("detailedDiff") or about.get("diffs") or ())
    old, new = ((about.get(side) or {}).get("outputs") or {} for side in ("old", "new"))
    return Operation(str(about["op"]), str(about["urn"]), paths, old, new)
