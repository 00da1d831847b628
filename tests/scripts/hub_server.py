"""The hub as its library's client knows it: the model's page as JSON, files by redirect from hashes, ranges, and what goes wrong."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_reader"
LARGE = (".safetensors", ".bin", ".ckpt")


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Repository:
    files: dict[str, bytes]
    card: dict[str, Any] = field(default_factory=dict)
    gated: bool = False

    @property
    def commit(self) -> str:
        listing = "".join(f"{name} {sha256(content)}\n" for name, content in sorted(self.files.items()))
        return hashlib.sha1(listing.encode()).hexdigest()

    def sibling(self, name: str) -> dict[str, Any]:
        content = self.files[name]
        known = {"rfilename": name, "size": len(content), "blobId": blob_id(content)}
        if not name.endswith(LARGE):
            return known
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(content)}\nsize {len(content)}\n".encode()
        lfs = {"sha256": sha256(content), "size": len(content), "pointerSize": len(pointer)}
        return known | {"blobId": blob_id(pointer), "lfs": lfs}


class HubServer:
    """Large files are redirected to a second address, as the hub's are. `log` has each request's verb, path and range."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.log: list[tuple[str, str, str]] = []
        self.told_to_strangers: list[str] = []
        self.corrupt: set[str] = set()
        """names whose content arrives with one bit changed"""
        self.gone: set[str] = set()
        """names that are listed and not served"""
        self.cut: dict[str, int] = {}
        """bytes after which the connection breaks, once"""
        self.stall: dict[str, int] = {}
        """bytes after which nothing more comes, once"""
        self.stalled, self._go_on = threading.Event(), threading.Event()
        self._servers = [ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (kind,), {"hub": self})) for kind in (_Hub, _Store)]
        self._threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in self._servers]
        for thread in self._threads:
            thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._servers[0].server_port}"

    @property
    def store(self) -> str:
        return f"http://127.0.0.1:{self._servers[1].server_port}"

    def stop(self) -> None:
        self._go_on.set()
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()

    def fetched(self, name: str) -> list[str]:
        """The ranges of each GET of a large file's content."""
        return [ranged for verb, path, ranged in self.log if verb == "GET" and path.startswith("/repos/") and path.endswith(f"/{name}")]

    def wait_for_end(self) -> None:
        self._go_on.wait(30)


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.hub.log.append((self.command, unquote(urlsplit(self.path).path), self.headers.get("Range", "")))
        self.serve(unquote(urlsplit(self.path).path))

    def serve(self, path: str) -> None:
        raise NotImplementedError

    def refuse(self, status: int, code: str = "", message: str = "") -> None:
        told = {"X-Error-Code": code, "X-Error-Message": message}
        self.answer(status, json.dumps({"error": message}).encode(), **{name: value for name, value in told.items() if value})

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_file(self, name: str, content: bytes, **headers: str) -> None:
        if name in self.hub.corrupt:
            content = content[:-1] + bytes([content[-1] ^ 1])
        ranged = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(ranged[1]) if ranged else 0
        rest = content[start:]
        self.send_response(206 if ranged else 200)
        if ranged:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        for key, value in {**headers, "Content-Length": str(len(rest))}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        cut, stall = self.hub.cut.pop(name, None), self.hub.stall.pop(name, None)
        self.wfile.write(rest[: cut or stall])
        self.wfile.flush()
        if stall:
            self.hub.stalled.set()
            self.hub.wait_for_end()
        if cut or stall:
            self.close_connection = True
            with contextlib.suppress(OSError):  # the client may have gone before
                self.connection.shutdown(socket.SHUT_RDWR)


class _Hub(_Handler):
    def serve(self, path: str) -> None:
        page = re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path)
        file = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        found = page or file
        repository = self.hub.repositories.get(found[1]) if found else None
        if not found or not repository:
            return self._hide()
        if found[2] not in (None, "main", repository.commit):
            return self.refuse(404, "RevisionNotFound", f"Invalid rev id: {found[2]}")
        if page:
            return self._page(page[1], repository)
        return self._file(repository, found[3])

    def _hide(self) -> None:
        """A stranger is not told whether there is such a model."""
        if "Authorization" in self.headers:
            return self.refuse(404, "RepoNotFound", "Repository not found")
        return self.refuse(401, message="Invalid username or password.")

    def _page(self, name: str, repository: Repository) -> None:
        told = {
            "id": name,
            "sha": repository.commit,
            "gated": "auto" if repository.gated else False,
            "cardData": repository.card,
            "siblings": [repository.sibling(file) for file in sorted(repository.files)],
        }
        self.answer(200, json.dumps(told).encode(), Content_Type="application/json")

    def _file(self, repository: Repository, name: str) -> None:
        if repository.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401, "GatedRepo", "Access to this model is restricted.")
        if name not in repository.files or name in self.hub.gone:
            return self.refuse(404, "EntryNotFound", "Entry not found")
        content, headers = repository.files[name], {"X_Repo_Commit": repository.commit, "Accept_Ranges": "bytes"}
        if not name.endswith(LARGE):
            return self.send_file(name, content, **headers, ETag=f'"{blob_id(content)}"')
        linked = {"X_Linked_Etag": f'"{sha256(content)}"', "X_Linked_Size": str(len(content)), "ETag": f'"{sha256(content)}"'}
        return self.answer(302, **headers, **linked, Location=f"{self.hub.store}/repos/{sha256(content)}/{name}")


class _Store(_Handler):
    """Where the large files lie: known by their hash, and by whoever was sent here."""

    def serve(self, path: str) -> None:
        if "Authorization" in self.headers:
            self.hub.told_to_strangers.append(path)
        _, _, hashed, name = path.split("/", 3)
        content = next(
            content for repository in self.hub.repositories.values() for content in repository.files.values() if sha256(content) == hashed
        )
        self.send_file(name, content, ETag=f'"{hashed}"', Accept_Ranges="bytes")
