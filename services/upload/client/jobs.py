"""Jobs and their pictures."""

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests

from jobs.methods import Method
from jobs.presets import PresetId
from services.upload import wire
from services.upload.client import sending
from services.upload.client.calls import Calls, model
from services.upload.client.paging import pages
from services.upload.client.sending import Progress
from services.upload.client.watching import Watch

_PAGE = 50


class Jobs:
    """What was read of a job is kept with its version: it is told by If-None-Match, and named by If-Match where the job is changed."""

    _calls: Calls
    _seen: dict[str, tuple[str, wire.JobDetail]]

    def create(
        self,
        name: str,
        class_word: str,
        subject: str = "sks",
        key: str | None = None,
        *,
        method: str = "dreambooth",
        preset: str = "standard",
        consent: bool = True,
    ) -> wire.JobDetail:
        """Whoever calls this says that they may use the pictures, unless `consent` leaves that to be said by `change`."""
        body = wire.NewJob(
            name=name, subject=subject, class_word=class_word, method=Method(method), preset=PresetId(preset), consent=consent
        )
        return self._job("POST", "/v1/jobs", body, headers=with_key(key))

    def jobs(self) -> list[wire.Job]:
        """All of the caller's, newest first."""
        return [job for page in pages(self._calls, wire.JobList, "/v1/jobs", _PAGE) for job in page.jobs]

    def job(self, job_id: str) -> wire.JobDetail:
        etag, job = self._seen.get(job_id, ("", None))
        answer = self._calls.send("GET", f"/v1/jobs/{job_id}", headers={"If-None-Match": etag} if job else {})
        return job if job and answer.status_code == 304 else self._kept(answer)

    def change(self, job_id: str, **fields: Any) -> wire.JobDetail:
        """`fields` are those of wire.JobChange. Raises Failed with VERSION_STALE if the job has changed since it was last read here."""
        if job_id not in self._seen:
            self.job(job_id)
        return self._job("PATCH", f"/v1/jobs/{job_id}", wire.JobChange(**fields), headers={"If-Match": self._seen[job_id][0]})

    def delete(self, job_id: str) -> wire.Receipt:
        """The job and everything that came of it."""
        return self._calls.read(wire.Receipt, "DELETE", f"/v1/jobs/{job_id}")

    def estimate(self, job_id: str) -> wire.Estimate:
        return self._calls.read(wire.Estimate, "POST", f"/v1/jobs/{job_id}/estimate")

    def submit(self, job_id: str) -> wire.JobDetail:
        return self._job("POST", f"/v1/jobs/{job_id}/submit")

    def finish(self, job_id: str) -> wire.JobDetail:
        """Stop training and keep what is learnt by then."""
        return self._job("POST", f"/v1/jobs/{job_id}/finish")

    def cancel(self, job_id: str) -> wire.JobDetail:
        return self._job("POST", f"/v1/jobs/{job_id}/cancel")

    def retry(self, job_id: str) -> wire.JobDetail:
        return self._job("POST", f"/v1/jobs/{job_id}/retry")

    def watch(self, job_id: str, every_s: float = 1.0, timeout_s: float | None = None) -> Iterator[wire.JobDetail]:
        """The job each time that anything about it changed, to its end or to `ready`; where there is no stream of it, it is asked each
        `every_s`. Raises TimeoutError."""
        return iter(Watch(self._calls, job_id, lambda: self.job(job_id), every_s, timeout_s))

    def register(self, job_id: str, announced: Sequence[wire.NewUpload]) -> list[wire.Upload]:
        return sending.register(self._calls, job_id, announced)

    def upload(self, job_id: str, pictures: Sequence[Path], progress: Progress | None = None) -> list[wire.Upload]:
        """Announce and send, four at once; what is there already is not sent again. `progress` hears of each picture, from several threads:
        its path, bytes sent, bytes in all. Raises sending.PicturesRefused once all that can be used is there."""
        return sending.send_all(self._calls, job_id, pictures, progress or (lambda *_: None))

    def submit_form(
        self, name: str, class_word: str, pictures: Sequence[Path], subject: str = "sks", key: str | None = None
    ) -> wire.Accepted:
        """A whole job in one request, which is taken whole or not at all."""
        fields = {"name": name, "classWord": class_word, "subject": subject}
        files = [("images", (path.name, path.read_bytes())) for path in pictures]
        answer = self._calls.send("POST", "/upload", data=lambda: fields, files=files, headers=with_key(key))
        return model(wire.Accepted, answer)

    def picture(self, job_id: str, upload_id: str) -> wire.Upload:
        return self._calls.read(wire.Upload, "GET", f"/v1/jobs/{job_id}/uploads/{upload_id}")

    def describe(self, job_id: str, upload_id: str, caption: str) -> wire.Upload:
        return self._calls.read(wire.Upload, "PATCH", f"/v1/jobs/{job_id}/uploads/{upload_id}", wire.UploadChange(caption=caption))

    def remove(self, job_id: str, upload_id: str) -> None:
        self._calls.send("DELETE", f"/v1/jobs/{job_id}/uploads/{upload_id}")

    def _job(self, method: str, path: str, body: wire.Wire | None = None, **options: Any) -> wire.JobDetail:
        return self._kept(self._calls.send(method, path, body, **options))

    def _kept(self, answer: requests.Response) -> wire.JobDetail:
        job = model(wire.JobDetail, answer)
        self._seen[job.id] = (answer.headers.get("ETag", ""), job)
        return job


def with_key(key: str | None) -> dict[str, str]:
    """One for all tries of a request."""
    return {"Idempotency-Key": key or secrets.token_hex(16)}
