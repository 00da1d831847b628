"""The comment and the issue, against a server that answers as GitHub's REST interface does."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scripts import sticky
from scripts.sticky import CannotReport, GitHub

RUN_URL = "https://github.example/team/repo/actions/runs/7"


@dataclass
class Repo:
    """What GitHub knows of one repository."""

    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @property
    def github(self) -> GitHub:
        return GitHub(self.url, "team/repo", "a-token")

    def get(self, path: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        known = {"pulls": self.pulls, "issues/5/comments": self.comments, "issues": self.issues}[path]
        known = [item for item in known if item.get("state", "open") == "open"]
        if "head" in query:
            known = [pull for pull in known if f"{pull['owner']}:{pull['branch']}" == query["head"][0]]
        size, number = int(query["per_page"][0]), int(query["page"][0])
        return known[size * (number - 1) : size * number]

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        made = {"id": 900, "number": 901, "user": {"login": "github-actions[bot]"}, **body}
        (self.issues if path == "issues" else self.comments).append(made)
        return made

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = int(path.rpartition("/")[2])
        found = next(item for item in [*self.comments, *self.issues] if key in (item.get("id"), item.get("number")))
        found.update(body)
        return found


@pytest.fixture
def repo() -> Iterator[Repo]:
    known = Repo()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: Any, status: int = 200) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def serve(self) -> None:
            split = urlsplit(self.path)
            path = split.path.removeprefix("/repos/team/repo/")
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
            if self.headers["Authorization"] != "Bearer a-token":
                self.answer({"message": "Bad credentials"}, 401)
            elif self.command == "GET":
                self.answer(known.get(path, parse_qs(split.query)))
            else:
                self.answer({"POST": known.post, "PATCH": known.patch}[self.command](path, body))

        do_GET = do_POST = do_PATCH = serve

        def log_message(self, format: str, *arguments: Any) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
        server.shutdown()
        thread.join()


def pull(number: int = 5, sha: str = "abc", owner: str = "ada", repository: int = 2) -> dict[str, Any]:
    return {"number": number, "owner": owner, "branch": "change", "head": {"sha": sha, "repo": {"id": repository}}}


def event(sha: str = "abc", repository: int = 2) -> dict[str, Any]:
    """A fork's: `pull_requests` is empty."""
    head = {"id": repository, "owner": {"login": "ada"}}
    run = {"head_sha": sha, "head_branch": "change", "head_repository": head, "html_url": RUN_URL, "pull_requests": []}
    return {"workflow_run": run, "repository": {"id": 1}}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "preview.md").write_text("## Preview\none bucket is replaced")
    return tmp_path


def test_a_pull_request_gets_one_comment_and_keeps_it(repo: Repo, pages: Path) -> None:
    repo.pulls = [pull()]
    repo.comments = [{"id": n, "user": {"login": "ada"}, "body": "a word"} for n in range(150)]

    sticky.comment(repo.github, event(), pages)
    (pages / "preview.md").write_text("nothing changes")
    sticky.comment(repo.github, event(), pages)

    (ours,) = repo.comments[150:]
    assert ours["body"].startswith(sticky.COMMENT)
    assert "nothing changes" in ours["body"]


def test_somebody_elses_comment_with_our_mark_is_left_alone(repo: Repo, pages: Path) -> None:
    repo.pulls = [pull()]
    repo.comments = [{"id": 1, "user": {"login": "mallory"}, "body": f"{sticky.COMMENT} mine"}]

    sticky.comment(repo.github, event(), pages)

    assert repo.comments[0]["body"] == f"{sticky.COMMENT} mine"
    assert len(repo.comments) == 2


@pytest.mark.parametrize(
    "pulls",
    [[], [pull(sha="newer")], [pull(repository=3)], [pull(owner="mallory")], [pull(5), pull(6)]],
    ids=["closed", "pushed to since", "another repository's", "another owner's", "two of one branch"],
)
def test_a_run_that_is_of_no_single_open_pull_request_writes_nothing(repo: Repo, pages: Path, pulls: list[dict[str, Any]]) -> None:
    repo.pulls = pulls

    said = sticky.comment(repo.github, event(), pages)

    assert "nothing was written" in said
    assert repo.comments == []


def test_a_forks_word_on_the_real_stacks_is_not_taken(repo: Repo, pages: Path) -> None:
    repo.pulls = [pull(), {**pull(6), "branch": "other"}]
    (pages / "real-prod.md").write_text("nothing changes in prod")

    sticky.comment(repo.github, event(), pages)

    assert "prod" not in repo.comments[0]["body"]


def test_the_repositorys_own_branch_brings_what_its_previewer_saw(repo: Repo, pages: Path) -> None:
    repo.pulls = [pull(repository=1)]
    (pages / "real-prod.md").write_text("prod too")
    (pages / "real-dev.md").write_text("dev is as it was")

    sticky.comment(repo.github, event(repository=1), pages)

    body = repo.comments[0]["body"]
    assert body.index("one bucket") < body.index("dev is as it was") < body.index("prod too")


def test_however_much_there_is_the_comment_fits(repo: Repo, pages: Path) -> None:
    repo.pulls = [pull()]
    (pages / "preview.md").write_text("a line of text\n" * 20_000)

    sticky.comment(repo.github, event(), pages)

    body = repo.comments[0]["body"]
    assert len(body) <= sticky.MOST
    assert "cut here" in body
    assert RUN_URL in body


def test_a_page_pings_nobody_hides_nothing_and_links_its_pictures(tmp_path: Path) -> None:
    (tmp_path / "preview.md").write_bytes(b"@everybody mail ada@example.com <!-- x --> <!-- y ![Portal](preview-files/portal.png) \x00\xff")

    body = sticky.body(sticky.COMMENT, sticky.read(tmp_path, ("*.md",)), RUN_URL, "Of abc")

    assert "@everybody" not in body
    assert "ada@example.com" in body
    assert body.count("<!--") == 1
    assert "x -->" not in body
    assert f"[Portal: a picture in this run's artefacts]({RUN_URL}#artifacts)" in body
    assert "\x00" not in body


def test_a_link_in_the_artefact_leads_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a token")
    (tmp_path / "preview.md").symlink_to(secret)

    assert sticky.read(tmp_path, ("*.md",)) == []


def test_drift_opens_one_issue_says_the_newest_and_closes_it(repo: Repo, tmp_path: Path) -> None:
    page = tmp_path / "drift-dev.md"
    page.write_text("a bucket is gone")
    opened = sticky.issue(repo.github, tmp_path, RUN_URL, settled=False)
    page.write_text("two buckets are gone")
    sticky.issue(repo.github, tmp_path, RUN_URL, settled=False)

    (made,) = repo.issues
    assert "opened" in opened
    assert "two buckets" in made["body"]

    page.unlink()
    sticky.issue(repo.github, tmp_path, RUN_URL, settled=False)
    assert made.get("state", "open") == "open", "a stack that nobody could look at may drift still"
    sticky.issue(repo.github, tmp_path, RUN_URL, settled=True)
    assert made["state"] == "closed"


def test_what_github_refuses_is_said(repo: Repo, pages: Path) -> None:
    stranger = GitHub(repo.url, "team/repo", "another-token")

    with pytest.raises(CannotReport, match=r"GitHub refuses GET pulls.*401.*Bad credentials"):
        sticky.comment(stranger, event(), pages)
