"""One comment per pull request and one issue for drift: found again by a mark that nobody sees, and then written anew.

It runs where it may write, so it takes what other jobs have written as data: it reads their pages, runs nothing of theirs, and learns from
GitHub's own event which pull request they are about. Only the standard library: nothing is installed where a token is.
"""

import argparse
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
COMMENT, ISSUE = "<!-- sd-for-designers: preview -->", "<!-- sd-for-designers: drift -->"
_BOT = "github-actions[bot]"
_LABEL = "drift"
# GitHub takes 65,536; what we put around the pages has room left
MOST = 65_000
_PAGES = ("preview.md",)
# of the stacks as they are; no fork's run has seen them
_REAL = ("real-*.md",)
_DRIFTS = ("drift-*.md",)
_FULL_PAGE = 100
_MENTION = re.compile(r"(?<![\w/`])@(?=\w)")
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\(preview-files/[^)\n]*\)")
# the preview brings a mark of its own, for who posts it by hand
_HIDDEN = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CannotReport(Exception):
    """The text says what GitHub, or the event, lacks."""


@dataclass(frozen=True)
class GitHub:
    """The REST interface, for one repository."""

    api: str
    repository: str
    token: str

    def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.api}/repos/{self.repository}/{path}", data, headers, method=method)  # noqa: S310 - GitHub's
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise CannotReport(f"GitHub refuses {method} {path}: {error.code} {error.read().decode(errors='replace')[:300]}") from error
        except urllib.error.URLError as error:
            raise CannotReport(f"GitHub is not reached for {method} {path}: {error.reason}") from error

    def all(self, path: str, **query: str) -> Iterator[Json]:
        number, found = 1, list[Json]([{}] * _FULL_PAGE)
        while len(found) == _FULL_PAGE:
            found = self.ask("GET", f"{path}?{urllib.parse.urlencode({**query, 'per_page': _FULL_PAGE, 'page': number})}")
            yield from found
            number += 1


def comment(github: GitHub, event: Json, folder: Path) -> str:
    """What was done, in words."""
    run = event["workflow_run"]
    own = run["head_repository"]["id"] == event["repository"]["id"]
    pages = read(folder, _PAGES + _REAL if own else _PAGES)
    if not pages:
        return "the run has left no page: there is nothing to say"
    number = pull_request(github, run)
    if number is None:
        return f"{run['head_sha'][:12]} is the newest commit of no open pull request, or of several: nothing was written"
    return _put_comment(github, number, body(COMMENT, pages, run["html_url"], f"Of {run['head_sha']}"))


def pull_request(github: GitHub, run: Json) -> int | None:
    """By what GitHub says of the run, never by what the run says: `pull_requests` of the event is empty for forks."""
    owner, branch = run["head_repository"]["owner"]["login"], run["head_branch"]
    found = [
        pull["number"]
        for pull in github.all("pulls", state="open", head=f"{owner}:{branch}")
        if pull["head"]["sha"] == run["head_sha"] and (pull["head"]["repo"] or {}).get("id") == run["head_repository"]["id"]
    ]
    return found[0] if len(found) == 1 else None


def _put_comment(github: GitHub, number: int, text: str) -> str:
    for known in github.all(f"issues/{number}/comments"):
        if known["user"]["login"] == _BOT and known["body"].startswith(COMMENT):
            github.ask("PATCH", f"issues/comments/{known['id']}", {"body": text})
            return f"the comment on pull request {number} is written anew"
    github.ask("POST", f"issues/{number}/comments", {"body": text})
    return f"pull request {number} has its comment"


def issue(github: GitHub, folder: Path, run_url: str, settled: bool) -> str:
    """Open while there is drift; closed once every stack was looked at and none has any."""
    pages = read(folder, _DRIFTS)
    known = next((found for found in github.all("issues", state="open", labels=_LABEL) if _is_ours(found)), None)
    if pages:
        text = {"title": "The cloud is not as this repository says", "body": body(ISSUE, pages, run_url, "Seen")}
        if known:
            github.ask("PATCH", f"issues/{known['number']}", text)
            return f"issue {known['number']} says what drifts now"
        made = github.ask("POST", "issues", {**text, "labels": [_LABEL]})
        return f"issue {made['number']} is opened"
    if known and settled:
        github.ask("PATCH", f"issues/{known['number']}", {"state": "closed", "state_reason": "completed"})
        return f"nothing drifts: issue {known['number']} is closed"
    return "nothing drifts" if settled else "not every stack could be looked at, and none of the others drifts"


def _is_ours(found: Json) -> bool:
    return found["user"]["login"] == _BOT and (found["body"] or "").startswith(ISSUE)


def read(folder: Path, patterns: tuple[str, ...]) -> list[str]:
    """Plain files of these names, in this order; whoever wrote them may have written anything."""
    files = [file for pattern in patterns for file in sorted(folder.glob(pattern)) if file.is_file() and not file.is_symlink()]
    texts = [file.read_bytes()[: MOST * 4].decode(errors="replace") for file in files]
    return [text for text in (_UNSEEN.sub("", text).strip() for text in texts) if text]


def body(mark: str, pages: list[str], run_url: str, word: str) -> str:
    """Mentions ping nobody, another comment's mark is none, and pictures, which no comment can show, are links to the run's artefacts."""
    text = _HIDDEN.sub("", "\n\n".join(pages)).replace("<!--", "&lt;!--")
    text = _PICTURE.sub(rf"[\1: a picture in this run's artefacts]({run_url}#artifacts)", _MENTION.sub("@\u200b", text))
    end = f"\n\n{word} by [this run]({run_url}); its artefacts have all of it.\n"
    room = MOST - len(mark) - len(end) - 40
    cut = text if len(text) <= room else f"{text[:room].rpartition(chr(10))[0]}\n\n… cut here."
    return f"{mark}\n{cut}{end}"


def _settings(variables: Mapping[str, str]) -> tuple[GitHub, str]:
    names = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_SERVER_URL", "GITHUB_RUN_ID")
    missing = [name for name in names if not variables.get(name)]
    if missing:
        raise CannotReport(f"this runs in a workflow of GitHub, which sets {', '.join(missing)}")
    api, repository, token, server, run = (variables[name] for name in names)
    return GitHub(api, repository, token), f"{server}/{repository}/actions/runs/{run}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.sticky", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["comment", "issue"])
    parser.add_argument("--folder", type=Path, required=True, help="where the artefacts of the run were unpacked")
    parser.add_argument("--settled", action="store_true", help="issue: every stack was looked at")
    given = parser.parse_args()
    try:
        variables = os.environ  # noqa: TID251 - this is where a workflow says who and where it is
        github, run_url = _settings(variables)
        if given.what == "issue":
            done = issue(github, given.folder, run_url, given.settled)
        else:
            done = comment(github, json.loads(Path(variables["GITHUB_EVENT_PATH"]).read_text()), given.folder)
    except CannotReport as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stdout.write(f"{done}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
