"""The command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from local.engine.errors import Refused

_NOT_HERE = ("--target", "--target-dependents", "--exclude", "--replace", "--diff", "--policy-pack", "--save-plan", "--plan", "--refresh")
_CHANGING = ("up", "refresh", "destroy")
_ON_PAPER = ("preview", "up")


@dataclass(frozen=True)
class Options:
    command: str
    stack: str
    root: Path
    state: Path
    state_given: bool
    provider: str | None
    yes: bool
    json: bool
    offline: bool
    expect_no_changes: bool
    preview_only: bool
    show_secrets: bool
    parallel: int
    file: Path | None
    name: str | None
    config_file: Path | None = None
    paper: bool = False
    python: Path | None = None

    @property
    def changes_things(self) -> bool:
        return self.command in _CHANGING and not self.paper

    @property
    def alone(self) -> bool:
        """With a provider of its own, and no cloud."""
        return self.offline or self.paper


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for flag in _NOT_HERE:
            if f"unrecognized arguments: {flag}" in message:
                raise Refused(f"{flag} is not supported by this engine. Use Pulumi's CLI for it.")
        super().error(message)


def parse(arguments: Sequence[str]) -> Options:
    words = list(arguments)
    if words[:1] == ["stack"] and words[1:2] in (["output"], ["export"], ["import"]):
        words = words[1:]
    given = _parser().parse_args(words)
    if given.offline and given.command != "preview":
        raise Refused(f"--offline is for preview: there is nothing that {given.command} could change")
    if given.paper and given.command not in _ON_PAPER:
        raise Refused(f"--paper is for {' and '.join(_ON_PAPER)}: nothing runs on paper that {given.command} could be about")
    if given.command in _CHANGING and not (given.yes or given.preview_only):
        raise Refused(f"{given.command} changes what runs: pass --yes, or look first with preview (refresh --preview-only)")
    root = Path(given.root)
    return Options(
        command="outputs" if given.command == "output" else given.command,
        stack=given.stack,
        root=root,
        state=Path(given.state) if given.state else root / "state" / f"{given.stack}.json",
        state_given=given.state is not None,
        provider=given.provider,
        yes=given.yes,
        json=given.json,
        offline=given.offline,
        expect_no_changes=given.expect_no_changes,
        preview_only=given.preview_only or given.command == "preview",
        show_secrets=given.show_secrets,
        parallel=max(given.parallel, 1),
        file=Path(given.file) if given.file else None,
        name=given.name,
        config_file=Path(given.config_file) if given.config_file else None,
        paper=given.paper,
        python=Path(given.python) if given.python else None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m local.engine", description="Runs Pulumi programs against the local cloud, without Pulumi's CLI.", allow_abbrev=False
    )
    parser.add_argument("command", choices=["preview", "up", "refresh", "destroy", "export", "import", "outputs", "output"])
    parser.add_argument("name", nargs="?", help="outputs: the one to print")
    parser.add_argument("--stack", "-s", required=True)
    parser.add_argument("--root", default=".local", help="where the local cloud lives")
    parser.add_argument("--state", help="the state file, instead of ROOT/state/STACK.json")
    parser.add_argument("--provider", metavar="HOST:PORT", help="instead of the one that ROOT/cloud.json names")
    parser.add_argument("--config-file", help="the stack's configuration, instead of Pulumi.STACK.yaml")
    parser.add_argument("--yes", "-y", action="store_true")
    parser.add_argument("--skip-preview", "-f", action="store_true", help="accepted: `up` never previews first")
    parser.add_argument("--json", "-j", action="store_true", help="one JSON document on standard output; progress goes to standard error")
    parser.add_argument("--offline", action="store_true", help="preview with no cloud and no state")
    parser.add_argument(
        "--paper", action="store_true", help="against a cloud on paper, for any project: the state (none without --state) is all there is"
    )
    parser.add_argument("--python", help="the program's interpreter, instead of the virtual environment that Pulumi.yaml names")
    parser.add_argument("--expect-no-changes", action="store_true")
    parser.add_argument("--preview-only", action="store_true", help="refresh: show drift, change nothing")
    parser.add_argument("--show-secrets", action="store_true")
    parser.add_argument("--parallel", "-p", type=int, default=16)
    parser.add_argument("--file", help="import: from here instead of standard input; export: to here instead of standard output")
    return parser
