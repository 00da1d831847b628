"""The service's client: a job from a folder of pictures to its prints, as the demo and the tests drive it, and a command line.

python -m services.upload.client upload FOLDER --url https://... --token "$TOKEN" --class-word cat
"""

import argparse
import mimetypes
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from jobs.job import TERMINAL, State, UploadState
from services.upload import wire
from services.upload.identifiers import crc32c

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
TIMEOUT_S, GENERATE_S, AT_ONCE = 60.0, 290.0, 4
Progress = Callable[[Path, int, int], None]


class Failed(Exception):
    """The service's answer to a request that it did not fulfil."""

    def __init__(self, problem: wire.Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem


class Client:
    """`token` answers an identity token that lets the caller through to `base_url`; it is asked before each request."""

    def __init__(self, base_url: str, token: Callable[[], str]) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._own = threading.local()

    def create(self, name: str, class_word: str, subject: str = "sks", key: str | None = None) -> wire.JobDetail:
        body = wire.NewJob(name=name, subject=subject, class_word=class_word)
        headers = {"Idempotency-Key": key or secrets.token_hex(16)}
        return wire.JobDetail.model_validate(self._json("POST", "/v1/jobs", body, headers=headers))

    def upload(self, job_id: str, pictures: Sequence[Path], progress: Progress | None = None) -> list[wire.Upload]:
        """Register and send, four at once. `progress` hears of each picture: its path, bytes sent, bytes in all.

        Raises Failed for the first picture that the service refuses, once the others are sent.
        """
        announced = wire.NewUploads(uploads=[_announce(path) for path in pictures])
        registered = wire.Uploads.model_validate(self._json("POST", f"/v1/jobs/{job_id}/uploads", announced)).uploads
        path_of = {(item.file_name, item.size): path for item, path in zip(announced.uploads, pictures, strict=True)}

        def send(upload: wire.Upload) -> wire.Upload:
            path = path_of[upload.file_name, upload.size]
            return self._send(upload, path, progress or (lambda *_: None))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = [pool.submit(send, upload) for upload in registered]
        return [each.result() for each in sent]

    def submit(self, job_id: str) -> wire.JobDetail:
        return wire.JobDetail.model_validate(self._json("POST", f"/v1/jobs/{job_id}/submit"))

    def cancel(self, job_id: str) -> wire.JobDetail:
        return wire.JobDetail.model_validate(self._json("POST", f"/v1/jobs/{job_id}/cancel"))

    def retry(self, job_id: str) -> wire.JobDetail:
        return wire.JobDetail.model_validate(self._json("POST", f"/v1/jobs/{job_id}/retry"))

    def job(self, job_id: str) -> wire.JobDetail:
        return wire.JobDetail.model_validate(self._json("GET", f"/v1/jobs/{job_id}"))

    def jobs(self) -> list[wire.Job]:
        return wire.JobList.model_validate(self._json("GET", "/v1/jobs", params={"limit": "50"})).jobs

    def watch(self, job_id: str, every_s: float = 1.0, timeout_s: float | None = None) -> Iterator[wire.JobDetail]:
        """The job each time that anything about it changed, to its end or to `ready`. Raises TimeoutError."""
        end = time.monotonic() + timeout_s if timeout_s else float("inf")
        etag = ""
        while time.monotonic() < end:
            answer = self._request("GET", f"/v1/jobs/{job_id}", headers={"If-None-Match": etag} if etag else {})
            if answer.status_code == 200:
                etag = answer.headers["ETag"]
                job = wire.JobDetail.model_validate(answer.json())
                yield job
                if job.state in TERMINAL | {State.READY}:
                    return
            time.sleep(every_s)
        raise TimeoutError(f"job {job_id} is not ready after {timeout_s} s")

    def generate(self, job_id: str, prompt: str, *, seed: int | None = None, count: int = 1, **options: Any) -> wire.Generation:
        """`options` are the other fields of wire.NewGeneration."""
        body = wire.NewGeneration(prompt=prompt, seed=seed, count=count, **options)
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        return wire.Generation.model_validate(
            self._json("POST", f"/v1/jobs/{job_id}/generations", body, headers=headers, timeout=GENERATE_S)
        )

    def download(self, picture: str) -> bytes:
        """A picture by the URL that an answer gave."""
        return self._request("GET", picture).content

    def _send(self, upload: wire.Upload, path: Path, progress: Progress) -> wire.Upload:
        progress(path, 0, upload.size)
        if upload.state is not UploadState.VERIFIED:
            upload = wire.Upload.model_validate(self._request("PUT", upload.url, data=path.read_bytes()).json())
        progress(path, upload.size, upload.size)
        return upload

    def _json(self, method: str, path: str, body: wire.Wire | None = None, **options: Any) -> Any:
        if body is not None:
            options["json"] = body.model_dump(mode="json", by_alias=True)
        return self._request(method, path, **options).json()

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Every request of this API may be repeated; those that failed on the way, or with 5xx or 429, are."""
        headers = {"Authorization": f"Bearer {self._token()}", "X-Requested-With": "XMLHttpRequest", **options.pop("headers", {})}
        options = {"timeout": TIMEOUT_S, **options, "headers": headers}
        for wait_s in (0.5, 1.0, 2.0):
            try:
                answer = self._session.request(method, self._base + path, **options)
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(wait_s)
                continue
            if answer.status_code < 500 and answer.status_code != 429:
                return _checked(answer)
            time.sleep(wait_s)
        return _checked(self._session.request(method, self._base + path, **options))

    @property
    def _session(self) -> requests.Session:
        """One a thread, since a session is not made to be shared."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        session: requests.Session = self._own.session
        return session


def pictures_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def _announce(path: Path) -> wire.NewUpload:
    data = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return wire.NewUpload(file_name=path.name, size=len(data), crc32c=crc32c(data), content_type=kind)


def _checked(answer: requests.Response) -> requests.Response:
    """Raises Failed for a problem of the service, requests.HTTPError for what stands in front of it."""
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        raise Failed(wire.Problem.model_validate(answer.json()))
    answer.raise_for_status()
    return answer


def _upload_folder(client: Client, folder: Path, class_word: str, subject: str, name: str) -> None:
    pictures = pictures_in(folder)
    job = client.create(name or folder.name, class_word, subject)
    client.upload(job.id, pictures, lambda path, sent, size: print(f"{path.name}  {sent}/{size}") if sent == size else None)
    client.submit(job.id)
    print(job.id)
    for now in client.watch(job.id):
        step = f"{now.progress.step}/{now.progress.total}" if now.progress.total else ""
        print(f"{now.state:<12} {step}")


def main(arguments: Iterable[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m services.upload.client", description="Send a folder of pictures and follow the job.")
    commands = parser.add_subparsers(dest="command", required=True)
    upload = commands.add_parser("upload", help="make a job of a folder's pictures, submit it, follow it")
    upload.add_argument("folder", type=Path)
    upload.add_argument("--url", required=True)
    upload.add_argument("--token", required=True, help="an identity token for the portal's audience")
    upload.add_argument("--class-word", default="thing", help="what kind of thing the pictures show")
    upload.add_argument("--subject", default="sks", help="the rare word that will stand for it")
    upload.add_argument("--name", default="")
    asked = parser.parse_args(list(arguments))
    _upload_folder(Client(asked.url, lambda: asked.token), asked.folder, asked.class_word, asked.subject, asked.name)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Failed, requests.RequestException) as error:
        sys.exit(str(error))
