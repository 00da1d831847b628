"""A container registry in memory, as strict as Artifact Registry: digests are checked, uploads come in one piece, nothing may dangle."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Registry:
    """`repositories`: the paths that exist. `log`: each call's verb and path."""

    def __init__(self, *repositories: str) -> None:
        self.repositories = repositories
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.manifests: dict[tuple[str, str], tuple[str, bytes]] = {}
        self.log: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"registry": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def push(self, repository: str, *layers: bytes) -> str:
        """An image of these layers; answers its manifest's digest."""
        config = json.dumps({"layers": len(layers)}).encode()
        for content in (config, *layers):
            self.blobs[repository, digest_of(content)] = content
        entries = [{"digest": digest_of(content), "size": len(content)} for content in (config, *layers)]
        return self._keep(repository, MANIFEST, {"schemaVersion": 2, "config": entries[0], "layers": entries[1:]})

    def push_index(self, repository: str, *digests: str) -> str:
        return self._keep(repository, INDEX, {"schemaVersion": 2, "manifests": [{"digest": digest} for digest in digests]})

    def _keep(self, repository: str, kind: str, document: Mapping[str, Any]) -> str:
        content = json.dumps(document).encode()
        self.manifests[repository, digest_of(content)] = (kind, content)
        return digest_of(content)


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        url = urlsplit(self.path)
        self.registry.log.append(f"{self.command} {url.path}")
        if "Transfer-Encoding" in self.headers:
            return self._answer(411, b"length required")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = re.fullmatch(r"/v2/(.+?)/(manifests|blobs)/(uploads/)?([\w:-]*)", url.path)
        if not found or not found[1].startswith(self.registry.repositories):
            return self._answer(404, b'{"errors": [{"code": "NAME_UNKNOWN"}]}')
        repository, what, upload, name = found.groups()
        if self.command in ("GET", "HEAD"):
            return self._get(repository, what, name)
        if self.command == "POST" and upload:
            return self._answer(202, Location=f"/v2/{repository}/blobs/uploads/one?state=x")
        if upload:
            return self._put_blob(repository, parse_qs(url.query)["digest"][0], body)
        return self._put_manifest(repository, name, body)

    def _get(self, repository: str, what: str, name: str) -> None:
        blobs = {key: ("application/octet-stream", content) for key, content in self.registry.blobs.items()}
        found = (self.registry.manifests if what == "manifests" else blobs).get((repository, name))
        if found:
            self._answer(200, found[1], **{"Content-Type": found[0]})
        else:
            self._answer(404)

    def _put_blob(self, repository: str, digest: str, body: bytes) -> None:
        if digest_of(body) != digest:
            return self._answer(400, b"DIGEST_INVALID")
        self.registry.blobs[repository, digest] = body
        return self._answer(201)

    def _put_manifest(self, repository: str, name: str, body: bytes) -> None:
        document = json.loads(body)
        children = [(repository, entry["digest"]) for entry in document.get("manifests", [])]
        contents = [*document.get("layers", []), *([document["config"]] if "config" in document else [])]
        blobs = [(repository, entry["digest"]) for entry in contents]
        if not set(children) <= set(self.registry.manifests) or not set(blobs) <= set(self.registry.blobs):
            return self._answer(400, b"MANIFEST_BLOB_UNKNOWN")
        kept = (self.headers["Content-Type"], body)
        self.registry.manifests[repository, name] = self.registry.manifests[repository, digest_of(body)] = kept
        return self._answer(201)

    def _answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
